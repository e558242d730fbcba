using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Businesses;

/// <summary>
/// A transfer that somebody at a company makes. <paramref name="Request"/>: what it pays of what the company was asked for;
/// <paramref name="File"/>: the file that its lines stand in; <paramref name="Again"/>: what was made of the same rows before, by whoever
/// knows of it and wants them paid once more.
/// </summary>
public sealed record MakeBusinessTransferRequest(ActingShop By, Business Business, IReadOnlyList<TransferLine> Lines,
    IReadOnlyList<IdempotencyKey> IdempotencyKeys, BusinessRequest? Request = null, TransferFilePreview? File = null,
    BusinessTransferId? Again = null);

/// <summary>
/// A transfer that was made: it is paid, or waits for a second person. <paramref name="Balance"/>: the company's afterwards.
/// </summary>
[StoredAs("business-transfer-made")]
public sealed record BusinessTransferMade(
    BusinessTransferId TransferId, BusinessTransferState State, Yen Total, Yen Balance, DateTimeOffset At);

/// <summary>Why a transfer is not made, in the order it is checked; the names are the contract's codes.</summary>
public enum MakeBusinessTransferRefusal
{
    None = 0,
    InvalidAmount = 1,

    /// <summary>A text that cannot be kept, no line or too many, or a line to the company itself.</summary>
    InvalidRequest = 2,
    KeyReused = 3,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 4,

    /// <summary>Somebody is not on the company's list of payees, or not confirmed.</summary>
    NotFound = 5,

    /// <summary>A line above what the law allows in one transfer.</summary>
    OverLimit = 6,

    /// <summary>
    /// The request is paid, or waits for a second person already; or so are the rows of the file, and nobody said that they are meant
    /// again.
    /// </summary>
    CodeUsed = 7,

    /// <summary>The request was withdrawn or declined.</summary>
    Lapsed = 8,
    Frozen = 9,
    InsufficientBalance = 10,
}

/// <summary>
/// Somebody at a company sends money to other companies, free of charge, to confirmed payees only. Up to a set amount a day one person is
/// enough and it is paid at once; above, it waits for another one (<see cref="ApproveBusinessTransfer"/>).
/// </summary>
public sealed class MakeBusinessTransfer(Database db, GeneralLedger ledger, ShopLog log, Programme programme, TimeProvider clock)
{
    public const int LongestText = 60;

    public async Task<Answer<BusinessTransferMade, MakeBusinessTransferRefusal>> Run(
        MakeBusinessTransferRequest request, CancellationToken ct = default)
    {
        if (Check(request) is not MakeBusinessTransferRefusal.None and var refusal)
            return refusal;
        bool areConfirmed;
        await using (var connection = await db.Connect(ct))
            areConfirmed = await Payees.AreConfirmed(connection, request.Business.Id, request.Lines.Select(l => l.Payee));
        try
        {
            return await ledger.Post(new MakeDraft(this, request, areConfirmed, clock.Now()), ct);
        }
        catch (EndedException ended)
        {
            return ended.Refusal;
        }
    }

    /// <summary>
    /// What a transfer with one of these keys was answered before; null when none was. To be asked before it is looked who is meant: the
    /// payee may be off the list since, and the file away.
    /// </summary>
    public Task<Answer<BusinessTransferMade, MakeBusinessTransferRefusal>?> Earlier(
        IReadOnlyList<IdempotencyKey> keys, CancellationToken ct = default) =>
        StoredAnswer.Find<BusinessTransferMade, MakeBusinessTransferRefusal>(
            db, keys, BusinessesJson.Default.BusinessTransferMade, _ => MakeBusinessTransferRefusal.KeyReused, ct);

    /// <summary>What is wrong with what was asked, whatever there is.</summary>
    internal static MakeBusinessTransferRefusal Check(MakeBusinessTransferRequest request)
    {
        if (request.Lines.Any(line => !Movement.IsAmount(line.Amount.Value))) return MakeBusinessTransferRefusal.InvalidAmount;
        return request.Lines.Count is 0 or > BusinessTransfers.MostLines
            || request.Lines.Any(line => !NoteText.IsFine(line.Text, LongestText) || line.Payee == request.Business.Id)
            ? MakeBusinessTransferRefusal.InvalidRequest : MakeBusinessTransferRefusal.None;
    }

    /// <param name="areConfirmed">All who are paid are on the list, and confirmed by a second person.</param>
    internal static Decision<BusinessTransferMade, MakeBusinessTransferRefusal> Decide(MakeBusinessTransferRequest request,
        bool areConfirmed, AccountState state, BusinessTransferId transfer, EntryId entry, DateTimeOffset now, Programme programme)
    {
        var company = state.Of(request.Business.Id);
        var today = JapanDay.Of(now);
        if (request.By.Account is not { } by) return MakeBusinessTransferRefusal.Forbidden;
        if (!areConfirmed) return MakeBusinessTransferRefusal.NotFound;
        if (request.Lines.Any(line => line.Amount.Value > BusinessRules.MostOfOne)) return MakeBusinessTransferRefusal.OverLimit;
        if (request.File?.MadeBefore is { } before && before != request.Again) return MakeBusinessTransferRefusal.CodeUsed;
        if (request.Request is { } asked)
        {
            if (asked.State == BusinessRequestState.Paid) return MakeBusinessTransferRefusal.CodeUsed;
            if (asked.State != BusinessRequestState.Open) return MakeBusinessTransferRefusal.Lapsed;
        }
        if (company.IsFrozen || request.Lines.Any(line => state.Of(line.Payee).IsFrozen)) return MakeBusinessTransferRefusal.Frozen;
        var alone = Math.Max(0, programme.Businesses.AloneADay - company.SpendingLimit(LimitKind.BusinessAlone).UsedOn(today));
        var posting = new BusinessPosting(transfer, request.Business.Id, request.Lines, by, null, alone, now);
        var holds = new Yen(company.Balance(AccountType.BusinessMoney));
        if (posting.Total.Value > alone)
            return new Decision<BusinessTransferMade, MakeBusinessTransferRefusal>(
                new BusinessTransferMade(transfer, BusinessTransferState.Waiting, posting.Total, holds, now));
        if (holds < posting.Total) return MakeBusinessTransferRefusal.InsufficientBalance;

        // From here nothing may fail.
        return new Decision<BusinessTransferMade, MakeBusinessTransferRefusal>(
            new BusinessTransferMade(transfer, BusinessTransferState.Paid, posting.Total, holds - posting.Total, now))
        {
            Entry = posting.Entry(entry),
            Details = posting.Details(entry),
            SingleUses = [BusinessPaymentRow.Paid(transfer)],
            Uses = [new LimitUse(request.Business.Id, LimitKind.BusinessAlone, posting.Total.Value, today)],
        };
    }

    /// <summary>
    /// Beside the entry, or where it waits instead of one: the transfer's own rows. Whoever was dismissed in the same moment makes nothing,
    /// whoever was taken off the list is paid nothing, and of two who pay the same request or the same file one does.
    /// </summary>
    async Task Keep(System.Data.Common.DbTransaction tx, MakeBusinessTransferRequest request, BusinessTransferMade made, EntryId? entry,
        DateTimeOffset now)
    {
        if (!await TwoPeople.May(tx, request.By, ShopRight.Business))
            throw new EndedException(MakeBusinessTransferRefusal.Forbidden);
        if (!await Payees.AreConfirmed(tx.Connection!, request.Business.Id, request.Lines.Select(line => line.Payee), tx))
            throw new EndedException(MakeBusinessTransferRefusal.NotFound);
        var (by, paid) = (request.By.Account!.Value, made.State == BusinessTransferState.Paid);
        var transfer = new BusinessTransfer
        {
            Id = made.TransferId,
            Business = request.Business.Id,
            TotalYen = made.Total.Value,
            LineCount = request.Lines.Count,
            Request = request.Request?.Id,
            File = request.File?.File.Id,
            Follows = request.File?.MadeBefore,
            MadeBy = by,
            MadeMs = now.ToUnixTimeMilliseconds(),
            State = made.State,
            DecidedBy = paid ? by : null,
            DecidedMs = paid ? now.ToUnixTimeMilliseconds() : null,
            EntryId = entry,
        };
        if (!await BusinessTransfers.Insert(tx, transfer, request.File?.Digest, request.Lines))
            throw new EndedException(MakeBusinessTransferRefusal.CodeUsed);
        if (request.Request is { } asked && !await BusinessRequests.Hold(tx, asked.Id, paid ? made.TransferId : null, by, now))
            throw new EndedException(MakeBusinessTransferRefusal.Lapsed);
        await log.Append(tx, ShopAct.MadeBusinessTransfer, request.By, by, made.TransferId.ToString());
    }

    sealed class MakeDraft(MakeBusinessTransfer verb, MakeBusinessTransferRequest request, bool areConfirmed, DateTimeOffset now)
        : Draft<BusinessTransferMade, MakeBusinessTransferRefusal>
    {
        readonly BusinessTransferId _transfer = Basics.Id.New<BusinessTransferId>(now, request.Business.Id);
        readonly EntryId _entry = Basics.Id.New<EntryId>(now, request.Business.Id);

        public override Guid Id => _entry;
        public override IReadOnlyList<Guid> Owners { get; } = BusinessPosting.OwnersOf(request.Business.Id, request.Lines);
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys => request.IdempotencyKeys;
        public override IReadOnlyList<SingleUse> SingleUses => [BusinessPaymentRow.Paid(_transfer)];
        public override bool IsAlone => true;
        public override JsonTypeInfo<BusinessTransferMade> Json => BusinessesJson.Default.BusinessTransferMade;
        public override MakeBusinessTransferRefusal Reused(IdempotencyKey key) => MakeBusinessTransferRefusal.KeyReused;

        public override Decision<BusinessTransferMade, MakeBusinessTransferRefusal> Decide(AccountState state)
        {
            var decision = MakeBusinessTransfer.Decide(request, areConfirmed, state, _transfer, _entry, now, verb.Programme);
            return decision.Answer.Value is not { } made ? decision : decision with
            {
                Alongside = (tx, _) => verb.Keep(tx, request, made, decision.Entry is null ? null : _entry, now),
            };
        }
    }

    Programme Programme => programme;

    /// <summary>What was so when it was read is so no more.</summary>
    sealed class EndedException(MakeBusinessTransferRefusal refusal) : Exception
    {
        public MakeBusinessTransferRefusal Refusal => refusal;
    }
}
