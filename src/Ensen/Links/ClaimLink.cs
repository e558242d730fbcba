using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Links;

/// <summary>Somebody who has a link's token takes its money.</summary>
public sealed record ClaimLinkRequest(Payer Receiver, string Token, IReadOnlyList<IdempotencyKey> IdempotencyKeys);

/// <summary>A link that was claimed; <paramref name="Balance"/> is the receiver's afterwards.</summary>
[StoredAs("link-claimed")]
public sealed record LinkClaimed(EntryId ClaimId, Yen Amount, Yen Balance, DateTimeOffset At);

/// <summary>Why nothing was claimed; the names are the contract's codes.</summary>
public enum ClaimLinkRefusal
{
    None = 0,

    /// <summary>There is no such link, or whoever asks has left.</summary>
    NotFound = 1,
    KeyReused = 2,

    /// <summary>The sender's own link: that is taken back, not claimed.</summary>
    InvalidRequest = 3,

    /// <summary>Somebody has it.</summary>
    CodeUsed = 4,

    /// <summary>Its time is over, or its sender took it back.</summary>
    Lapsed = 5,
    NotVerified = 6,

    /// <summary>The receiver's wallet is frozen, or the sender's: who froze a wallet wants nothing of it to go.</summary>
    Frozen = 7,
    OverLimit = 8,
}

/// <summary>Money that lies aside under a link becomes the receiver's: once, whoever is first.</summary>
public sealed class ClaimLink(Database db, GeneralLedger ledger, MoneyLinks links, Programme programme, TimeProvider clock)
{
    public async Task<Answer<LinkClaimed, ClaimLinkRefusal>> Run(ClaimLinkRequest request, CancellationToken ct = default)
    {
        if (await links.ByToken(request.Token, ct) is not { } link) return ClaimLinkRefusal.NotFound;
        var now = clock.Now();
        return await ledger.Post(new ClaimDraft(request, link.Row, Id.New<EntryId>(now, request.Receiver.MemberId), now, programme), ct);
    }

    /// <summary>What became of the claim that was asked for with this key; null while nothing is known of it.</summary>
    public Task<Answer<LinkClaimed, ClaimLinkRefusal>?> FindOutcome(Guid caller, string key, CancellationToken ct = default) =>
        StoredAnswer.FindOutcome<LinkClaimed, ClaimLinkRefusal>(db, caller, key, LinksJson.Default.LinkClaimed, ct);

    /// <summary>The decision: checks in the order of the refusals, then a line, then what is posted.</summary>
    internal static Decision<LinkClaimed, ClaimLinkRefusal> Decide(
        Payer payer, LinkRow row, AccountState state, EntryId id, DateTimeOffset now, Programme programme)
    {
        var (receiver, sender) = (state.Of(payer.MemberId), state.Of(row.Sender));

        if (receiver.HasLeft) return ClaimLinkRefusal.NotFound;
        if (payer.MemberId == row.Sender) return ClaimLinkRefusal.InvalidRequest;
        if (state.Happened(Ended(row.EntryId, LinkState.Claimed))) return ClaimLinkRefusal.CodeUsed;
        if (state.Happened(Ended(row.EntryId)) || now >= row.Until) return ClaimLinkRefusal.Lapsed;
        if (!payer.Verified) return ClaimLinkRefusal.NotVerified;
        if (receiver.IsFrozen || sender.IsFrozen) return ClaimLinkRefusal.Frozen;
        if (receiver.Total(Unit.Yen) + receiver.Arriving + row.AmountYen.Value > payer.BalanceCap(programme))
            return ClaimLinkRefusal.OverLimit;

        // From here nothing may fail.
        return new Decision<LinkClaimed, ClaimLinkRefusal>(
            new LinkClaimed(id, row.AmountYen, new Yen(receiver.Total(Unit.Yen)) + row.AmountYen, now))
        {
            Entry = new Entry(id, EntryKind.LinkClaim, now, Initiator.Member(payer.MemberId),
            [
                Leg.Of(row.EntryId, AccountType.LinkHeld, -row.AmountYen),
                Leg.Of(payer.MemberId, AccountType.Money, row.AmountYen),
            ]),
            Uses = [LimitUse.OnTheWay(row.Sender, -row.AmountYen.Value)],
            SingleUses = [Ended(row.EntryId), Ended(row.EntryId, LinkState.Claimed)],
            Details =
            [
                LinkClaimRow.Table.Row(new LinkClaimRow(
                    id, row.EntryId, payer.MemberId, row.AmountYen, now.ToUnixTimeMilliseconds(), row.Note)),
            ],
            Topics = [Topics.OfMember(row.Sender), Topics.OfMember(payer.MemberId)],
        };
    }

    /// <summary>The end of a link, whatever it was; and what it was, so that whoever is late learns that.</summary>
    internal static SingleUse Ended(LinkId link, LinkState how = 0) => new(SingleUseKind.LinkEnded, link, (int)how);

    sealed class ClaimDraft(ClaimLinkRequest request, LinkRow row, EntryId id, DateTimeOffset now, Programme programme)
        : Draft<LinkClaimed, ClaimLinkRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } =
            [.. new[] { request.Receiver.MemberId.Value, row.Sender, row.EntryId }.Distinct()];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys => request.IdempotencyKeys;
        public override IReadOnlyList<SingleUse> SingleUses { get; } = [Ended(row.EntryId), Ended(row.EntryId, LinkState.Claimed)];
        public override JsonTypeInfo<LinkClaimed> Json => LinksJson.Default.LinkClaimed;
        public override ClaimLinkRefusal Reused(IdempotencyKey key) => ClaimLinkRefusal.KeyReused;

        public override Decision<LinkClaimed, ClaimLinkRefusal> Decide(AccountState state) =>
            ClaimLink.Decide(request.Receiver, row, state, id, now, programme);
    }
}
