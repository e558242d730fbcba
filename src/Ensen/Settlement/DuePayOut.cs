using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Ledger;
using Ensen.Merchants;

namespace Ensen.Settlement;

/// <summary>
/// A settlement, or what is left of one, that can be paid out now; the account to which, and which attempt it would be.
/// </summary>
public sealed record DuePayOut(SettlementId Settlement, MerchantId Merchant, Yen Amount, long Attempt, PayOutAccountId Account, string Bank,
    string Branch, int Kind, string Number, string Holder)
{
    internal SingleUse Once => PayOutRow.Attempted(Settlement, Attempt);

    internal ZenginTransfer Line(int line) => new(line, Bank, Branch, Kind, Number, Holder, Amount.Value);

    /// <summary>
    /// The oldest first. Not what is on its way or was paid; not to an account that failed for this settlement, and not again today where
    /// the bank refused a whole file. Not of who is frozen, who would take a place in each file and leave it empty; and not what the bank
    /// has called both rejected and paid, until somebody has asked it.
    /// </summary>
    static async Task<List<DuePayOut>> Read(DbConnection connection, JapanDay day, DateTimeOffset now, SettlementId after, int most) =>
        (await connection.QueryAsync<DuePayOut>(
            $"""
            select x.settlement, x.merchant, cast(x.pay_out - x.live as bigint) as amount, x.attempt, x.account, x.bank, x.branch, x.kind,
              x.number, x.holder
            from (
              select t.entry_id as settlement, t.merchant, t.pay_out,
                1 + (select count(*) from pay_out n where n.settlement = t.entry_id) as attempt,
                coalesce((
                  select sum(p.amount)
                  from pay_out p
                  where p.settlement = t.entry_id
                    and not exists (
                      select 1
                      from pay_out_end e
                      where e.settlement = p.settlement and e.attempt = p.attempt and e.outcome <> {(short)PayOutOutcome.Paid})
                ), 0) as live,
                a.id as account, a.bank, a.branch, a.kind, a.number, a.holder
              from pay_out_account a
              join account d on d.owner = a.merchant and d.account_type = {AccountType.MerchantDue.Number} and d.term = 0 and d.balance > 0
              join settlement t on t.merchant = a.merchant and t.pay_out > 0
              where a.state = {(short)PayOutAccountState.InForce}
                and a.held = false
                and t.entry_id > @after
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
                  from pay_out_doubt b
                  where b.settlement = t.entry_id and b.cleared_ms is null
                )
                and not exists (
                  select 1
                  from pay_out p
                  join pay_out_file f on f.entry_id = p.entry_id
                  join pay_out_end e on e.settlement = p.settlement and e.attempt = p.attempt
                    and e.outcome <> {(short)PayOutOutcome.Paid}
                  where p.settlement = t.entry_id
                    and (p.account = a.id and e.reason <> '{PayOutReasons.FileRefused}'
                      or f.day >= @today and e.reason = '{PayOutReasons.FileRefused}')
                )
            ) x
            where x.pay_out > x.live
            order by x.settlement
            limit @most
            """,
            new { today = day.Number, at = now.ToUnixTimeMilliseconds(), after, most })).AsList();

    /// <summary>
    /// What goes into the next file: no more lines and yen than a file has room for, and what is more than a line can say in several. An
    /// account that cannot be written in a file keeps only its own merchant waiting, and is told apart.
    /// </summary>
    internal static async Task<(IReadOnlyList<DuePayOut> Lines, IReadOnlyList<DuePayOut> Unwritten)> ForFile(
        DbConnection connection, JapanDay day, DateTimeOffset now, int most)
    {
        List<DuePayOut> lines = [], unwritten = [];
        var room = ZenginFile.MostTotal;
        for (var after = default(SettlementId); lines.Count < most;)
        {
            var page = await Read(connection, day, now, after, most);
            foreach (var due in page)
                if (!ZenginFile.Takes(due.Line(1) with { Amount = 1 }))
                    unwritten.Add(due);
                else if (!Fits(due, lines, most, ref room))
                    return (lines, unwritten);
            if (page.Count < most)
                break;
            after = page[^1].Settlement;
        }
        return (lines, unwritten);
    }

    /// <summary>Adds as much of it as there is room for; false when that is not all.</summary>
    internal static bool Fits(DuePayOut due, List<DuePayOut> lines, int most, ref long room)
    {
        var (left, attempt) = (due.Amount.Value, due.Attempt);
        while (left > 0 && room > 0 && lines.Count < most)
        {
            var part = Math.Min(Math.Min(left, ZenginFile.MostAmount), room);
            lines.Add(due with { Amount = new Yen(part), Attempt = attempt++ });
            (left, room) = (left - part, room - part);
        }
        return left == 0;
    }
}
