using System.Text;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.Logging;

namespace Ensen.Businesses;

/// <summary>
/// What our bank received for an account, as it is sealed. <paramref name="Business"/>: null where the number is nobody's, or where the
/// bank took something back; both lie in suspense.
/// </summary>
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
/// It is asked again and again from before the first of the last day, for it may tell one later than others that came after it, and each is
/// booked once by the bank's own id. One that cannot be booked holds up nobody else's.
/// </summary>
public sealed class ReceiveDeposits(
    Database db, GeneralLedger ledger, ExternalGateways outside, TimeProvider clock, ILogger<ReceiveDeposits> log)
{
    public const string JobName = "business deposits";
    const int Overlap = 200;
    const int LongestText = 140;
    static readonly TimeSpan s_toldLate = TimeSpan.FromDays(1);

    public async Task Run(CancellationToken ct = default)
    {
        if (!outside.Has(Gateway.Deposits))
            return;
        List<Exception> failed = [];
        for (var after = await From(ct); await outside.Deposits.Since(after, ct) is { Count: > 0 } some && some.Max(d => d.Number) > after;
            after = some.Max(d => d.Number))
        {
            var known = await Booked(some, ct);
            // What is nothing moves nothing.
            foreach (var deposit in some.Where(d => !known.Contains(d.Id) && d.Amount != Yen.Zero))
            {
                try
                {
                    await Book(deposit, ct);
                }
                catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
                {
                    log.LogError(e, "The deposit {Deposit} could not be booked", deposit.Id);
                    failed.Add(e);
                }
            }
        }
        if (failed.Count > 0)
            throw new AggregateException($"{failed.Count} deposits could not be booked", failed);
    }

    async Task Book(BankDeposit told, CancellationToken ct)
    {
        var deposit = told with { Account = BusinessNumber.Read(told.Account) ?? Readable(told.Account), Payer = Readable(told.Payer) };
        Business? business;
        // What the bank takes back is taken from no company by itself: it may be spent, and somebody has to look.
        await using (var connection = await db.Connect(ct))
            business = deposit.Amount < Yen.Zero ? null : await BusinessAccounts.FindByNumber(connection, deposit.Account);
        var now = clock.Now();
        var id = business is null ? Id.New<EntryId>(now) : Id.New<EntryId>(now, business.Id);
        await ledger.Post(new DepositDraft(deposit, business?.Id, id, now), ct);
    }

    /// <summary>A text of the bank's as it can be kept: no card number is, whoever wrote it into a remittance.</summary>
    static string Readable(string text) =>
        FileName.Kept(string.Concat(CardDigits.Masked(text).EnumerateRunes().Where(rune => !Rune.IsControl(rune))), LongestText);

    /// <summary>From which number on the bank is asked.</summary>
    async Task<long> From(CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var first = await connection.ExecuteScalarAsync<long?>(
            """
            select coalesce(
              (select min(bank_number) from business_deposit where at_ms >= @since),
              (select max(bank_number) from business_deposit))
            """, new { since = (clock.GetUtcNow() - s_toldLate).ToUnixTimeMilliseconds() });
        return Math.Max(0, (first ?? 0) - Overlap);
    }

    async Task<HashSet<Guid>> Booked(IReadOnlyList<BankDeposit> some, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<Guid>(
            "select bank_id from business_deposit where bank_number >= @from and bank_number <= @to",
            new { from = some.Min(d => d.Number), to = some.Max(d => d.Number) })).ToHashSet();
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
