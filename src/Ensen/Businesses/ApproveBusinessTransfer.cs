using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Businesses;

/// <summary>A transfer that the second person says yes to.</summary>
public sealed record ApproveBusinessTransferRequest(
    ActingShop By, BusinessId Business, BusinessTransferId Transfer, IReadOnlyList<IdempotencyKey> IdempotencyKeys);

/// <summary>A transfer that was paid; <paramref name="Balance"/>: the company's afterwards.</summary>
[StoredAs("business-transfer-approved")]
public sealed record BusinessTransferApproved(BusinessTransferId TransferId, Yen Total, Yen Balance, DateTimeOffset At);

/// <summary>Why a transfer is not paid, in the order it is checked; the names are the contract's codes.</summary>
public enum ApproveBusinessTransferRefusal
{
    None = 0,
    KeyReused = 1,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 2,

    /// <summary>The company has no such transfer.</summary>
    NotFound = 3,

    /// <summary>Whoever made it does not approve it, nor who came by their invitation.</summary>
    SamePerson = 4,

    /// <summary>It waits no more.</summary>
    AlreadyDecided = 5,

    /// <summary>Somebody was taken off the list of payees meanwhile.</summary>
    NotEligible = 6,

    /// <summary>Nobody said yes for too long, or the request that it pays was withdrawn or declined meanwhile.</summary>
    Lapsed = 7,
    Frozen = 8,
    InsufficientBalance = 9,
}

/// <summary>The second of the two people pays what another one made: once, whoever presses how often.</summary>
public sealed class ApproveBusinessTransfer(Database db, GeneralLedger ledger, ShopLog log, TimeProvider clock)
{
    /// <summary>What is known of a transfer before the ledger decides.</summary>
    internal sealed record Found(
        BusinessTransfer? Transfer, IReadOnlyList<TransferLine> Lines, bool AreTwo, bool AreConfirmed, BusinessRequestState? Request);

    /// <summary>Whether two people are looked for. The simulation turns it off to see that somebody notices.</summary>
    internal bool SeesPeople { get; set; } = true;

    /// <summary>Whether an approval before is seen. The simulation turns it off to see that somebody notices.</summary>
    internal bool SeesApprovals { get; set; } = true;

    public async Task<Answer<BusinessTransferApproved, ApproveBusinessTransferRefusal>> Run(
        ApproveBusinessTransferRequest request, CancellationToken ct = default)
    {
        var found = await Load(request, ct);
        try
        {
            return await ledger.Post(new ApproveDraft(this, request, found, clock.Now()), ct);
        }
        catch (EndedException ended)
        {
            return ended.Refusal;
        }
    }

    async Task<Found> Load(ApproveBusinessTransferRequest request, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        if (await BusinessTransfers.Find(connection, request.Business, request.Transfer) is not { } found)
            return new Found(null, [], false, false, null);
        var lines = await BusinessTransfers.LinesOf(connection, found.Id);
        return new Found(found, lines,
            !SeesPeople || request.By.Account is { } by && await TwoPeople.Are(connection, found.MadeBy, by),
            await Payees.AreConfirmed(connection, request.Business, lines.Select(line => line.Payee)),
            found.Request is { } asked ? (await BusinessRequests.Find(connection, asked))?.State : null);
    }

    internal static Decision<BusinessTransferApproved, ApproveBusinessTransferRefusal> Decide(ApproveBusinessTransferRequest request,
        Found found, AccountState state, EntryId entry, DateTimeOffset now, bool seesApprovals = true)
    {
        if (request.By.Account is not { } by) return ApproveBusinessTransferRefusal.Forbidden;
        if (found.Transfer is not { } transfer) return ApproveBusinessTransferRefusal.NotFound;
        if (!found.AreTwo) return ApproveBusinessTransferRefusal.SamePerson;
        var paid = BusinessPaymentRow.Paid(transfer.Id);
        var mayWait = transfer.State is BusinessTransferState.Waiting or BusinessTransferState.Lapsed;
        if (seesApprovals && (!mayWait || state.Happened(paid)))
            return ApproveBusinessTransferRefusal.AlreadyDecided;
        if (!found.AreConfirmed) return ApproveBusinessTransferRefusal.NotEligible;
        if (transfer.IsLapsed(now) || seesApprovals && found.Request is not (null or BusinessRequestState.Open))
            return ApproveBusinessTransferRefusal.Lapsed;
        var company = state.Of(transfer.Business);
        if (company.IsFrozen || found.Lines.Any(line => state.Of(line.Payee).IsFrozen))
            return new Decision<BusinessTransferApproved, ApproveBusinessTransferRefusal>(ApproveBusinessTransferRefusal.Frozen)
            {
                IsForNow = true,
            };
        var posting = new BusinessPosting(transfer.Id, transfer.Business, found.Lines, transfer.MadeBy, by, 0, now);
        var holds = new Yen(company.Balance(AccountType.BusinessMoney));
        if (holds < posting.Total)
            return new Decision<BusinessTransferApproved, ApproveBusinessTransferRefusal>(
                ApproveBusinessTransferRefusal.InsufficientBalance)
            { IsForNow = true };

        // From here nothing may fail.
        return new Decision<BusinessTransferApproved, ApproveBusinessTransferRefusal>(
            new BusinessTransferApproved(transfer.Id, posting.Total, holds - posting.Total, now))
        {
            Entry = posting.Entry(entry),
            Details = posting.Details(entry),
            SingleUses = seesApprovals ? [paid] : [],
        };
    }

    /// <summary>
    /// Beside the entry: the transfer waits no more, and neither does the request that it pays. Whoever was taken off the list in the same
    /// moment is paid nothing.
    /// </summary>
    async Task End(System.Data.Common.DbTransaction tx, ApproveBusinessTransferRequest request, Found found, EntryId entry,
        DateTimeOffset now)
    {
        var transfer = found.Transfer!;
        if (!await TwoPeople.May(tx, request.By, ShopRight.BusinessApproval))
            throw new EndedException(ApproveBusinessTransferRefusal.Forbidden);
        if (!await Payees.AreConfirmed(tx.Connection!, request.Business, found.Lines.Select(line => line.Payee), tx))
            throw new EndedException(ApproveBusinessTransferRefusal.NotEligible);
        var by = request.By.Account!.Value;
        if (!await BusinessTransfers.Decide(tx, transfer.Id, BusinessTransferState.Paid, by, now, entry) && SeesApprovals)
            throw new EndedException(ApproveBusinessTransferRefusal.AlreadyDecided);
        if (transfer.Request is { } asked && !await BusinessRequests.Hold(tx, asked, transfer.Id, by, now) && SeesApprovals)
            throw new EndedException(ApproveBusinessTransferRefusal.Lapsed);
        await log.Append(tx, ShopAct.ApprovedBusinessTransfer, request.By, by, transfer.Id.ToString());
    }

    sealed class ApproveDraft(ApproveBusinessTransfer verb, ApproveBusinessTransferRequest request, Found found, DateTimeOffset now)
        : Draft<BusinessTransferApproved, ApproveBusinessTransferRefusal>
    {
        readonly EntryId _entry = Basics.Id.New<EntryId>(now, request.Business);

        public override Guid Id => _entry;
        public override IReadOnlyList<Guid> Owners { get; } = BusinessPosting.OwnersOf(request.Business, found.Lines);
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys => request.IdempotencyKeys;
        public override IReadOnlyList<SingleUse> SingleUses { get; } = [BusinessPaymentRow.Paid(request.Transfer)];
        public override bool IsAlone => true;
        public override JsonTypeInfo<BusinessTransferApproved> Json => BusinessesJson.Default.BusinessTransferApproved;
        public override ApproveBusinessTransferRefusal Reused(IdempotencyKey key) => ApproveBusinessTransferRefusal.KeyReused;

        public override Decision<BusinessTransferApproved, ApproveBusinessTransferRefusal> Decide(AccountState state)
        {
            var decision = ApproveBusinessTransfer.Decide(request, found, state, _entry, now, verb.SeesApprovals);
            return decision.Entry is null ? decision : decision with
            {
                Alongside = (tx, _) => verb.End(tx, request, found, _entry, now),
            };
        }
    }

    /// <summary>What was so when it was read is so no more.</summary>
    sealed class EndedException(ApproveBusinessTransferRefusal refusal) : Exception
    {
        public ApproveBusinessTransferRefusal Refusal => refusal;
    }
}
