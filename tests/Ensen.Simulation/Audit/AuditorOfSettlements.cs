using System.Data.Common;
using Dapper;

namespace Ensen.Simulation.Audit;

/// <summary>What merchants were settled and paid, held against the published rule and against the bank's own books.</summary>
sealed partial class Auditor
{
    async Task LookAtSettlements(DbConnection connection)
    {
        var carried = new Dictionary<Guid, long>();
        foreach (var (merchant, taken, fee, tax, from, payOut, on) in await connection.QueryAsync<(Guid, long, long, long, long, long, long)>(
            """
            select merchant, gross - refunds, fee, fee_tax, carried, pay_out, carried_on
            from settlement
            order by merchant, number
            """))
        {
            // 1.9 % and 10 %; a thousandth that is begun stays with the merchant, a tenth with nobody.
            var ruled = (taken * 19 - ((taken * 19 % 1_000) + 1_000) % 1_000) / 1_000;
            var left = taken - ruled - ruled / 10 + carried.GetValueOrDefault(merchant);
            if ((fee, tax, from, payOut, on) != (ruled, ruled / 10, carried.GetValueOrDefault(merchant), Math.Max(left, 0), Math.Min(left, 0)))
                throw new DiscrepancyException(
                    $"{world.NameOf(merchant)}'s day of {taken} was settled with {(fee, tax, from, payOut, on)}; the auditor says {ruled}, {ruled / 10} and {left}");
            carried[merchant] = on;
        }
        var booked = await connection.ExecuteScalarAsync<long>(
            "select cast(coalesce(sum(balance), 0) as bigint) from account where account_type = 42");
        if (booked != world.Outside.PaidOut)
            throw new DiscrepancyException($"the bank has paid merchants {world.Outside.PaidOut}; the books say {booked}");
    }
}
