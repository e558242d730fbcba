using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;

namespace Ensen.Settlement;

/// <summary>A settlement that can be paid out now, the account to which, and which attempt it would be.</summary>
public sealed record DuePayOut(SettlementId Settlement, MerchantId Merchant, Yen Amount, long Attempt, PayOutAccountId Account, string Bank,
    string Branch, int Kind, string Number, string Holder)
{
    internal SingleUse Once => PayOutRow.Attempted(Settlement, Attempt);

    /// <summary>
    /// The oldest first. Not what is on its way or was paid; not to an account that failed for this settlement, and not again today where
    /// the bank refused a whole file. Not of who is frozen, who would take a place in each file and leave it empty.
    /// </summary>
    internal static async Task<IReadOnlyList<DuePayOut>> Read(DbConnection connection, JapanDay day, DateTimeOffset now, int most) =>
        (await connection.QueryAsync<DuePayOut>(
            $"""
            select t.entry_id as settlement, t.merchant, t.pay_out as amount,
              1 + (select count(*) from pay_out n where n.settlement = t.entry_id) as attempt,
              a.id as account, a.bank, a.branch, a.kind, a.number, a.holder
            from pay_out_account a
            join account d on d.owner = a.merchant and d.account_type = {AccountType.MerchantDue.Number} and d.term = 0 and d.balance > 0
            join settlement t on t.merchant = a.merchant and t.pay_out > 0
            where a.state = {(short)PayOutAccountState.InForce}
              and a.held = false
              and not exists (
                select 1
                from restriction r
                where r.subject = a.merchant
                  and r.kind = {RestrictionKind.Frozen.Number}
                  and r.lifted_ms is null
                  and (r.until_ms is null or r.until_ms > @at)
              )
              and not exists (
                select 1
                from pay_out p
                join pay_out_file f on f.entry_id = p.entry_id
                left join pay_out_end e on e.settlement = p.settlement and e.attempt = p.attempt
                  and e.outcome <> {(short)PayOutOutcome.Paid}
                where p.settlement = t.entry_id
                  and (e.outcome is null
                    or p.account = a.id and e.reason <> '{PayOutReasons.FileRefused}'
                    or f.day >= @today and e.reason = '{PayOutReasons.FileRefused}')
              )
            order by t.entry_id
            limit @most
            """,
            new { today = day.Number, at = now.ToUnixTimeMilliseconds(), most })).AsList();
}
