using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Requests;

/// <summary>Why a request was not paid; the names are the contract's codes.</summary>
public enum PayMoneyRequestRefusal
{
    None = 0,

    /// <summary>None of the member's requests has this number, or one of the two has left.</summary>
    NotFound = 1,
    KeyReused = 2,

    /// <summary>It is paid.</summary>
    CodeUsed = 3,

    /// <summary>It was withdrawn or declined.</summary>
    Lapsed = 4,
    NotVerified = 5,
    Frozen = 6,
    OverLimit = 7,
    InsufficientBalance = 8,
    TooManyRequests = 9,

    /// <summary>Whoever asked for it does not pay it.</summary>
    InvalidRequest = 10,
}

/// <summary>
/// Pays a request by a transfer, under the transfers' rules: once, whoever presses how often, and not when it was withdrawn in the same
/// moment.
/// </summary>
public sealed class PayMoneyRequest(
    Database db, GeneralLedger ledger, MoneyRequests requests, MemberDirectory directory, Programme programme, TimeProvider clock)
{
    public async Task<Answer<Transferred, PayMoneyRequestRefusal>> Run(
        Payer payer, MoneyRequestId id, IReadOnlyList<IdempotencyKey> keys, CancellationToken ct = default)
    {
        if (await requests.Find(payer.MemberId, id, ct) is not { } asked
            || await directory.Find(asked.Asker, ct) is not { HasLeft: false } asker)
            // What was paid stays paid when the other one has left since, and the request has gone with them.
            return await StoredAnswer.Find<Transferred, PayMoneyRequestRefusal>(db, keys, WalletJson.Default.Transferred,
                _ => PayMoneyRequestRefusal.KeyReused, ct) ?? PayMoneyRequestRefusal.NotFound;
        if (asked.Payer != payer.MemberId) return PayMoneyRequestRefusal.InvalidRequest;
        var now = clock.Now();
        var transfer = new TransferRequest(
            payer, Payer.Of(asker, now), asked.AmountYen, asked.Note, Initiator.Member(payer.MemberId), keys);
        try
        {
            return await ledger.Post(
                new PayDraft(asked, transfer, Id.New<TransferId>(now, payer.MemberId), now, programme), ct);
        }
        catch (EndedException)
        {
            // It ended between the reading and the commit: what it has become says which answer is right.
            return await requests.Find(payer.MemberId, id, ct) is not { } ended ? PayMoneyRequestRefusal.NotFound
                : ended.State == MoneyRequestState.Paid ? PayMoneyRequestRefusal.CodeUsed : PayMoneyRequestRefusal.Lapsed;
        }
    }

    /// <summary>What became of the payment that was asked for with this key; null while nothing is known of it.</summary>
    public Task<Answer<Transferred, PayMoneyRequestRefusal>?> FindOutcome(Guid caller, string key, CancellationToken ct = default) =>
        StoredAnswer.FindOutcome<Transferred, PayMoneyRequestRefusal>(db, caller, key, WalletJson.Default.Transferred, ct);

    /// <summary>The decision: whether it is to be paid, and then a transfer's.</summary>
    internal static Decision<Transferred, PayMoneyRequestRefusal> Decide(
        MoneyRequest asked, TransferRequest transfer, AccountState state, TransferId id, DateTimeOffset now, Programme programme)
    {
        var paid = new SingleUse(SingleUseKind.MoneyRequestPaid, asked.Id);
        if (asked.State == MoneyRequestState.Paid || state.Happened(paid)) return PayMoneyRequestRefusal.CodeUsed;
        if (asked.State != MoneyRequestState.Open) return PayMoneyRequestRefusal.Lapsed;
        var decision = Transfer.Decide(transfer, state, id, now, programme);
        if (!decision.Answer.Accepted)
            return new Decision<Transferred, PayMoneyRequestRefusal>(Of(decision.Answer.Refusal))
            {
                Uses = decision.Uses,
                IsForNow = decision.IsForNow,
            };

        // From here nothing may fail but the state of the request, which is changed in the step itself.
        return new Decision<Transferred, PayMoneyRequestRefusal>(decision.Answer.Value)
        {
            Entry = decision.Entry,
            Uses = decision.Uses,
            SingleUses = [paid],
            Details = [.. decision.Details, RequestPaymentRow.Table.Row(new RequestPaymentRow(id, asked.Id))],
            Topics = decision.Topics,
            Alongside = async (tx, _) =>
            {
                if (!await MoneyRequests.End(tx, asked.Id, MoneyRequestState.Paid, now, id))
                    throw new EndedException();
            },
        };
    }

    static PayMoneyRequestRefusal Of(TransferRefusal refusal) => refusal switch
    {
        TransferRefusal.NotFound => PayMoneyRequestRefusal.NotFound,
        TransferRefusal.NotVerified => PayMoneyRequestRefusal.NotVerified,
        TransferRefusal.Frozen => PayMoneyRequestRefusal.Frozen,
        TransferRefusal.OverLimit => PayMoneyRequestRefusal.OverLimit,
        TransferRefusal.InsufficientBalance => PayMoneyRequestRefusal.InsufficientBalance,
        TransferRefusal.TooManyRequests => PayMoneyRequestRefusal.TooManyRequests,
        _ => throw new InvalidOperationException($"A transfer is not decided to be {refusal}."),
    };

    sealed class PayDraft(MoneyRequest asked, TransferRequest transfer, TransferId id, DateTimeOffset now, Programme programme)
        : Draft<Transferred, PayMoneyRequestRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [asked.Payer, asked.Asker];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys => transfer.IdempotencyKeys;
        public override IReadOnlyList<SingleUse> SingleUses { get; } = [new SingleUse(SingleUseKind.MoneyRequestPaid, asked.Id)];
        public override bool IsAlone => true;
        public override JsonTypeInfo<Transferred> Json => WalletJson.Default.Transferred;
        public override PayMoneyRequestRefusal Reused(IdempotencyKey key) => PayMoneyRequestRefusal.KeyReused;

        public override Decision<Transferred, PayMoneyRequestRefusal> Decide(AccountState state) =>
            PayMoneyRequest.Decide(asked, transfer, state, id, now, programme);
    }

    /// <summary>The request was withdrawn, declined or paid meanwhile.</summary>
    sealed class EndedException : Exception;
}
