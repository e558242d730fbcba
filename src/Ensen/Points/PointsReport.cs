using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Points;

/// <summary>
/// Points of one kind that are owed and lapse in one month (yyyymm); <paramref name="Month"/> is null for those that never do, and for
/// pending ones, which have no lot and no <paramref name="Kind"/> yet.
/// </summary>
public sealed record OwedPoints(LotKind? Kind, int? Month, PointAmount Points);

/// <summary>Points that lapsed unspent, or were left behind, in one month (yyyymm).</summary>
public sealed record BrokenPoints(int Month, PointAmount Points);

/// <summary>The same in one fiscal year.</summary>
public sealed record BrokenInYear(FiscalYear Year, PointAmount Points);

/// <summary>
/// What the programme owed in points at the end of a day, and what lapsed in the 24 months and the five fiscal years up to then, of which
/// history is there.
/// </summary>
public sealed record PointsOwed(
    JapanDay Day, IReadOnlyList<OwedPoints> Owed, IReadOnlyList<BrokenPoints> Broken, IReadOnlyList<BrokenInYear> BrokenByYear)
{
    public PointAmount Total => Owed.Sum(o => o.Points);
}

/// <summary>Why there is no report.</summary>
public enum PointsReportRefusal
{
    None = 0,

    /// <summary>The day is still to come.</summary>
    InvalidRequest = 1,

    /// <summary>History of that time was taken away.</summary>
    NotAvailable = 2,
}

/// <summary>
/// What accounting asks about points, for any day, from the postings alone: they never change, and so neither does the answer.
/// </summary>
public sealed class PointsReport(Database db, TimeProvider clock)
{
    const int Months = 24;
    const int Years = 5;

    public async Task<Answer<PointsOwed, PointsReportRefusal>> Of(JapanDay day, CancellationToken ct = default)
    {
        if (day > JapanDay.Of(clock.GetUtcNow())) return PointsReportRefusal.InvalidRequest;
        var until = Id.First(day.Next.Start);
        await using var connection = await db.Connect(ct);
        var away = await connection.QueryFirstOrDefaultAsync<Guid>("select until from detached_month order by month desc limit 1");
        if (away.CompareTo(until) > 0)
            return PointsReportRefusal.NotAvailable;
        var types = string.Join(", ", Lots.Types.Append(AccountType.PendingPoints).Select(t => t.Number));
        var sums = await connection.QueryAsync<(short AccountType, int Month, long Points)>(new CommandDefinition(
            $"""
            select account_type, month, cast(sum(amount) as bigint) as points
            from (
              select account_type, {Month} as month, amount from posting where account_type in ({types}) and entry_id < @until
              union all
              select account_type, {Month} as month, amount from carried where account_type in ({types})
            ) moved
            group by account_type, month
            having sum(amount) <> 0
            order by month, account_type
            """,
            new { until }, commandTimeout: Check.LongTime, cancellationToken: ct));
        var (broken, years) = (new List<BrokenPoints>(), new List<BrokenInYear>());
        var first = new DateOnly(day.Date.Year, day.Date.Month, 1);
        for (var month = first.AddMonths(1 - Months); month <= first; month = month.AddMonths(1))
            if (await Broken(connection, new JapanDay(month), new JapanDay(month.AddMonths(1)), away, until) is { } points)
                broken.Add(new BrokenPoints(month.Year * 100 + month.Month, points));
        for (var year = new FiscalYear(FiscalYear.Of(day).Year + 1 - Years); year.FirstDay <= day; year = year.Next)
            if (await Broken(connection, year.FirstDay, year.Next.FirstDay, away, until) is { } points)
                years.Add(new BrokenInYear(year, points));
        return new PointsOwed(day,
            [.. sums.Select(s => new OwedPoints(
                Lot.Of(db.Catalogue.Numbered<AccountType>(s.AccountType), 0)?.Kind, s.Month == 0 ? null : s.Month,
                new PointAmount(s.Points)))],
            broken, years);
    }

    /// <summary>What lapsed in a time; null where history of it was taken away, which would say too little.</summary>
    static async Task<PointAmount?> Broken(DbConnection connection, JapanDay start, JapanDay after, Guid away, Guid until)
    {
        Guid from = Id.First(start.Start), to = Id.First(after.Start);
        if (away.CompareTo(from) > 0)
            return null;
        return new PointAmount(await connection.ExecuteScalarAsync<long>(
            """
            select cast(coalesce(sum(amount), 0) as bigint)
            from posting
            where owner = @programme
              and account_type = @breakage
              and entry_id >= @from
              and entry_id < @to
            """,
            new
            {
                programme = Chart.Operator,
                breakage = AccountType.Breakage.Number,
                from,
                to = to.CompareTo(until) < 0 ? to : until,
            }));
    }

    /// <summary>
    /// The month of a lot's last day, from its term; 0 where it has none, and for pending points, whose term is another day.
    /// </summary>
    static readonly string Month = FormattableString.Invariant(
        $"case account_type when {AccountType.PendingPoints.Number} then 0 when {AccountType.CampaignPoints.Number} then (20000000 + term / 1000) / 100 else term / 100 end");
}
