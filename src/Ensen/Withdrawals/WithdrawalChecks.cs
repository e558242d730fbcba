using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Withdrawals;

/// <summary>What always holds about withdrawals (I1, I4 and I5 of the design).</summary>
static class WithdrawalChecks
{
    public static IReadOnlyList<DetailCheck> DetailChecks { get; } =
    [
        new DetailCheck<WithdrawalRow>(WithdrawalRow.Table, EntryKind.Withdrawal, w => w.EntryId, (row, entry) =>
            entry.Moved(row.Member, AccountType.Money) == -row.AmountYen.Value
            && entry.Moved(row.EntryId, AccountType.WithdrawalTransit) == row.AmountYen.Value
                ? null : $"{IdPlaceholder.Entry(row.EntryId)} differs from its postings")
        { PartyName = "({0}.bank_name || ' ****' || {0}.last_four)" },
        new DetailCheck<WithdrawalEndRow>(WithdrawalEndRow.Ends, EntryKind.WithdrawalPaid, e => e.EntryId, (row, entry) =>
            entry.Head.Corrects != row.Withdrawal.Value || !entry.SingleUses.Contains(EndWithdrawal.Ended(row.Withdrawal, row.Ending))
                ? $"{IdPlaceholder.Entry(row.EntryId)} is not the end of its withdrawal"
            : entry.Moved(row.Withdrawal, AccountType.WithdrawalTransit) == -row.AmountYen.Value
              && entry.Moved(Chart.Operator, AccountType.BankClearing) == (row.Ending == WithdrawalEnding.Paid ? row.AmountYen.Value : 0)
                ? null : $"{IdPlaceholder.Entry(row.EntryId)} differs from its postings")
        {
            AlsoOf = EntryKind.WithdrawalReturn,
            PartyName = "(select w.bank_name || ' ****' || w.last_four from withdrawal w where w.entry_id = {0}.withdrawal)",
        },
        new DetailCheck<WithdrawalEndRow>(WithdrawalEndRow.Contradictions, EntryKind.WithdrawalContradicted, e => e.EntryId,
            (row, entry) =>
                entry.Head.Corrects != row.Withdrawal.Value || !entry.SingleUses.Contains(EndWithdrawal.Contradicted(row.Withdrawal))
                    ? $"{IdPlaceholder.Entry(row.EntryId)} is not about its withdrawal"
                : entry.Moved(Chart.Operator, AccountType.BankClearing)
                    == (row.Ending == WithdrawalEnding.PaidAfterAll ? row.AmountYen.Value : -row.AmountYen.Value)
                    ? null : $"{IdPlaceholder.Entry(row.EntryId)} differs from its postings")
        { PartyName = "(select w.bank_name || ' ****' || w.last_four from withdrawal w where w.entry_id = {0}.withdrawal)" },
    ];

    public static IReadOnlyList<Check> All { get; } =
    [
        new("I4 what lies aside for a withdrawal is the whole of it until it is paid or given back, once, and then nothing", w =>
            $"""
            select {w.Entry("w.entry_id")} || ' holds ' || coalesce(a.balance, 0) || ' of ' || w.amount_yen || ' yen after '
                || case when e.entry_id is null then 'no' else 'an' end || ' end' as line
            from withdrawal w
            left join account a on a.owner = w.entry_id and a.account_type = {AccountType.WithdrawalTransit.Number}
            left join withdrawal_end e on e.withdrawal = w.entry_id
            where coalesce(a.balance, 0) <> case when e.entry_id is null then w.amount_yen else 0 end
            """),
        new("I4 each end of a withdrawal is of one, and of all of it; the contrary is said only of what had ended otherwise", w =>
            $"""
            select {w.Entry("e.entry_id")} || ' moved ' || e.amount_yen || ' of the ' || coalesce(w.amount_yen, 0)
                || ' yen of its withdrawal, in way ' || e.how as line
            from (
              select entry_id, withdrawal, amount_yen, how, case when how in (1, 2) then how else 0 end as after_how from withdrawal_end
              union all
              select c.entry_id, c.withdrawal, c.amount_yen, c.how,
                     case when c.how in (3, 4) and f.how = 1 or c.how = 5 and f.how = 2 then c.how else 0 end
              from withdrawal_contradiction c
              left join withdrawal_end f on f.withdrawal = c.withdrawal
            ) e
            left join withdrawal w on w.entry_id = e.withdrawal
            where w.amount_yen is null or w.amount_yen <> e.amount_yen or e.after_how <> e.how
            """),
        new("I5 the bank is being asked what became of each withdrawal that has no end", w =>
            $"""
            select {w.Entry("w.entry_id")} || ' is under way, and nobody asks what became of it' as line
            from withdrawal w
            left join withdrawal_end e on e.withdrawal = w.entry_id
            left join outbox o on o.id = w.entry_id and o.state = {Outbox.Waiting}
            where e.entry_id is null and o.id is null
            """),
    ];

    /// <summary>What may come back to members, for which room is kept.</summary>
    public static OnTheWay MayComeBack { get; } = new("withdrawals",
        $"""
        select w.member as owner, w.amount_yen as yen
        from withdrawal w
        where not exists (
            select 1 from single_use u
            where u.subject = w.entry_id and u.kind = {SingleUseKind.WithdrawalEnded.Number} and u.number = 0
        )
        """);
}
