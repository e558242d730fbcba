using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Links;

/// <summary>A link's money is with its sender again.</summary>
[StoredAs("link-returned")]
public sealed record LinkReturned(LinkId LinkId, Yen Amount, DateTimeOffset At);

/// <summary>Why nothing went back; the names are the contract's codes.</summary>
public enum ReturnLinkRefusal
{
    None = 0,

    /// <summary>None of the member's links has this number.</summary>
    NotFound = 1,
    KeyReused = 2,

    /// <summary>Somebody has claimed it.</summary>
    CodeUsed = 3,

    /// <summary>It is back already.</summary>
    Lapsed = 4,
}

/// <summary>
/// A link's money goes back to where it came from, once: because its sender takes it back, frozen or not, or because its time is over. It
/// always finds room, which was kept for it; what it used of its own day's cap is free again.
/// </summary>
public sealed class ReturnLink(Database db, GeneralLedger ledger, MoneyLinks links, TimeProvider clock)
{
    internal const string JobName = "links";
    const string ReturnedUntil = "links-returned-until-ms";
    const int Bite = 200;

    /// <summary>The sender takes it back.</summary>
    public async Task<Answer<LinkReturned, ReturnLinkRefusal>> Withdraw(
        MemberId sender, LinkId id, IReadOnlyList<IdempotencyKey> keys, CancellationToken ct = default)
    {
        if (await links.Of(sender, id, ct) is not { } link) return ReturnLinkRefusal.NotFound;
        return await Post(link.Row, LinkState.Withdrawn, Initiator.Member(sender), keys, ct);
    }

    /// <summary>Gives back what nobody claimed in time. Run now and then; half and then whole it ends in the same state.</summary>
    public async Task Run(CancellationToken ct = default)
    {
        // No link ends before one day after it was made, so none is found late in a stretch of time that was looked through.
        var until = clock.GetUtcNow().ToUnixTimeMilliseconds();
        while (true)
        {
            IReadOnlyList<MoneyLink> overdue;
            await using (var connection = await db.Connect(ct))
            {
                var from = await Setting.Read(connection, ReturnedUntil) is { } text
                    ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0;
                overdue = await MoneyLinks.Overdue(connection, from, until, Bite);
            }
            foreach (var link in overdue)
                await Post(link.Row, LinkState.Lapsed, Initiator.Job(JobName), [], ct);
            if (overdue.Count < Bite)
                break;
        }
        await db.Transact(tx => Setting.Write(tx, ReturnedUntil, FormattableString.Invariant($"{until}")), ct);
    }

    async Task<Answer<LinkReturned, ReturnLinkRefusal>> Post(
        LinkRow row, LinkState why, Initiator by, IReadOnlyList<IdempotencyKey> keys, CancellationToken ct)
    {
        var now = clock.Now();
        return await ledger.Post(new ReturnDraft(row, why, by, keys, Id.New<EntryId>(now, row.Sender), now), ct);
    }

    /// <summary>The decision: checks in the order of the refusals, then a line, then what is posted.</summary>
    internal static Decision<LinkReturned, ReturnLinkRefusal> Decide(
        LinkRow row, LinkState why, Initiator by, AccountState state, EntryId id, DateTimeOffset now)
    {
        if (state.Happened(ClaimLink.Ended(row.EntryId, LinkState.Claimed))) return ReturnLinkRefusal.CodeUsed;
        if (state.Happened(ClaimLink.Ended(row.EntryId))) return ReturnLinkRefusal.Lapsed;

        // From here nothing may fail.
        return new Decision<LinkReturned, ReturnLinkRefusal>(new LinkReturned(row.EntryId, row.AmountYen, now))
        {
            Entry = new Entry(id, EntryKind.LinkReturn, now, by,
                [Leg.Of(row.EntryId, AccountType.LinkHeld, -row.AmountYen), Leg.Of(row.Sender, AccountType.Money, row.AmountYen)])
            { Corrects = row.EntryId },
            Uses =
            [
                LimitUse.OnTheWay(row.Sender, -row.AmountYen.Value),
                new LimitUse(row.Sender, LimitKind.Transfer, -row.AmountYen.Value, JapanDay.Of(row.At)),
            ],
            SingleUses = [ClaimLink.Ended(row.EntryId), ClaimLink.Ended(row.EntryId, why)],
            Details =
            [
                LinkReturnRow.Table.Row(new LinkReturnRow(id, row.EntryId, row.AmountYen, now.ToUnixTimeMilliseconds(), (short)why)),
            ],
            Topics = [Topics.OfMember(row.Sender)],
        };
    }

    sealed class ReturnDraft(
        LinkRow row, LinkState why, Initiator by, IReadOnlyList<IdempotencyKey> keys, EntryId id, DateTimeOffset now)
        : Draft<LinkReturned, ReturnLinkRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [row.Sender, row.EntryId];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys => keys;
        public override IReadOnlyList<SingleUse> SingleUses { get; } =
            [ClaimLink.Ended(row.EntryId), ClaimLink.Ended(row.EntryId, LinkState.Claimed)];
        public override bool IsPatient => why == LinkState.Lapsed;
        public override JsonTypeInfo<LinkReturned> Json => LinksJson.Default.LinkReturned;
        public override ReturnLinkRefusal Reused(IdempotencyKey key) => ReturnLinkRefusal.KeyReused;

        public override Decision<LinkReturned, ReturnLinkRefusal> Decide(AccountState state) =>
            ReturnLink.Decide(row, why, by, state, id, now);
    }
}
