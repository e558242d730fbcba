using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Links;

/// <summary>Money sent by link, to whoever opens it first.</summary>
public static class LinksModule
{
    const string Sealed = "sealed with its entry in the books, and names no person: as long as the books are kept";

    static readonly AccountType s_held = new(46, "LinkHeld", Unit.Yen) { IsGuarded = true, Claim = Claim.OnItsWay };
    static readonly EntryKind s_link = new(56, "Link", LinkId.Prefix, "send");
    static readonly EntryKind s_claim = new(57, "LinkClaim", EntryId.Prefix, "send");
    static readonly EntryKind s_return = new(58, "LinkReturn", EntryId.Prefix, "refund");
    static readonly SingleUseKind s_ended = new(45, "LinkEnded", "the end of {0}", LinkId.Prefix);

    extension(AccountType)
    {
        /// <summary>What lies aside under a link: its sender's no more, and nobody's yet. The owner is the link.</summary>
        public static AccountType LinkHeld => s_held;
    }

    extension(EntryKind)
    {
        /// <summary>Money left its sender for a link.</summary>
        public static EntryKind Link => s_link;

        /// <summary>Somebody claimed a link.</summary>
        public static EntryKind LinkClaim => s_claim;

        /// <summary>A link's money went back; it names the entry that set it aside.</summary>
        public static EntryKind LinkReturn => s_return;
    }

    extension(SingleUseKind)
    {
        /// <summary>A link was claimed, or its money went back. Subject: the link; number: 0, and once more which of them.</summary>
        public static SingleUseKind LinkEnded => s_ended;
    }

    /// <summary>Somebody may still claim it, or it comes back.</summary>
    public static LeavingObstacle LinkOpen { get; } = new("link_open", "/send/links",
        async (connection, tx, member, _) => await connection.ExecuteScalarAsync<long>(
            $"""
            select count(*)
            from money_link l
            where l.sender = @member and not exists (
                select 1 from single_use u where u.subject = l.entry_id and u.kind = {s_ended.Number} and u.number = 0
            )
            """, new { member }, tx) > 0);

    public static Module Module { get; } = new("Links")
    {
        Declares =
        [
            Schema.Of(typeof(LinksModule)),
            IdPrefix.Of<LinkId>(),
            s_held, s_link, s_claim, s_return, s_ended,
            PersonalTable.Exported("money_link", "links", "sender = @member order by entry_id desc")
                .Id<LinkId>("entry_id", "linkId").Number("amount_yen").Text("note").Moment("at_ms").Moment("until_ms")
                .Without("sender", "token_hash", "token_kept")
                .Kept(Sealed + "; what the sender wrote was sent to whoever claimed it, and is theirs"),
            PersonalTable.Exported("link_claim", "linkClaims", "receiver = @member order by entry_id desc")
                .Id<EntryId>("entry_id", "claimId").Number("amount_yen").Text("note").Moment("at_ms").Without("link", "receiver")
                .Kept(Sealed),
            LinkOpen,
            new ClaimHolder(s_held, "select entry_id as owner, sender as holder from money_link"),
            LinkChecks.MayComeBack,
            .. LinkChecks.All, .. LinkChecks.DetailChecks,
            Job.Of<ReturnLink>(ReturnLink.JobName, "what nobody claimed goes back to its sender", TimeSpan.FromMinutes(10),
                TimeSpan.FromMinutes(30), (back, ct) => back.Run(ct)),
        ],
        Services = services => services
            .AddSingleton<MoneyLinks>()
            .AddSingleton<CreateLink>()
            .AddSingleton<ClaimLink>()
            .AddSingleton<ReturnLink>(),
    };
}
