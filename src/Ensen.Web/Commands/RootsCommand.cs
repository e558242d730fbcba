using System.CommandLine;
using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Web.Commands;

/// <summary><c>roots</c>, <c>roots --since 2026-04-01</c>: the root of each closed day, to be kept elsewhere.</summary>
static class RootsCommand
{
    const int Shown = 30;
    const int Page = 1_000;

    static readonly Option<JapanDay?> s_since = new("--since")
    {
        HelpName = "DAY",
        Description = "the first day, 2026-04-01",
        CustomParser = given =>
        {
            if (JapanDay.TryParse(given.Tokens[0].Value, out var day))
                return day;
            given.AddError("A day is written --since 2026-11-21.");
            return null;
        },
    };

    public static Command From(Func<WebApplication> compose)
    {
        var command = new Command(
            "roots", "Prints the root of each closed day, the last thirty or those since a day. A line is the day, its root, and how many "
            + "seals it covers. What they are good for: docs/receipts.md.") { s_since };
        command.SetAction(async (asked, ct) =>
        {
            await using var db = await JudgedBooks.Open(compose().Services.GetRequiredService<Settings>().Database, command.Name);
            await using var connection = await db.Connect(ct);
            if (asked.GetValue(s_since) is not { } since)
                Print((await DayRoots.Latest(connection, Shown)).Reverse());
            else
                for (var from = since; await DayRoots.Since(connection, from, Page) is { Count: > 0 } days; from = days[^1].Date.Next)
                    Print(days);
        });
        return command;
    }

    static void Print(IEnumerable<DayRoot> days)
    {
        foreach (var day in days)
            Console.WriteLine($"{day.Date} {day.Hex} {Plural.Of(day.Seals, "seal", "seals")}");
    }
}
