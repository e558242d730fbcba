using System.Globalization;
using Ensen.Basics;
using Ensen.Points;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>Points owed that lapse in one month (<c>2027-03</c>); null for those that never do, and for <c>pending</c> ones.</summary>
sealed record OwedPointsAnswer(string Kind, string? Month, long Points);

sealed record BrokenPointsAnswer(string Month, long Points);

/// <summary>Points that lapsed in the fiscal year that begins in April of this year.</summary>
sealed record BrokenInYearAnswer(int FiscalYear, long Points);

/// <summary>
/// What the programme owed in points at the end of a day, and what lapsed in each of the 24 months and the five fiscal years up to then, of
/// which history is there.
/// </summary>
sealed record PointsReportAnswer(
    string Day, long Total, IReadOnlyList<OwedPointsAnswer> Liability, IReadOnlyList<BrokenPointsAnswer> Breakage,
    IReadOnlyList<BrokenInYearAnswer> BreakageByFiscalYear);

/// <summary>Points for accounting.</summary>
static class PointsReportApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/console/points-report", Read)
            .Named("readPointsReport", "Points owed at the end of a day by kind and month of lapse, and breakage by month and fiscal year, from the ledger.")
            .RequireAuthorization(Policies.Audit).WithPriority(RequestPriority.CanWait).Produces<PointsReportAnswer>().Refuses(400, 422);

    static async Task<IResult> Read(string? day, PointsReport report, TimeProvider clock, CancellationToken ct)
    {
        var on = JapanDay.Of(clock.GetUtcNow());
        if (day is not null && !JapanDay.TryParse(day, out on))
            return new Problem("invalid_request");
        var answer = await report.Of(on, ct);
        return answer.Accepted
            ? Results.Ok(new PointsReportAnswer(on.ToString(), answer.Value.Total.Value,
                [.. answer.Value.Owed.Select(o => new OwedPointsAnswer(
                    o.Kind is { } kind ? PointsApi.Kind(kind) : "pending", o.Month is { } month ? Of(month) : null, o.Points.Value))],
                [.. answer.Value.Broken.Select(b => new BrokenPointsAnswer(Of(b.Month), b.Points.Value))],
                [.. answer.Value.BrokenByYear.Select(b => new BrokenInYearAnswer(b.Year.Year, b.Points.Value))]))
            : Problem.Of(answer.Refusal);
    }

    static string Of(int month) => string.Create(CultureInfo.InvariantCulture, $"{month / 100:0000}-{month % 100:00}");
}
