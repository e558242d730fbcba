using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Businesses;

/// <summary>What our bank received for an account, as it is sealed; null: the number is nobody's, and the money lies in suspense.</summary>
public sealed record BusinessDepositRow(EntryId EntryId, Guid BankId, long BankNumber, string Account, BusinessId? Business, Yen AmountYen,
    string Payer, long AtMs)
{
    internal static DetailTable<BusinessDepositRow> Table { get; } = new DetailTable<BusinessDepositRow>("business_deposit")
        .Uuid("entry_id", d => d.EntryId)
        .Uuid("bank_id", d => d.BankId)
        .Bigint("bank_number", d => d.BankNumber)
        .Text("account", d => d.Account)
        .UuidOrNull("business", d => d.Business?.Value)
        .Yen("amount_yen", d => d.AmountYen)
        .Text("payer", d => d.Payer)
        .Bigint("at_ms", d => d.AtMs);

    internal static SingleUse Booked(Guid bankId) => new(SingleUseKind.BusinessDepositBooked, bankId);
}

/// <summary>A deposit in the books; <paramref name="First"/> is false for those who find it booked.</summary>
[StoredAs("business-deposit")]
public sealed record BusinessDepositBooked(Guid BankId, bool First);

/// <summary>A deposit is not refused: it is booked, for its company or in suspense.</summary>
public enum ReceiveDepositRefusal
{
    None = 0,
}

/// <summary>
/// Books what companies paid in from their banks: our bank keeps a number for each account (a virtual account) and tells what came for it.
/// It is asked again and again from a little before the last that is known, and each is booked once by the bank's own id.
/// </summary>
public sealed class ReceiveDeposits(Database db, GeneralLedger ledger, ExternalGateways outside, TimeProvider clock)
{
    public const string JobName = "business deposits";
    const int Overlap = 200;

    public async Task Run(CancellationToken ct = default)
    {
        if (!outside.Has(Gateway.Deposits))
            return;
        var after = Math.Max(0, await Last(ct) - Overlap);
        while (await outside.Deposits.Since(after, ct) is { Count: > 0 } some)
        {
            foreach (var deposit in some)
                await Book(deposit, ct);
            after = some[^1].Number;
        }
    }

    async Task Book(BankDeposit deposit, CancellationToken ct)
    {
        await using (var connection = await db.Connect(ct))
        {
            if (await connection.ExecuteScalarAsync<int?>(
                "select 1 from business_deposit where bank_id = @Id", new { deposit.Id }) is not null)
                return;
            var business = await BusinessAccounts.FindByNumber(connection, deposit.Account);
            var now = clock.Now();
            var id = business is null ? Id.New<EntryId>(now) : Id.New<EntryId>(now, business.Id);
            await ledger.Post(new DepositDraft(deposit, business?.Id, id, now), ct);
        }
    }

    async Task<long> Last(CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await connection.ExecuteScalarAsync<long?>("select max(bank_number) from business_deposit") ?? 0;
    }

    internal static Decision<BusinessDepositBooked, ReceiveDepositRefusal> Decide(
        BankDeposit deposit, BusinessId? business, AccountState state, EntryId id, DateTimeOffset now)
    {
        var booked = BusinessDepositRow.Booked(deposit.Id);
        if (state.Happened(booked))
            return new Decision<BusinessDepositBooked, ReceiveDepositRefusal>(new BusinessDepositBooked(deposit.Id, First: false));

        // From here nothing may fail.
        return new Decision<BusinessDepositBooked, ReceiveDepositRefusal>(new BusinessDepositBooked(deposit.Id, First: true))
        {
            Entry = new Entry(id, EntryKind.BusinessDeposit, now, Initiator.Job(JobName),
            [
                business is { } to ? Leg.Of(to, AccountType.BusinessMoney, deposit.Amount)
                    : Leg.Of(Chart.Operator, AccountType.Suspense, deposit.Amount),
                Leg.Of(Chart.Operator, AccountType.DepositClearing, -deposit.Amount),
            ]),
            SingleUses = [booked],
            Details = [BusinessDepositRow.Table.Row(new BusinessDepositRow(id, deposit.Id, deposit.Number, deposit.Account, business,
                deposit.Amount, deposit.Payer, now.ToUnixTimeMilliseconds()))],
        };
    }

    sealed class DepositDraft(BankDeposit deposit, BusinessId? business, EntryId id, DateTimeOffset now)
        : Draft<BusinessDepositBooked, ReceiveDepositRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = business is { } to ? [to] : [];
        public override IReadOnlyList<SingleUse> SingleUses => [BusinessDepositRow.Booked(deposit.Id)];
        public override bool IsPatient => true;
        public override JsonTypeInfo<BusinessDepositBooked> Json => BusinessesJson.Default.BusinessDepositBooked;
        public override ReceiveDepositRefusal Reused(IdempotencyKey key) => throw new InvalidOperationException("A deposit has no key.");

        public override Decision<BusinessDepositBooked, ReceiveDepositRefusal> Decide(AccountState state) =>
            ReceiveDeposits.Decide(deposit, business, state, id, now);
    }
}
