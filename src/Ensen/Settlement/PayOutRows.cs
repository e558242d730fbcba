using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;

namespace Ensen.Settlement;

/// <summary>A file of transfers as it was sent to the bank. <paramref name="Number"/>: of its day, from 1.</summary>
/// <param name="Day">yyyymmdd.</param>
public sealed record PayOutFileRow(PayOutFileId EntryId, int Day, int Number, int Lines, Yen Total, string Zengin)
{
    internal static DetailTable<PayOutFileRow> Table { get; } = new DetailTable<PayOutFileRow>("pay_out_file")
        .Uuid("entry_id", f => f.EntryId)
        .Integer("day", f => f.Day)
        .Integer("number", f => f.Number)
        .Integer("lines", f => f.Lines)
        .Yen("total", f => f.Total)
        .Text("zengin", f => f.Zengin);

    internal static SingleUse Numbered(JapanDay day, int number) =>
        new(SingleUseKind.PayOutFileNumbered, Chart.Operator, day.Number * 1_000_000L + number);

    internal static DetailCheck Check { get; } = new DetailCheck<PayOutFileRow>(Table, EntryKind.PayOut, f => f.EntryId, (row, entry) =>
        entry.Legs.Where(l => l.AccountType == AccountType.PayOutTransit.Number).Sum(l => l.Amount) != row.Total.Value
            ? $"{IdPlaceholder.Entry(row.EntryId)} put another sum on its way than the file says"
        : !entry.SingleUses.Contains(Numbered(JapanDay.FromNumber(row.Day), row.Number))
            ? $"{IdPlaceholder.Entry(row.EntryId)} is another file of the day than its row says"
        : null);
}

/// <summary>A line of a file: the so-many-th attempt to pay a settlement out, and to which account.</summary>
public sealed record PayOutRow(
    PayOutFileId EntryId, int Line, SettlementId Settlement, long Attempt, MerchantId Merchant, PayOutAccountId Account, Yen Amount)
{
    internal static DetailTable<PayOutRow> Table { get; } = new DetailTable<PayOutRow>("pay_out")
        .Uuid("entry_id", p => p.EntryId)
        .Integer("line", p => p.Line)
        .Uuid("settlement", p => p.Settlement)
        .Bigint("attempt", p => p.Attempt)
        .Uuid("merchant", p => p.Merchant)
        .Uuid("account", p => p.Account)
        .Yen("amount", p => p.Amount);

    internal static SingleUse Attempted(SettlementId settlement, long attempt) =>
        new(SingleUseKind.PayOutAttempted, settlement, attempt);

    internal static DetailCheck Check { get; } = new DetailCheck<PayOutRow>(Table, EntryKind.PayOut, p => p.EntryId, (row, entry) =>
        entry.SingleUses.Contains(Attempted(row.Settlement, row.Attempt)) ? null
            : $"{IdPlaceholder.Entry(row.EntryId)} pays out a settlement that its own seal does not name")
    { ManyBy = "line" };
}

/// <summary>What became of a line. The numbers are stored.</summary>
public enum PayOutOutcome : short
{
    Paid = 1,
    Rejected = 2,

    /// <summary>It was paid and came back.</summary>
    Returned = 3,
}

/// <summary>What became of a line of a file; <paramref name="Reason"/>: why it was not paid, a word that stays the same.</summary>
public sealed record PayOutEnd(
    EntryId EntryId, PayOutFileId File, int Line, SettlementId Settlement, long Attempt, MerchantId Merchant, short Outcome, Yen Amount,
    string? Reason)
{
    internal static DetailTable<PayOutEnd> Table { get; } = new DetailTable<PayOutEnd>("pay_out_end")
        .Uuid("entry_id", e => e.EntryId)
        .Uuid("file", e => e.File)
        .Integer("line", e => e.Line)
        .Uuid("settlement", e => e.Settlement)
        .Bigint("attempt", e => e.Attempt)
        .Uuid("merchant", e => e.Merchant)
        .Smallint("outcome", e => e.Outcome)
        .Yen("amount", e => e.Amount)
        .Text("reason", e => e.Reason);

    internal static SingleUse Ended(SettlementId settlement, long attempt) => new(SingleUseKind.PayOutEnded, settlement, attempt * 2);

    internal static SingleUse CameBack(SettlementId settlement, long attempt) =>
        new(SingleUseKind.PayOutEnded, settlement, attempt * 2 + 1);

    internal static DetailCheck Check { get; } = new DetailCheck<PayOutEnd>(
        Table, EntryKind.PayOutAnswer, e => e.EntryId, (row, entry) =>
        entry.Head.Corrects != row.File ? $"{IdPlaceholder.Entry(row.EntryId)} answers another file than its row says"
        : !entry.SingleUses.Contains((PayOutOutcome)row.Outcome == PayOutOutcome.Returned ? CameBack(row.Settlement, row.Attempt)
            : Ended(row.Settlement, row.Attempt))
            ? $"{IdPlaceholder.Entry(row.EntryId)} ends a pay-out that its own seal does not name"
        : null)
    { ManyBy = "line", AlsoOf = EntryKind.PayOutReturn };
}
