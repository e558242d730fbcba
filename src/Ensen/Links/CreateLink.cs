using System.Text;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Links;

/// <summary>Money that a member gives to whoever opens a link.</summary>
public sealed record CreateLinkRequest(Payer Sender, Yen Amount, string? Note, IReadOnlyList<IdempotencyKey> IdempotencyKeys);

/// <summary>
/// A link that was made; its token is read with <see cref="MoneyLinks"/>. <paramref name="Balance"/> is the sender's then.
/// </summary>
[StoredAs("link-created")]
public sealed record LinkCreated(LinkId LinkId, Yen Amount, Yen Balance, DateTimeOffset At, DateTimeOffset Until);

/// <summary>Why there is no link; the names are the contract's codes.</summary>
public enum CreateLinkRefusal
{
    None = 0,
    InvalidAmount = 1,

    /// <summary>A note that cannot be kept.</summary>
    InvalidRequest = 2,
    KeyReused = 3,
    NotFound = 4,
    NotVerified = 5,
    Frozen = 6,
    OverLimit = 7,
    InsufficientBalance = 8,
}

/// <summary>
/// A member sends money without naming anybody: it leaves the member's money at once and lies aside under the link, until somebody claims
/// it or it goes back. Money only, as with transfers, and under their caps; room is kept for it to come back.
/// </summary>
public sealed class CreateLink(
    Database db, GeneralLedger ledger, ISecretProtection protection, Programme programme, TimeProvider clock)
{
    public const int LongestNote = 100;

    public async Task<Answer<LinkCreated, CreateLinkRefusal>> Run(CreateLinkRequest request, CancellationToken ct = default)
    {
        if (!Movement.IsAmount(request.Amount.Value)) return CreateLinkRefusal.InvalidAmount;
        if (!NoteText.IsFine(request.Note, LongestNote)) return CreateLinkRefusal.InvalidRequest;
        var now = clock.Now();
        var token = LinkToken.New();
        var row = new LinkRow(
            Id.New<LinkId>(now, request.Sender.MemberId), request.Sender.MemberId, request.Amount, now.ToUnixTimeMilliseconds(),
            now.AddDays(programme.Transfers.LinkDays).ToUnixTimeMilliseconds(), request.Note, LinkToken.HashOf(token),
            Convert.ToBase64String(protection.Protect(Encoding.UTF8.GetBytes(token), SecretUse.Link)));
        return await ledger.Post(new LinkDraft(request, row, now, programme), ct);
    }

    /// <summary>What became of the link that was asked for with this key; null while nothing is known of it.</summary>
    public Task<Answer<LinkCreated, CreateLinkRefusal>?> FindOutcome(Guid caller, string key, CancellationToken ct = default) =>
        StoredAnswer.FindOutcome<LinkCreated, CreateLinkRefusal>(db, caller, key, LinksJson.Default.LinkCreated, ct);

    /// <summary>The decision: checks in the order of the refusals, then a line, then what is posted.</summary>
    internal static Decision<LinkCreated, CreateLinkRefusal> Decide(
        Payer payer, LinkRow row, AccountState state, DateTimeOffset now, Programme programme)
    {
        var (sender, today) = (state.Of(row.Sender), JapanDay.Of(now));

        if (sender.HasLeft) return CreateLinkRefusal.NotFound;
        if (!payer.Verified) return CreateLinkRefusal.NotVerified;
        if (sender.IsFrozen) return CreateLinkRefusal.Frozen;
        var left = sender.SpendingLimit(LimitKind.Transfer).Left(payer.TransferCaps(programme), today);
        if (!Outgoing.Left(sender, left, today, programme).Allows(row.AmountYen.Value)) return CreateLinkRefusal.OverLimit;
        if (sender.Balance(AccountType.Money) < row.AmountYen.Value) return CreateLinkRefusal.InsufficientBalance;

        // From here nothing may fail.
        return new Decision<LinkCreated, CreateLinkRefusal>(
            new LinkCreated(row.EntryId, row.AmountYen, new Yen(sender.Total(Unit.Yen)) - row.AmountYen, now, row.Until))
        {
            Entry = new Entry(row.EntryId, EntryKind.Link, now, Initiator.Member(row.Sender),
                [Leg.Of(row.Sender, AccountType.Money, -row.AmountYen), Leg.Of(row.EntryId, AccountType.LinkHeld, row.AmountYen)]),
            Uses =
            [
                new LimitUse(row.Sender, LimitKind.Transfer, row.AmountYen.Value, today),
                LimitUse.OnTheWay(row.Sender, row.AmountYen.Value),
            ],
            Details = [LinkRow.Table.Row(row)],
            Topics = [Topics.OfMember(row.Sender)],
        };
    }

    sealed class LinkDraft(CreateLinkRequest request, LinkRow row, DateTimeOffset now, Programme programme)
        : Draft<LinkCreated, CreateLinkRefusal>
    {
        public override Guid Id => row.EntryId;
        public override IReadOnlyList<Guid> Owners { get; } = [row.Sender, row.EntryId];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys => request.IdempotencyKeys;
        public override JsonTypeInfo<LinkCreated> Json => LinksJson.Default.LinkCreated;
        public override CreateLinkRefusal Reused(IdempotencyKey key) => CreateLinkRefusal.KeyReused;

        public override Decision<LinkCreated, CreateLinkRefusal> Decide(AccountState state) =>
            CreateLink.Decide(request.Sender, row, state, now, programme);
    }
}

[JsonSerializable(typeof(LinkCreated))]
[JsonSerializable(typeof(LinkClaimed))]
[JsonSerializable(typeof(LinkReturned))]
sealed partial class LinksJson : JsonSerializerContext;
