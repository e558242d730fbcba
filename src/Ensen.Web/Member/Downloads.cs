using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Ensen.Basics;
using Ensen.Operations;
using Ensen.Transit;
using Ensen.Wallet;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Ensen.Web.Texts;
using Ensen.Web.Observability;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Members;

/// <summary>
/// A month of a member's movements and rides as a file, one a line; and everything that is kept about the member.
/// </summary>
static class Downloads
{
    static readonly JsonSerializerOptions s_readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    /// <summary>After the proof the account page offers the file: no page stands where a file is.</summary>
    public static IReadOnlyList<StepUpAct> Acts { get; } =
        [new(ExportMember.Purpose, "/account", (_, _, _) => Task.FromResult(Results.LocalRedirect("/account?told=export-ready#mine")))];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/history/csv/{month}", Month).WithPriority(RequestPriority.CanWait).RequireAuthorization(Policies.Member)
            .ExcludeFromDescription();
        routes.MapGet("/account/export", Everything).WithPriority(RequestPriority.CanWait).RequireAuthorization(Policies.Member)
            .ExcludeFromDescription();
    }

    static async Task<IResult> Everything(HttpContext http, ExportMember export, CancellationToken ct)
    {
        // Each file takes a proof of its own: a session that was left open, or stolen, is no way to all that is known of its member.
        if (!await ByProgram.IsAllowed(http, ExportMember.Purpose))
            return StepUpAct.Ask(http, ExportMember.Purpose, new Dictionary<string, string>());
        if (await export.Run(http.MemberId(), ct) is not { } all) return Results.NotFound();
        http.Response.Headers.CacheControl = "no-store";
        return Results.File(Encoding.UTF8.GetBytes(all.ToJsonString(s_readable)), "application/json", $"ensen-{http.MemberId()}.json");
    }

    /// <summary>
    /// A ride moves no money and no points: its fare and what it will bring stand in columns of their own, so that the others add up.
    /// </summary>
    static async Task<IResult> Month(HttpContext http, string month, History history, OwnRides rides, IStringLocalizer<MemberWords> words,
        TimeProvider clock, CancellationToken ct)
    {
        if (!MonthOf.TryParse(month, out var asked) || asked.FirstDay > JapanDay.Of(clock.GetUtcNow())) return Results.NotFound();
        using var text = new CsvText();
        text.Row(words["Date"], words["Time"], words["Kind"], words["Csv_party"], words["Csv_yen"], words["Points"], words["Csv_balance"],
            words["ReceiptNumber"], words["Id"], words["Csv_fare"], words["Csv_ridePoints"], words["Csv_why"]);
        var movements = (await asked.Movements(history, http.MemberId(), ct)).Select(item => new PastThing(item.At, item, null));
        var rode = (await rides.Of(http.MemberId(), asked.FirstDay.Month, ct)).Rides
            .Select(ride => new PastThing(MonthRides.At(ride), null, ride));
        foreach (var (at, item, ride) in movements.Concat(rode).OrderBy(line => line.At))
            if (item is not null)
                text.Row(
                    JapanDay.Of(at).ToString(), InWords.TimeWithSeconds(at), words["Kind_" + item.Kind], Movements.Title(item, words),
                    item.Yen, item.Points, item.Balance, ReceiptNumber.Of(item.EntryId), Movements.IdOf(item), "", "", "");
            else
                text.Row(
                    JapanDay.FromNumber(ride!.Judged.Ride.Day).ToString(), InWords.TimeWithSeconds(at), words["Rides"],
                    OneHistory.WayOf(ride.Judged.Ride), "", "", "", "", "", ride.Judged.Ride.Fare, ride.Judged.Points,
                    MonthRides.Why(ride.Judged, words));
        return text.File($"ensen-{month}.csv");
    }
}
