using System.Globalization;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Ui;
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
        campaigns.MapForm("/console/campaigns/find", Find);
        campaigns.MapForm("/console/campaigns/dry-run", Try);
        campaigns.MapForm("/console/campaigns/approve", Approve);
        campaigns.MapForm("/console/campaigns/stop", Stop);
    }

    static async Task<IResult> Propose(HttpContext http, ProposeCampaign propose, Stores stores, SentBack sentBack, CancellationToken ct)
    {
        var wrong = new List<CampaignField>();
        var body = await Read(http.Request.Form, stores, wrong, ct);
        if (CampaignWords.TermsOf(body, out var unknown) is { } terms)
        {
            wrong.AddRange((await propose.Faults(terms, ct)).Where(f => !IsOf(f, wrong)));
            if (wrong.Count == 0)
            {
                var asked = new ProposeCampaignRequest(terms, http.OperatorId(), KeyOf(http.Request.Form));
                var answer = await propose.Run(asked, ct);
                return answer.Accepted ? Told(answer.Value.Id.ToString(), "Proposed") : Again(answer.Refusal.ToString());
            }
        }
        wrong.AddRange(unknown);
        return Again(nameof(ProposeCampaignRefusal.InvalidRequest));

        IResult Again(string told) => Results.LocalRedirect(sentBack.Address(http, $"{Page}/new", ("told", told),
            (FieldFaults.Name, string.Join(',', wrong.Distinct()))));
    }

    /// <summary>An end without a beginning that can be read is not judged.</summary>
    static bool IsOf(CampaignField field, List<CampaignField> wrong) =>
        wrong.Contains(field) || field == CampaignField.Until && wrong.Contains(CampaignField.From);

    /// <summary>The same page again, with the stores that were asked for.</summary>
    static IResult Find(HttpContext http, SentBack sentBack) => Results.LocalRedirect(sentBack.Address(http, $"{Page}/new") + "#stores");

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

    /// <summary>What was typed; where something is no number, no moment or no store, its field is among those that are wrong.</summary>
    static async Task<CampaignBody> Read(IFormCollection form, Stores stores, List<CampaignField> wrong, CancellationToken ct)
    {
        var kind = form["gift"].ToString();
        return new CampaignBody(
            form["nameJa"].ToString(), form["nameEn"].ToString(), Moment("from", CampaignField.From), Moment("ends", CampaignField.Until),
            new GiftBody(kind, Number("amount", CampaignField.Amount) ?? 0, Number("perYen", CampaignField.PerYen)),
            Number("budget", CampaignField.Budget) ?? 0, form["textJa"], form["textEn"], form["verified"].Count > 0 ? "verified" : "all",
            form["entry"].Count > 0, await StoreChoice.Chosen(form, stores, () => wrong.Add(CampaignField.Stores), ct),
            Each(form, "category"), Each(form, "area"), Each(form, "day"), Small("fromHour", CampaignField.FromHour),
            Small("untilHour", CampaignField.UntilHour), Each(form, "channel"), Number("least", CampaignField.LeastYen),
            Number("capPerDay", CampaignField.CapPerDay), Number("capInAll", CampaignField.CapInAll),
            null, Small("lasts", CampaignField.Lasts), Small("uses", CampaignField.Uses), Small("pending", CampaignField.PendingDays),
            Each(form, "dayKind"));

        // Nothing, or digits as anybody types them.
        long? Number(string name, CampaignField field)
        {
            var text = form[name].ToString().Trim();
            if (text == "")
                return null;
            if (!TypedDigits.TryWhole(text, out var number))
                wrong.Add(field);
            return number;
        }

        int? Small(string name, CampaignField field) => Number(name, field) is { } number ? (int)Math.Min(number, int.MaxValue) : null;

        // A day and a time of day, Japan's.
        DateTimeOffset Moment(string name, CampaignField field)
        {
            if (DateTime.TryParseExact(form[name], "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
                && local.Year > DateOnly.MinValue.Year)
                return new DateTimeOffset(local, TimeSpan.FromHours(9));
            wrong.Add(field);
            return DateTimeOffset.UnixEpoch;
        }
    }

    static List<string> Each(IFormCollection form, string name) => [.. form[name].OfType<string>().Where(v => v != "")];
}
