using System.Data.Common;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Schedule;
using Ensen.Storage;

namespace Ensen.Web;

/// <summary>What the program does instead of serving, when its first argument says so.</summary>
static class Commands
{
    /// <summary>Returns the exit code, or null when there is no command and the server shall start.</summary>
    public static async Task<int?> Run(WebApplication app, string[] args)
    {
        if (args is ["verify" or "roots" or "months", ..] && Unfit(args, app.Services.GetRequiredService<Settings>().Database) is { } why)
            return await Refuse(why);
        switch (args.FirstOrDefault())
        {
            case "migrate":
                await app.Services.GetRequiredService<Database>().Migrate();
                Console.WriteLine("The database is up to date.");
                return 0;
            case "verify":
                await app.Services.GetRequiredService<Database>().Migrate();
                return Read(args, "--root") is { } published
                    ? Print(await app.Services.GetRequiredService<Verify>().Run([.. app.Services.GetRequiredService<RootFolder>().Read(), .. published]))
                    : await Refuse("A published root is written --root 2026-11-21=HEX, with the 64 digits of that day's root.");
            case "roots":
                await app.Services.GetRequiredService<Database>().Migrate();
                return await PrintRoots(app.Services.GetRequiredService<Database>(), args);
            case "months":
                await app.Services.GetRequiredService<Database>().Migrate();
                await app.Services.GetRequiredService<MovableClock>().Load(app.Services.GetRequiredService<Database>());
                return await MonthsCommand.Run(app.Services.GetRequiredService<Months>(), args[1..]);
            case { } word when !word.StartsWith('-'):
                await Console.Error.WriteLineAsync($"'{word}' is no command. There are: verify, migrate, months, roots, check-receipt; none starts the server.");
                return 2;
            default:
                return null;
        }
    }

    /// <summary>A slip of the pen must not verify another database, or an empty one made on the spot.</summary>
    static string? Unfit(string[] args, string address)
    {
        string[] known = ["--database", "--root", "--since", "--urls", "--environment", "--contentRoot", "--applicationName"];
        if (args.FirstOrDefault(a => a.StartsWith("--", StringComparison.Ordinal) && !a.Contains(':', StringComparison.Ordinal) && !known.Contains(a.Split('=')[0], StringComparer.OrdinalIgnoreCase)) is { } unknown)
            return $"'{unknown}' is no option of this command. There are: --database, --root DAY=HEX (verify), --since DAY (roots).";
        return address.StartsWith("sqlite:", StringComparison.Ordinal) && !File.Exists(address["sqlite:".Length..])
            ? $"There is no database at {address}."
            : null;
    }

    /// <summary>What stands in the way of starting, in a line for whoever started it; null for what is a fault of the program.</summary>
    public static string? Explain(Exception e) => e switch
    {
        InvalidProgrammeException or UnusableDatabaseException or RootsDifferException => e.Message,
        DbException => $"The database cannot be used: {e.Message}",
        IOException or UnauthorizedAccessException => e.Message,
        _ => null,
    };

    /// <summary>The roots that the arguments name; null when one of them is not of their form.</summary>
    static IReadOnlyList<PublishedRoot>? Read(string[] args, string option)
    {
        var roots = ReceiptCommand.ValuesOf(args, option).Select(PublishedRoot.Read).ToList();
        return roots.Contains(null) ? null : [.. roots.OfType<PublishedRoot>()];
    }

    static async Task<int> PrintRoots(Database db, string[] args)
    {
        const int Shown = 30, Page = 1_000;
        await using var connection = await db.Connect();
        var since = ReceiptCommand.ValuesOf(args, "--since").LastOrDefault();
        if (since is null)
        {
            foreach (var day in (await DayRoots.Latest(connection, Shown)).Reverse())
                Print(day);
            return 0;
        }
        if (!DateOnly.TryParseExact(since, "yyyy-MM-dd", out var date))
            return await Refuse("A day is written --since 2026-11-21.");
        for (var from = new BusinessDay(date); await DayRoots.Since(connection, from, Page) is { Count: > 0 } days; from = days[^1].Date.Next)
            foreach (var day in days)
                Print(day);
        return 0;

        static void Print(DayRoot day) => Console.WriteLine(FormattableString.Invariant($"{day.Date} {day.Hex} {day.Seals} seals"));
    }

    static async Task<int> Refuse(string words)
    {
        await Console.Error.WriteLineAsync(words);
        return 2;
    }

    static int Print(Verdict verdict)
    {
        foreach (var (check, broken) in verdict.Checks)
        {
            Console.WriteLine($"{(broken.Count == 0 ? "holds " : "BROKEN")}  {check}");
            foreach (var row in broken)
                Console.WriteLine($"           {row}");
        }
        Console.WriteLine($"{Counted.Entries(verdict.Entries)}, {Counted.Postings(verdict.Postings)}");
        if (verdict.Detached > 0)
            Console.WriteLine($"{Counted.Entries(verdict.Detached)} of months that were taken away: their seals hold, their rows are elsewhere");
        foreach (var line in verdict.Balance.Lines)
            Console.WriteLine(FormattableString.Invariant(
                $"{line.Book.Word(),-16}{line.Balance,20:N0} {line.Unit switch { Unit.Yen => "yen", Unit.Point => "points", _ => "" },-7}{Counted.Of(line.Accounts, "account", "accounts"),20}"));
        Console.WriteLine(FormattableString.Invariant($"sum               {verdict.Balance.Sum(Unit.Yen):N0} yen, {verdict.Balance.Sum(Unit.Point):N0} points"));
        Console.WriteLine(verdict.Holds ? "Everything holds." : "Not everything holds.");
        return verdict.Holds ? 0 : 1;
    }
}

/// <summary>The address of the database is none; the message says why.</summary>
sealed class UnusableDatabaseException(Exception inner) : Exception(inner.Message, inner);
