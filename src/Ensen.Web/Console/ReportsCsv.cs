using Ensen.Basics;
using Ensen.Compliance;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Session;
using Ensen.Web.Texts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Rooms;

/// <summary>The reports of the law as files, and the form that asks who held much.</summary>
static class ReportsCsv
{
    const string Holdings = "/console/reports/holdings";

    public static void Map(IEndpointRouteBuilder accounting)
    {
        accounting.MapGet("/console/reports/safeguarding/csv", Safeguarding)
            .WithPriority(RequestPriority.CanWait).ExcludeFromDescription();
        accounting.MapGet("/console/reports/prepaid/csv", Prepaid).WithPriority(RequestPriority.CanWait).ExcludeFromDescription();
        accounting.MapForm("/console/reports/holdings/look", (HttpContext http, SentBack sentBack) =>
            Results.LocalRedirect(sentBack.Address(http, Holdings)));
        accounting.MapForm("/console/reports/holdings/csv", HoldingsFile);
    }

    static async Task<IResult> Safeguarding(
        string? day, ReportSafeguarding report, IStringLocalizer<ConsoleWords> words, IStringLocalizer<Words> shared, TimeProvider clock,
        CancellationToken ct)
    {
        var (asked, fault) = AskedDay.Read(day, clock);
        if (fault is not null) return AskedDay.Refused(fault, shared);
        if ((await report.Of(asked, ct)).Value is not { } found) return Results.NotFound();
        using var text = new CsvText();
        text.Row(words["ReportDay"], words["Csv_what"], words["ReportYen"]);
        var on = found.Claims.Day.ToString();
        foreach (var sum in found.Claims.Sums.Where(s => ClaimsOfDay.IsTransfer(s.AccountType)))
            text.Row(on, ReportWords.Account(sum.AccountType, words), sum.Amount);
        text.Row(on, words["Report_Outstanding"], found.Outstanding);
        text.Row(on, words["Report_Cost"], found.Cost);
        text.Row(on, words["Report_Required"], found.Required);
        var highest = found.Week.Highest.ToString();
        text.Row(highest, words["Csv_highestOutstanding"], found.Week.Outstanding);
        text.Row(highest, words["Csv_highestRequired"], found.Week.Required);
        return text.File($"ensen-safeguarding-{on}.csv");
    }

    static async Task<IResult> Prepaid(
        string? day, ReportPrepaid report, IStringLocalizer<ConsoleWords> words, IStringLocalizer<Words> shared, TimeProvider clock,
        CancellationToken ct)
    {
        var (asked, fault) = AskedDay.Read(day, clock);
        if (fault is not null) return AskedDay.Refused(fault, shared);
        if ((await report.Of(asked, ct)).Value is not { } found) return Results.NotFound();
        using var text = new CsvText();
        text.Row(words["ReportDay"], words["Csv_what"], words["ReportYen"]);
        var on = found.Claims.Day.ToString();
        text.Row(on, words["Report_Unused"], found.Outstanding);
        text.Row(on, words["Report_Half"], found.Required);
        if (found.InForce is { } inForce)
        {
            text.Row(inForce.Date.ToString(), words["Report_Unused"], inForce.Unused);
            text.Row(inForce.Date.ToString(), words["Report_Deposit"], inForce.Required);
        }
        return text.File($"ensen-prepaid-{on}.csv");
    }

    static async Task<IResult> HoldingsFile(HttpContext http, [FromForm] string? day, [FromForm] string? reason, ReportHoldings report,
        IStringLocalizer<ConsoleWords> words, SentBack sentBack, TimeProvider clock, CancellationToken ct)
    {
        var (asked, fault) = AskedDay.Read(day ?? "", clock);
        if (fault is not null) return Results.LocalRedirect(sentBack.Address(http, Holdings));
        var answer = await report.Run(asked, reason ?? "", http.OperatorId(), ct);
        if (!answer.Accepted) return Results.LocalRedirect(sentBack.Address(http, Holdings));
        using var text = new CsvText();
        text.Row(words["ReportDay"], words["GoodwillMember"], words["Account_Money"], words["Account_Prepaid"],
            words["HoldingOnItsWay"], words["HoldingTotal"]);
        foreach (var holding in answer.Value.Shown)
            text.Row(answer.Value.Day.ToString(), holding.HolderId, holding.Money, holding.Prepaid, holding.OnItsWay,
                holding.Total);
        return text.File($"ensen-holdings-{answer.Value.Day}.csv");
    }
}
