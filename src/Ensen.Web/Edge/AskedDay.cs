using System.Text;
using Ensen.Basics;
using Ensen.Ui;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Edge;

/// <summary>
/// The day for which an address asks, today where it names none. What is no day, and a day to come, is said to be so on every page and for
/// every file: nobody reads the numbers of another day than the one they asked for.
/// </summary>
/// <param name="Day">What the field of the form shows: the day as asked, today where it cannot be read.</param>
/// <param name="Fault">The key of what is wrong with it; null when nothing is.</param>
readonly record struct AskedDay(JapanDay Day, string? Fault)
{
    public static AskedDay Read(string? asked, JapanDay today) =>
        asked is null ? new(today, null)
        : !JapanDay.TryParse(asked, out var day) ? new(today, "DayFault")
        : day > today ? new(day, "DayToCome")
        : new(day, null);

    public static AskedDay Read(string? asked, TimeProvider clock) => Read(asked, JapanDay.Of(clock.GetUtcNow()));

    /// <summary>For whoever asked for a file.</summary>
    public static IResult Refused(string fault, IStringLocalizer<Words> words) =>
        Results.Text(words[fault], "text/plain", Encoding.UTF8, StatusCodes.Status400BadRequest);
}
