using System.Globalization;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Operations;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Rooms;

/// <summary>Proposing a campaign, trying it, the second person's approval, and stopping it.</summary>
static class CampaignForms
{
    const string Page = "/console/campaigns";

    public static void Map(IEndpointRouteBuilder campaigns)
    {
        campaigns.MapForm("/console/campaigns/propose", Propose);
        campaigns.MapForm("/console/campaigns/dry-run", Try);
        campaigns.MapForm("/console/campaigns/approve", Approve);
        campaigns.MapForm("/console/campaigns/stop", Stop);
    }

    static async Task<IResult> Propose(HttpContext http, ProposeCampaign propose, SentBack sentBack, CancellationToken ct)
    {
        if (Read(http.Request.Form) is { } body && CampaignWords.TermsOf(body) is { } terms)
        {
            var asked = new ProposeCampaignRequest(terms, http.OperatorId(), KeyOf(http.Request.Form));
            if (await propose.Run(asked, ct) is { Accepted: true } made)
                return Told(made.Value.Id.ToString(), "Proposed");
        }
        return Results.LocalRedirect(sentBack.Address(http, $"{Page}/new", ("told", "InvalidRequest")));
    }

    static async Task<IResult> Try(HttpContext http, [FromForm] string? campaign, DryRunCampaign dryRun, CancellationToken ct)
    {
        var answer = await dryRun.Run(Of(campaign), http.OperatorId(), ct);
        return Told(campaign, answer.Accepted ? "Tried" : answer.Refusal.ToString());
    }

    static async Task<IResult> Approve(HttpContext http, [FromForm] string? campaign, ApproveCampaign approve, CancellationToken ct)
    {
        var answer = await approve.Run(Of(campaign), http.OperatorId(), ct: ct);
        return Told(campaign, answer.Accepted ? "Approved" : answer.Refusal.ToString());
    }

    static async Task<IResult> Stop(
        HttpContext http, [FromForm] string? campaign, [FromForm] string? reason, StopCampaign stop, CancellationToken ct)
    {
        var answer = await stop.Run(new StopCampaignRequest(Of(campaign), reason ?? "", http.OperatorId()), ct);
        return Told(campaign, answer.Accepted ? "Stopped" : answer.Refusal.ToString());
    }

    static CampaignId Of(string? text) => Id.TryParse(text, out CampaignId id) ? id : default;

    static IResult Told(string? campaign, string what) => Results.LocalRedirect($"{Page}/{Of(campaign)}?told={what}");

    /// <summary>The form was drawn with a number of its own: sent twice it is one campaign.</summary>
    static string? KeyOf(IFormCollection form) => form["once"].ToString() is { Length: > 0 and <= 40 } once ? $"form {once}" : null;

    /// <summary>What was typed; null where something is no number or no moment.</summary>
    static CampaignBody? Read(IFormCollection form)
    {
        var (from, until) = (Moment(form["from"]), Moment(form["ends"]));
        if (from is null || until is null || !long.TryParse(form["amount"], NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            || !long.TryParse(form["budget"], NumberStyles.None, CultureInfo.InvariantCulture, out var budget)
            || !TryNumber(form["perYen"], out var perYen) || !TryNumber(form["least"], out var least)
            || !TryNumber(form["capPerDay"], out var capPerDay) || !TryNumber(form["capInAll"], out var capInAll)
            || !TryNumber(form["lasts"], out var lasts) || lasts is null or > 1_000
            || !TryNumber(form["pending"], out var pending) || pending > CampaignTerms.MostPendingDays
            || !TryNumber(form["fromHour"], out var fromHour) || !TryNumber(form["untilHour"], out var untilHour)
            || fromHour > 24 || untilHour > 24)
            return null;
        return new CampaignBody(
            form["nameJa"].ToString(), form["nameEn"].ToString(), from.Value, until.Value,
            new GiftBody(form["gift"].ToString(), amount, form["gift"] == "per_yen" ? perYen : null), budget, form["textJa"],
            form["textEn"], form["verified"].Count > 0 ? "verified" : "all", form["entry"].Count > 0, Lines(form["stores"]), Each(form, "category"),
            Lines(form["areas"]), Each(form, "day"), (int?)fromHour, (int?)untilHour, Each(form, "channel"), least, capPerDay, capInAll,
            null, (int?)lasts, PendingDays: (int?)pending, DayKinds: Each(form, "dayKind"));
    }

    static List<string> Each(IFormCollection form, string name) => [.. form[name].OfType<string>().Where(v => v != "")];

    static string[] Lines(string? text) =>
        (text ?? "").Split([',', '、', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    static bool TryNumber(string? text, out long? number)
    {
        number = null;
        if (string.IsNullOrWhiteSpace(text))
            return true;
        if (!long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var read))
            return false;
        number = read;
        return true;
    }

    /// <summary>A day and a time of day, Japan's.</summary>
    static DateTimeOffset? Moment(string? text) =>
        DateTime.TryParseExact(text, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
        && local.Year > DateOnly.MinValue.Year
            ? new DateTimeOffset(local, TimeSpan.FromHours(9)) : null;
}
