using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;

namespace Ensen.Settlement;

/// <summary>
/// A merchant's business day as it was closed. <paramref name="Carried"/>: what the merchant owed from before, 0 or below;
/// <paramref name="CarriedOn"/>: what it owes afterwards.
/// </summary>
/// <param name="Number">The so-many-th settlement of the merchant, from 1.</param>
/// <param name="Day">yyyymmdd.</param>
public sealed record SettlementRow(
    SettlementId EntryId, MerchantId Merchant, long Number, int Day, Yen Gross, Yen Refunds, long FeeBasisPoints, Yen Fee,
    long FeeTaxPercent, Yen FeeTax, Yen Carried, Yen PayOut, Yen CarriedOn)
{
    internal static DetailTable<SettlementRow> Table { get; } = new DetailTable<SettlementRow>("settlement")
        .Uuid("entry_id", s => s.EntryId)
        .Uuid("merchant", s => s.Merchant)
        .Bigint("number", s => s.Number)
        .Integer("day", s => s.Day)
        .Yen("gross", s => s.Gross)
        .Yen("refunds", s => s.Refunds)
        .Bigint("fee_basis_points", s => s.FeeBasisPoints)
        .Yen("fee", s => s.Fee)
        .Bigint("fee_tax_percent", s => s.FeeTaxPercent)
        .Yen("fee_tax", s => s.FeeTax)
        .Yen("carried", s => s.Carried)
        .Yen("pay_out", s => s.PayOut)
        .Yen("carried_on", s => s.CarriedOn);

    /// <summary>What the fee is of.</summary>
    public Yen Taken => Gross - Refunds;

    internal static SingleUse DayClosed(MerchantId merchant, JapanDay day) => new(SingleUseKind.DaySettled, merchant, day.Number);

    internal static SingleUse Numbered(MerchantId merchant, long number) => new(SingleUseKind.SettlementNumbered, merchant, number);

    /// <summary>The arithmetic of the rule, the postings and the facts of the seal say the same as the row.</summary>
    internal static DetailCheck Check { get; } = new DetailCheck<SettlementRow>(Table, EntryKind.Settlement, s => s.EntryId, Differs);

    static string? Differs(SettlementRow row, WholeEntry entry)
    {
        var asked = FeeArithmetic.Of(row.Taken, new Rate(row.FeeBasisPoints, 10_000), new Rate(row.FeeTaxPercent, 100));
        var left = asked.Left + row.Carried;
        return asked.Fee != row.Fee || asked.Tax != row.FeeTax
                ? $"{IdPlaceholder.Entry(row.EntryId)} took another fee or tax than the rule says"
            : row.Carried > Yen.Zero || row.PayOut != Yen.Max(left, Yen.Zero) || row.CarriedOn != Yen.Min(left, Yen.Zero)
                ? $"{IdPlaceholder.Entry(row.EntryId)} pays out or carries on another amount than its arithmetic says"
            : entry.Moved(row.Merchant, AccountType.MerchantDue) != row.PayOut.Value
              || entry.Moved(row.Merchant, AccountType.MerchantCarried) != (row.CarriedOn - row.Carried).Value
              || entry.Moved(Chart.Operator, AccountType.MerchantFees) != row.Fee.Value
              || entry.Moved(Chart.Operator, AccountType.FeeTax) != row.FeeTax.Value
                ? $"{IdPlaceholder.Entry(row.EntryId)} differs from its postings"
            : !entry.SingleUses.Contains(DayClosed(row.Merchant, JapanDay.FromNumber(row.Day)))
              || !entry.SingleUses.Contains(Numbered(row.Merchant, row.Number))
                ? $"{IdPlaceholder.Entry(row.EntryId)} is of another day or number than its row says"
            : null;
    }
}

/// <summary>
/// What of a settlement is of one store. <paramref name="Corrected"/>: by operators; <paramref name="Late"/>: of entries of days before
/// that were written after those were closed. Below zero where the store gave back.
/// </summary>
public sealed record SettlementStore(
    SettlementId EntryId, StoreId Store, long Payments, Yen Paid, long Refunds, Yen Refunded, Yen Corrected, Yen Late)
{
    internal static DetailTable<SettlementStore> Table { get; } = new DetailTable<SettlementStore>("settlement_store")
        .Uuid("entry_id", s => s.EntryId)
        .Uuid("store", s => s.Store)
        .Bigint("payments", s => s.Payments)
        .Yen("paid", s => s.Paid)
        .Bigint("refunds", s => s.Refunds)
        .Yen("refunded", s => s.Refunded)
        .Yen("corrected", s => s.Corrected)
        .Yen("late", s => s.Late);

    /// <summary>What came in, and what went back: refunds, and what was set right or came late either way.</summary>
    public Yen Gross => Paid + Yen.Max(Corrected, Yen.Zero) + Yen.Max(Late, Yen.Zero);
    public Yen Back => Refunded - Yen.Min(Corrected, Yen.Zero) - Yen.Min(Late, Yen.Zero);
    public Yen Left => Gross - Back;

    internal static DetailCheck Check { get; } = new DetailCheck<SettlementStore>(Table, EntryKind.Settlement, s => s.EntryId,
        (row, entry) => entry.Moved(row.Store, AccountType.Payable) == -row.Left.Value
            ? null : $"{IdPlaceholder.Entry(row.EntryId)} settled something else of a store than its row says")
    { ManyBy = "store" };
}
