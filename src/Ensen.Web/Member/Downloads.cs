using System.Globalization;
using System.Text;
using Ensen.Basics;
using Ensen.Wallet;
using Ensen.Web.Session;
using Ensen.Web.Watching;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Members;

/// <summary>A month of a member's movements as a file that a spreadsheet opens: UTF-8 with its mark, comma separated, one movement a line.</summary>
static class Downloads
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/history/csv/{month}", Month).Matters(Importance.CanWait).RequireAuthorization(Policies.Member).ExcludeFromDescription();

    static async Task<IResult> Month(HttpContext http, string month, History history, IStringLocalizer<MemberWords> words, CancellationToken ct)
    {
        if (!MonthOf.TryParse(month, out var asked)) return Results.NotFound();
        var text = new StringBuilder();
        Line(text, words["Csv_date"], words["Csv_time"], words["Csv_kind"], words["Csv_party"], words["Csv_yen"], words["Csv_points"], words["Csv_balance"], words["Csv_receipt"], words["Csv_id"]);
        foreach (var item in await asked.Movements(history, http.MemberId(), ct))
            Line(text,
                BusinessDay.Of(item.At).ToString(), InWords.TimeWithSeconds(item.At), words["Kind_" + item.Kind], Movements.Title(item, words),
                Plain(item.Yen), Plain(item.Points), item.Balance is { } balance ? Plain(balance) : "",
                ReceiptNumber.Of(item.EntryId), Movements.IdOf(item));
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
        return Results.File(bytes, "text/csv; charset=utf-8", $"ensen-{month}.csv");
    }

    static string Plain(long value) => value.ToString(CultureInfo.InvariantCulture);

    static void Line(StringBuilder text, params ReadOnlySpan<string> fields)
    {
        for (var i = 0; i < fields.Length; i++)
            text.Append(i == 0 ? "" : ",").Append(Field(fields[i]));
        text.Append("\r\n");
    }

    /// <summary>Quoted where needed; a text that a spreadsheet would take for a formula is told to be a text. Numbers may begin with a minus.</summary>
    static string Field(string text)
    {
        if (text is ['=' or '+' or '@' or '\t' or '\r', ..] || (text is ['-', ..] && !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
            text = "'" + text;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
