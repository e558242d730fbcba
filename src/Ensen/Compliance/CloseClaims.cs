using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Microsoft.Extensions.Logging;

namespace Ensen.Compliance;

/// <summary>
/// Writes down what customers had a claim to when each day was over, so that whoever asks years later reads a few rows and not all of
/// history. Days that were missed are caught up in their order; a day is closed once, by whichever node is first, and made anew an hour and
/// a day later.
/// </summary>
public sealed class CloseClaims(Database db, TimeProvider clock, ILogger<CloseClaims> log)
{
    /// <summary>An entry of the last second is in the books by then.</summary>
    static readonly TimeSpan s_late = TimeSpan.FromMinutes(1);

    /// <summary>How long after it was closed a day is made anew: whatever was committed late is in by then.</summary>
    internal static readonly TimeSpan LastLook = TimeSpan.FromDays(1);
    static readonly TimeSpan[] s_looks = [TimeSpan.FromHours(1), LastLook];

    const int LooksBack = 5;

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
        await LookAgain(ct);
        return days;
    }

    async Task<bool> Close(JapanDay day, CancellationToken ct)
    {
        var until = Id.First<EntryId>(day.Next.Start);
        var (sums, holdings) = await Made(until, ct);
        var closed = await db.Transact(async tx =>
        {
            if (await tx.Connection!.ExecuteAsync(
                "insert into closed_day (day, until, closed_ms) values (@Number, @until, @now) on conflict (day) do nothing",
                new { day.Number, until, now = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx) == 0)
                return false;
            await Write(tx, day.Number, sums, holdings);
            await Setting.Write(tx, ClosedClaims.LastClosed, day.ToString());
            return true;
        }, ct);
        if (closed)
            log.LogInformation("{Day}: claims of customers are written down, {Holdings} holdings to be looked at", day, holdings.Count);
        return closed;
    }

    async Task<(IReadOnlyList<ClaimSum> Sums, IReadOnlyList<Holding> Holdings)> Made(EntryId until, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return (await _sql.Sums(connection, until, ct), await _sql.Holdings(connection, until, ct));
    }

    static async Task Write(DbTransaction tx, int number, IReadOnlyList<ClaimSum> sums, IReadOnlyList<Holding> holdings)
    {
        await tx.Connection!.ExecuteAsync(
            "insert into closed_claim (day, account_type, amount_yen) values (@number, @type, @amount)",
            sums.Select(s => new { number, type = s.AccountType.Number, amount = s.Amount.Value }), tx);
        await tx.Connection!.ExecuteAsync(
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
    }

    // An entry has its id when its verb begins, and is committed later: a night's work may wait long, and a node's clock be behind.
    async Task<int> LookAgain(CancellationToken ct)
    {
        var mended = 0;
        foreach (var (day, until, closedMs, lookedMs) in await Latest(ct))
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            if (s_looks.All(after => now - closedMs < after.TotalMilliseconds || lookedMs - closedMs >= after.TotalMilliseconds))
                continue;
            var (sums, holdings) = await Made(until, ct);
            var isMended = await db.Transact(async tx =>
            {
                if (await tx.Connection!.ExecuteAsync(
                    "update closed_day set looked_ms = @now where day = @day and coalesce(looked_ms, 0) = @was",
                    new { now, day, was = lookedMs ?? 0 }, tx) == 0 || await IsAsMade(tx, day, sums, holdings))
                    return false;
                await tx.Connection!.ExecuteAsync("update closed_day set mended_ms = @now where day = @day", new { now, day }, tx);
                await tx.Connection!.ExecuteAsync("delete from closed_claim where day = @day", new { day }, tx);
                await tx.Connection!.ExecuteAsync("delete from closed_holding where day = @day", new { day }, tx);
                await Write(tx, day, sums, holdings);
                return true;
            }, ct);
            if (!isMended)
                continue;
            log.LogWarning("{Day}: an entry of that day was committed after it was closed; its claims of customers are put right", day);
            mended++;
        }
        return mended;
    }

    async Task<IReadOnlyList<(int Day, EntryId Until, long ClosedMs, long? LookedMs)>> Latest(CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<(int, EntryId, long, long?)>(
            "select day, until, closed_ms, looked_ms from closed_day order by day desc limit @LooksBack", new { LooksBack })).AsList();
    }

    static async Task<bool> IsAsMade(DbTransaction tx, int day, IReadOnlyList<ClaimSum> sums, IReadOnlyList<Holding> holdings)
    {
        var said = await tx.Connection!.QueryAsync<(short, long)>(
            "select account_type, amount_yen from closed_claim where day = @day", new { day }, tx);
        var held = await tx.Connection!.QueryAsync<(MemberId, long, long, long)>(
            "select holder, money_yen, prepaid_yen, on_its_way_yen from closed_holding where day = @day", new { day }, tx);
        return said.ToHashSet().SetEquals(sums.Select(s => (s.AccountType.Number, s.Amount.Value)))
            && held.ToHashSet().SetEquals(holdings.Select(h => (h.Member, h.Money.Value, h.Prepaid.Value, h.OnItsWay.Value)));
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
