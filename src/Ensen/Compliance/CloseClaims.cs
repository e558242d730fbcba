using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.Logging;

namespace Ensen.Compliance;

/// <summary>
/// Writes down what customers had a claim to when each day was over, so that whoever asks years later reads a few rows and not all of
/// history. Days that were missed are caught up in their order; a day is closed once, by whichever node is first.
/// </summary>
public sealed class CloseClaims(Database db, TimeProvider clock, ILogger<CloseClaims> log)
{
    /// <summary>An entry of the last second is in the books by then.</summary>
    static readonly TimeSpan s_late = TimeSpan.FromMinutes(1);

    readonly ClaimsSql _sql = new(db.Catalogue);

    /// <summary>Returns the days that were closed.</summary>
    public async Task<int> Run(CancellationToken ct = default)
    {
        var days = 0;
        var over = JapanDay.Of(clock.GetUtcNow() - s_late).Previous;
        for (var day = await Last(ct) is { } last ? last.Next : over; day <= over; day = day.Next)
        {
            // Of a day on which nothing happened there is nothing to write: it ended as the one before.
            if (day < over && !await Happened(day, ct))
                continue;
            if (await Close(day, ct))
                days++;
        }
        return days;
    }

    async Task<bool> Close(JapanDay day, CancellationToken ct)
    {
        var until = Id.First<EntryId>(day.Next.Start);
        IReadOnlyList<ClaimSum> sums;
        IReadOnlyList<Holding> holdings;
        await using (var connection = await db.Connect(ct))
            (sums, holdings) = (await _sql.Sums(connection, until, ct), await _sql.Holdings(connection, until, ct));
        var closed = await db.Transact(async tx =>
        {
            var (connection, number) = (tx.Connection!, day.Number);
            if (await connection.ExecuteAsync(
                "insert into closed_day (day, until, closed_ms) values (@number, @until, @now) on conflict (day) do nothing",
                new { number, until, now = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx) == 0)
                return false;
            await connection.ExecuteAsync(
                "insert into closed_claim (day, account_type, amount_yen) values (@number, @type, @amount)",
                sums.Select(s => new { number, type = s.AccountType.Number, amount = s.Amount.Value }), tx);
            await connection.ExecuteAsync(
                """
                insert into closed_holding (day, holder, money_yen, prepaid_yen, on_its_way_yen)
                values (@number, @Member, @money, @prepaid, @onItsWay)
                """,
                holdings.Select(h => new
                {
                    number,
                    h.Member,
                    money = h.Money.Value,
                    prepaid = h.Prepaid.Value,
                    onItsWay = h.OnItsWay.Value,
                }), tx);
            await Setting.Write(tx, ClosedClaims.LastClosed, day.ToString());
            return true;
        }, ct);
        if (closed)
            log.LogInformation("{Day}: claims of customers are written down, {Holdings} holdings to be looked at", day, holdings.Count);
        return closed;
    }

    async Task<bool> Happened(JapanDay day, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QueryFirstOrDefaultAsync<Guid?>(
            "select id from entry where id >= @from and id < @until order by id limit 1",
            new { from = Id.First<EntryId>(day.Start), until = Id.First<EntryId>(day.Next.Start) }) is not null;
    }

    async Task<JapanDay?> Last(CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await Setting.Read(connection, ClosedClaims.LastClosed) is { } iso ? JapanDay.Parse(iso) : null;
    }
}
