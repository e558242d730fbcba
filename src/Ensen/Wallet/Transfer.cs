using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>Money from one member to another; <paramref name="From"/> and <paramref name="To"/> as they are known when asked.</summary>
public sealed record TransferRequest(Payer From, Payer To, Yen Amount, string? Note, Initiator Initiator,
    IReadOnlyList<IdempotencyKey> IdempotencyKeys);

/// <summary>A transfer that was made; <paramref name="Balance"/> is the sender's, money and prepaid, afterwards.</summary>
[StoredAs("transferred")]
public sealed record Transferred(TransferId TransferId, Yen Amount, Yen Balance, DateTimeOffset At);

/// <summary>Why a transfer was not made; the names are the contract's codes.</summary>
public enum TransferRefusal
{
    None = 0,
    InvalidAmount = 1,
    InvalidRequest = 2,
    NotFound = 3,
    KeyReused = 4,
    NotVerified = 5,
    Frozen = 6,
    OverLimit = 7,
    InsufficientBalance = 8,
    TooManyRequests = 9,
}

/// <summary>A transfer as it is kept.</summary>
public sealed record TransferRow(TransferId EntryId, MemberId FromMember, MemberId ToMember, long AtMs, Yen AmountYen, string? Note)
{
    public static DetailTable<TransferRow> Table { get; } = new DetailTable<TransferRow>("transfer")
        .Uuid("entry_id", t => t.EntryId)
        .Uuid("from_member", t => t.FromMember)
        .Uuid("to_member", t => t.ToMember)
        .Bigint("at_ms", t => t.AtMs)
        .Yen("amount_yen", t => t.AmountYen)
        .Text("note", t => t.Note);
}

/// <summary>A member sends money to a member: money only (prepaid value can only be spent), both verified, free of charge.</summary>
public sealed class Transfer(Database db, GeneralLedger ledger, Programme programme, TimeProvider clock)
{
    const int LongestNote = 100;

    /// <summary>
    /// So many transfers of a sender's may fail on one day because somebody has no room for them; after that none is tried until the next
    /// day.
    /// </summary>
    const int MostWithoutRoom = 5;

    public async Task<Answer<Transferred, TransferRefusal>> Run(TransferRequest request, CancellationToken ct = default)
    {
        if (!Movement.IsAmount(request.Amount.Value)) return TransferRefusal.InvalidAmount;
        if (request.From.MemberId == request.To.MemberId) return TransferRefusal.InvalidRequest;
        if (!NoteText.IsFine(request.Note, LongestNote)) return TransferRefusal.InvalidRequest;
        var now = clock.Now();
        return await ledger.Post(new TransferDraft(request, Id.New<TransferId>(now, request.From.MemberId), now, programme), ct);
    }

    /// <summary>
    /// What a transfer with one of these keys was answered before; null when none was. To be asked before it is looked who is meant: they
    /// may have another address since, or have left.
    /// </summary>
    public Task<Answer<Transferred, TransferRefusal>?> Earlier(IReadOnlyList<IdempotencyKey> keys, CancellationToken ct = default) =>
        StoredAnswer.Find<Transferred, TransferRefusal>(db, keys, WalletJson.Default.Transferred, _ => TransferRefusal.KeyReused, ct);

    /// <summary>What became of the transfer that was asked for with this key; null while nothing is known of it.</summary>
    public Task<Answer<Transferred, TransferRefusal>?> FindOutcome(Guid caller, string key, CancellationToken ct = default) =>
        StoredAnswer.FindOutcome<Transferred, TransferRefusal>(db, caller, key, WalletJson.Default.Transferred, ct);

    internal static Decision<Transferred, TransferRefusal> Decide(
        TransferRequest request, AccountState state, TransferId id, DateTimeOffset now, Programme programme)
    {
        var (from, to, amount) = (request.From.MemberId, request.To.MemberId, request.Amount);
        var sender = state.Of(from);
        var receiver = state.Of(to);
        var today = JapanDay.Of(now);

        if (sender.HasLeft || receiver.HasLeft) return TransferRefusal.NotFound;
        if (!request.From.Verified || !request.To.Verified) return TransferRefusal.NotVerified;
        if (sender.IsFrozen || receiver.IsFrozen) return TransferRefusal.Frozen;
        var left = sender.SpendingLimit(LimitKind.Transfer).Left(request.From.TransferCaps(programme), today);
        if (!Outgoing.Left(sender, left, today, programme).Allows(amount.Value))
            return TransferRefusal.OverLimit;
        if (sender.Balance(AccountType.Money) < amount.Value) return TransferRefusal.InsufficientBalance;
        // Last, and few times a day: who could ask for nothing how much somebody else has room for would soon know what they hold.
        if (sender.SpendingLimit(LimitKind.TransferWithoutRoom).UsedOn(today) >= MostWithoutRoom)
            return new Decision<Transferred, TransferRefusal>(TransferRefusal.TooManyRequests) { IsForNow = true };
        if (receiver.Total(Unit.Yen) + receiver.Arriving + amount.Value > request.To.BalanceCap(programme))
            return new Decision<Transferred, TransferRefusal>(TransferRefusal.OverLimit)
            {
                Uses = [new LimitUse(from, LimitKind.TransferWithoutRoom, 1, today)],
            };

        // From here nothing may fail.
        return new Decision<Transferred, TransferRefusal>(new Transferred(id, amount, new Yen(sender.Total(Unit.Yen)) - amount, now))
        {
            Entry = new Entry(id, EntryKind.Transfer, now, request.Initiator,
                [Leg.Of(from, AccountType.Money, -amount), Leg.Of(to, AccountType.Money, amount)]),
            Uses = [new LimitUse(from, LimitKind.Transfer, amount.Value, today)],
            Details = [TransferRow.Table.Row(new TransferRow(id, from, to, now.ToUnixTimeMilliseconds(), amount, request.Note))],
            Topics = [Topics.OfMember(from), Topics.OfMember(to)],
        };
    }

    sealed class TransferDraft(TransferRequest request, TransferId id, DateTimeOffset now, Programme programme)
        : Draft<Transferred, TransferRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [request.From.MemberId, request.To.MemberId];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys => request.IdempotencyKeys;
        public override JsonTypeInfo<Transferred> Json => WalletJson.Default.Transferred;
        public override TransferRefusal Reused(IdempotencyKey key) => TransferRefusal.KeyReused;

        public override Decision<Transferred, TransferRefusal> Decide(AccountState state) =>
            Transfer.Decide(request, state, id, now, programme);
    }
}
