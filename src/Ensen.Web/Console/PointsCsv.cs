using System.Globalization;
using Ensen.Basics;
using Ensen.Points;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Rooms;

/// <summary>
/// What is owed in points and what lapsed, for accounting, as one file: what it is, which month or year, which kind, how many.
/// </summary>
static class PointsCsv
{
    public static void Map(IEndpointRouteBuilder audit) =>
        audit.MapGet("/console/points/csv", Read).WithPriority(RequestPriority.CanWait).ExcludeFromDescription();

    static async Task<IResult> Read(
        string? day, PointsReport report, IStringLocalizer<ConsoleWords> words, IStringLocalizer<Words> shared, TimeProvider clock,
        CancellationToken ct)
    {
        var (on, fault) = AskedDay.Read(day, clock);
        if (fault is not null) return AskedDay.Refused(fault, shared);
        if ((await report.Of(on, ct)).Value is not { } owed) return Results.NotFound();
        using var text = new CsvText();
        text.Row(words["Csv_what"], words["Csv_when"], words["PointsKind"], words["PointsCount"]);
        foreach (var line in owed.Owed)
            text.Row(words["Csv_owed"], line.Month is { } month ? Month(month) : line.Kind is null ? "" : words["PointsNever"],
                line.Kind is { } kind ? words["Lot_" + kind] : words["LotPending"], line.Points);
        text.Row(words["Csv_total"], on.ToString(), "", owed.Total);
        foreach (var line in owed.Broken)
            text.Row(words["Csv_lapsed"], Month(line.Month), "", line.Points);
        foreach (var line in owed.BrokenByYear)
            text.Row(words["Csv_lapsedInYear"], line.Year.Year, "", line.Points);
        return text.File($"ensen-points-{on}.csv");
    }

    static string Month(int month) => string.Create(CultureInfo.InvariantCulture, $"{month / 100:0000}-{month % 100:00}");
}
