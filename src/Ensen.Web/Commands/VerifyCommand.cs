using System.CommandLine;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Operations;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Web.Commands;

/// <summary>
/// <c>verify</c>, <c>verify --root 2026-11-21=HEX</c>: proves the books from their postings, and changes nothing
/// (docs/operating/verify.md).
/// </summary>
static class VerifyCommand
{
    static readonly Option<PublishedRoot[]> s_roots = new("--root")
    {
        HelpName = "DAY=HEX",
        Description = "that day's root as it was published, 2026-11-21=64 digits; may be repeated",
        CustomParser = given =>
        {
            var roots = given.Tokens.Select(t => PublishedRoot.Read(t.Value)).OfType<PublishedRoot>().ToArray();
            if (roots.Length < given.Tokens.Count)
                given.AddError("A published root is written --root 2026-11-21=HEX, with the 64 digits of that day's root.");
            return roots;
        },
    };

    static readonly Option<LogHead[]> s_log = new("--log")
    {
        HelpName = "NUMBER=HEX",
        Description = "a row of the operators' log as it was kept elsewhere, 42=64 digits; may be repeated",
        CustomParser = given =>
        {
            var kept = given.Tokens.Select(t => LogHead.Parse(t.Value)).OfType<LogHead>().ToArray();
            if (kept.Length < given.Tokens.Count)
                given.AddError("A row of the log is written --log 42=HEX, with the 64 digits of its hash.");
            return kept;
        },
    };

    public static Command From(Func<WebApplication> compose)
    {
        var command = new Command(
            "verify",
            "Proves the books from their postings, and changes nothing. Ends with 0 when everything holds, 1 when not (the rows are named), "
            + "2 when it could not be asked. What I1 to I9 are: docs/operating/verify.md.") { s_roots, s_log };
        command.SetAction(async (asked, ct) =>
        {
            var services = compose().Services;
            await using var db = await JudgedBooks.Open(services.GetRequiredService<Settings>().Database, command.Name);
            var clock = await services.Clock(db, ct);
            IReadOnlyList<PublishedRoot> published = [.. services.GetRequiredService<RootFolder>().Read(), .. asked.GetValue(s_roots)
                ?? []];
            return Print(await new Verify(db, clock).Run(published, Progress.OfThisConsole().Tell, asked.GetValue(s_log), ct));
        });
        return command;
    }

    static int Print(Verdict verdict)
    {
        foreach (var (check, broken) in verdict.Checks)
        {
            Console.WriteLine($"{(broken.Count == 0 ? "holds " : "BROKEN")}  {check}");
            foreach (var row in broken)
                Console.WriteLine($"           {row}");
        }
        Console.WriteLine($"{Plural.Entries(verdict.Entries)}, {Plural.Postings(verdict.Postings)}");
        if (verdict.Detached > 0)
            Console.WriteLine($"{Plural.Entries(verdict.Detached)} of months that were taken away: their seals hold, their rows are elsewhere");
        foreach (var line in verdict.Balance.Lines)
            Console.WriteLine(FormattableString.Invariant(
                $"{line.AccountType?.Word ?? $"type {line.Number}",-16}{line.Balance,20:N0} {line.AccountType?.Unit switch { Unit.Yen => "yen", Unit.Point => "points", _ => "" },-7}{Plural.Of(line.Accounts, "account", "accounts"),20}"));
        Console.WriteLine(FormattableString.Invariant($"sum               {verdict.Balance.Sum(Unit.Yen):N0} yen, {verdict.Balance.Sum(Unit.Point):N0} points"));
        if (verdict.Log is { } log)
            Console.WriteLine(FormattableString.Invariant($"log of operators  {log.Number:N0} rows, the last {log.Number}={log.Hash}"));
        Console.WriteLine(verdict.Holds ? "Everything holds." : "Not everything holds.");
        return verdict.Holds ? 0 : 1;
    }
}
