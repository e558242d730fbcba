using System.Data.Common;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Schedule;
using Ensen.Storage;

namespace Ensen.Web;

/// <summary>What the program does instead of serving, when a word says so.</summary>
static class Commands
{
    /// <summary>Returns the exit code, or null when there is no command and the server shall start.</summary>
    public static async Task<int?> Run(WebApplication app, string[] args)
    {
        var words = WordsOf(args);
        if (words is not [{ } word, ..])
            return null;
        if (Manual.Find(word) is not { } command)
            return await Refuse($"'{word}' is no command. There are: {Manual.Names}; none starts the server, --help says more.");
        var address = app.Services.GetRequiredService<Settings>().Database;
        if (Unfit(command, args) is { } why)
            return await Refuse(why);
        if (command.Name == "migrate")
        {
            await app.Services.GetRequiredService<Database>().Migrate();
            Console.WriteLine("The database is up to date.");
            return 0;
        }
        if (Missing(address) is { } nothing)
            return await Refuse(nothing);
        if (command.Name is BouncesCommand.Name)
            return await BouncesCommand.Run(app.Services, [.. words.Skip(1)]);
        if (command.Name is StoreCommand.Name or TestMailCommand.Name)
            return await Work(app.Services, command, [.. words.Skip(1)], args);

        // What is judged is not changed, also not brought up to date.
        await using var db = Composition.OpenDatabase(address, toRead: true);
        if (Misfit(await db.CompareSchema(), command) is { } misfit)
            return await Refuse(misfit);
        switch (command.Name)
        {
            case "verify":
                if (Read(args, "--root") is not { } published)
                    return await Refuse("A published root is written --root 2026-11-21=HEX, with the 64 digits of that day's root.");
                var clock = app.Services.GetRequiredService<MovableClock>();
                await clock.Load(db);
                return Print(await new Verify(db, clock).Run([.. app.Services.GetRequiredService<RootFolder>().Read(), .. published], Progress.OfThisConsole().Tell));
            case "roots":
                return await PrintRoots(db, args);
            default:
                await app.Services.GetRequiredService<DatabaseClock>().Load(db);
                await app.Services.GetRequiredService<MovableClock>().Load(db);
                return await MonthsCommand.Run(app.Services.GetRequiredService<Months>(), [.. words.Skip(1)]);
        }
    }

    /// <summary>Commands that do with the product what its pages do: on the database as this program keeps it, by its clock.</summary>
    static async Task<int> Work(IServiceProvider services, Command command, IReadOnlyList<string> words, string[] args)
    {
        if (Misfit(await services.GetRequiredService<Database>().CompareSchema(), command) is { } misfit)
            return await Refuse(misfit);
        await services.GetRequiredService<DatabaseClock>().Load(services.GetRequiredService<Database>());
        await services.GetRequiredService<MovableClock>().Load(services.GetRequiredService<Database>());
        return command.Name is StoreCommand.Name ? await StoreCommand.Run(services, words, args) : await TestMailCommand.Run(services, words);
    }

    /// <summary>What is neither an option nor an option's value. The first is the command, wherever it stands.</summary>
    public static IReadOnlyList<string> WordsOf(string[] args)
    {
        var words = new List<string>();
        for (var i = 0; i < args.Length; i++)
            if (IsWord(args[i]))
                words.Add(args[i]);
            else if (!args[i].Contains('=', StringComparison.Ordinal))
                i++;
        return words;
    }

    /// <summary>A dash alone stands for the standard input.</summary>
    static bool IsWord(string argument) => argument == "-" || !argument.StartsWith('-');

    /// <summary>A slip of the pen must not verify another database: every argument is one that the command takes.</summary>
    static string? Unfit(Command command, string[] args)
    {
        string[] ofEvery = ["--urls", "--environment", "--contentRoot", "--applicationName", "--ENSEN_DATABASE", "--ENSEN_ROOTS"];
        var known = command.Options.Select(o => o.Form.Split(' ')[0]).Concat(ofEvery).ToList();
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=')[0];
            if (IsWord(name) && name != command.Name && !command.TakesWords)
                return $"'{name}' is one word too many. {command.Name} takes: {Forms(command)}.";
            if (IsWord(name))
                continue;
            if (!name.Contains(':', StringComparison.Ordinal) && !known.Contains(name, StringComparer.OrdinalIgnoreCase))
                return $"'{name}' is no option of {command.Name}. There are: {Forms(command)}.";
            if (!args[i].Contains('=', StringComparison.Ordinal) && ++i == args.Length)
                return $"After {name} its value is missing. {command.Name} takes: {Forms(command)}.";
        }
        return null;
    }

    static string Forms(Command command) => string.Join(", ", command.Options.Select(o => o.Form));

    /// <summary>Nor an empty one made on the spot.</summary>
    static string? Missing(string address) =>
        address.StartsWith("sqlite:", StringComparison.Ordinal) && !File.Exists(address["sqlite:".Length..]) ? $"There is no database at {address}." : null;

    /// <summary>What is to be done first when the schema is not this program's; null when it is.</summary>
    static string? Misfit(SchemaFit fit, Command command) =>
        fit.IsEmpty ? "This database has no books: it is another one, or new. 'migrate' makes their tables."
        : fit.Unknown.Count > 0 ? $"This database is newer than this program, which does not know {string.Join(", ", fit.Unknown)}: use the newer program for {command.Name}."
        : fit.Missing.Count > 0 ? $"This database is older than this program, it lacks {string.Join(", ", fit.Missing)}; and {command.Name} does not bring it up to date, "
            + "for what it looks at is to stay as it is. Use the program that wrote it, or run 'migrate' first (if it is the only backup: on a copy)."
        : null;

    /// <summary>What stands in the way of starting, in a line for whoever started it; null for what is a fault of the program.</summary>
    public static string? Explain(Exception e) => e switch
    {
        InvalidSettingException or UnusableDatabaseException or RootsDifferException => e.Message,
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

        static void Print(DayRoot day) => Console.WriteLine($"{day.Date} {day.Hex} {Counted.Of(day.Seals, "seal", "seals")}");
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
