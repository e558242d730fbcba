using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Compliance;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>What customers had a claim to in accounts of one type.</summary>
sealed record ClaimSumAnswer(string Account, long Amount);

/// <summary>The business day of the week up to the day on which the most was required.</summary>
sealed record HighestOfWeekAnswer(string From, string HighestDay, long Outstanding, long Required);

/// <param name="Final">The day is over: asked again, the answer is the same.</param>
/// <param name="Outstanding">What is owed from transfers of funds.</param>
/// <param name="Cost">What paying it back would cost.</param>
/// <param name="Required">What has to be safeguarded for that day.</param>
sealed record SafeguardingAnswer(string Day, bool Final, bool BusinessDay, long Outstanding, long Cost, long Required,
    HighestOfWeekAnswer Week, IReadOnlyList<ClaimSumAnswer> Items);

/// <summary>The base date by which it goes, and what is to be deposited for it until when.</summary>
sealed record DepositAnswer(string Date, long Outstanding, long Required, string DueBy);

/// <param name="Outstanding">What was unused.</param>
/// <param name="Cost">Nothing: the law adds none to prepaid value.</param>
/// <param name="Required">What would have to be deposited, were the day a base date.</param>
sealed record PrepaidReportAnswer(string Day, bool Final, bool BaseDate, long Outstanding, long Cost, long Required,
    DepositAnswer? InForce);

/// <param name="MemberId">Whose wallet it is; null where it is a company's account.</param>
/// <param name="BusinessId">The company; null where it is a member.</param>
sealed record HoldingAnswer(MemberId? MemberId, BusinessId? BusinessId, long Money, long Prepaid, long OnItsWay, long Total);

/// <param name="Count">How many hold more than <paramref name="Above"/>; at most 1,000 of them are listed, the largest first.</param>
/// <param name="Outstanding">What they hold together.</param>
sealed record HoldingsAnswer(string Day, bool Final, long Above, int Count, long Outstanding, IReadOnlyList<HoldingAnswer> Items);

/// <summary>The reports of the law, for any day.</summary>
static class ReportsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var reports = api.MapGroup("/console/reports").RequireAuthorization(Policies.Accounting);
        reports.MapGet("/safeguarding", Safeguarding)
            .Named("reportSafeguarding", "What is owed from transfers of funds at the end of a day (today: now), and what is safeguarded.")
            .WithPriority(RequestPriority.CanWait).Produces<SafeguardingAnswer>().Refuses(400, 422);
        reports.MapGet("/prepaid", Prepaid)
            .Named("reportPrepaid",
                "Prepaid value that was unused at the end of a day (today: now), and the deposit for the base date in force.")
            .WithPriority(RequestPriority.CanWait).Produces<PrepaidReportAnswer>().Refuses(400, 422);
        reports.MapGet("/holdings", Holdings)
            .Named("reportHoldings", "Who held more than 1,000,000 yen at the end of a day (today: now). Takes a reason, and is recorded.")
            .WithPriority(RequestPriority.CanWait).Produces<HoldingsAnswer>().Refuses(400, 422);
    }

    static async Task<IResult> Safeguarding(string? day, ReportSafeguarding report, TimeProvider clock, CancellationToken ct)
    {
        if (Day(day, clock) is not { } on) return Problem.Invalid("day");
        var answer = await report.Of(on, ct);
        if (!answer.Accepted) return Problem.Of(answer.Refusal);
        var (found, week) = (answer.Value, answer.Value.Week);
        return Results.Ok(new SafeguardingAnswer(on.ToString(), found.Claims.IsOver, found.IsBusinessDay, found.Outstanding.Value,
            found.Cost.Value, found.Required.Value,
            new HighestOfWeekAnswer(week.From.ToString(), week.Highest.ToString(), week.Outstanding.Value, week.Required.Value),
            [.. found.Claims.Sums.Where(s => ClaimsOfDay.IsTransfer(s.AccountType))
                .Select(s => new ClaimSumAnswer(s.AccountType.Word, s.Amount.Value))]));
    }

    static async Task<IResult> Prepaid(string? day, ReportPrepaid report, TimeProvider clock, CancellationToken ct)
    {
        if (Day(day, clock) is not { } on) return Problem.Invalid("day");
        var answer = await report.Of(on, ct);
        if (!answer.Accepted) return Problem.Of(answer.Refusal);
        var found = answer.Value;
        return Results.Ok(new PrepaidReportAnswer(on.ToString(), found.Claims.IsOver, PrepaidRule.IsBaseDate(on),
            found.Outstanding.Value, 0, found.Required.Value, found.InForce is { } b
                ? new DepositAnswer(b.Date.ToString(), b.Unused.Value, b.Required.Value, b.DueBy.ToString()) : null));
    }

    static async Task<IResult> Holdings(
        HttpContext context, string? day, string? reason, ReportHoldings report, TimeProvider clock, CancellationToken ct)
    {
        if (Day(day, clock) is not { } on) return Problem.Invalid("day");
        var answer = await report.Run(on, reason ?? "", context.OperatorId(), ct);
        if (!answer.Accepted) return Problem.Of(answer.Refusal);
        var found = answer.Value;
        return Results.Ok(new HoldingsAnswer(on.ToString(), found.IsOver, Holding.Above.Value, found.Count, found.Total.Value,
            [.. found.Shown.Select(h => new HoldingAnswer(
                h.Company is null ? h.Member : null, h.Company is null ? null : new BusinessId(h.Member.Value),
                h.Money.Value, h.Prepaid.Value, h.OnItsWay.Value, h.Total.Value))]));
    }

    /// <summary>The day that is asked for, today where none is; null for what is no day.</summary>
    static JapanDay? Day(string? day, TimeProvider clock) =>
        day is null ? JapanDay.Of(clock.GetUtcNow()) : JapanDay.TryParse(day, out var on) ? on : null;
}
