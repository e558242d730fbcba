using System.CommandLine;
using System.CommandLine.Invocation;
using System.Data.Common;
using System.Globalization;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Web.Commands;

/// <summary>
/// What may be written behind the program's name: a command and its options, or nothing but settings, with which the server starts. Exit
/// codes: 0 done, 1 no (what was looked at does not hold, what was wanted is refused), 2 it could not be asked.
/// </summary>
static class CommandLine
{
    const int NotAsked = 2;

    /// <summary>Read by the configuration, and named here so that they are explained, and a misspelt one is refused.</summary>
    static readonly Option<string>[] s_everywhere =
    [
        new("--database") { HelpName = "ADDRESS", Recursive = true,
            Description = "sqlite:PATH or postgres:CONNECTION; else ENSEN_DATABASE, else sqlite:data/ensen.db" },
        new("--urls") { HelpName = "URLS", Recursive = true, Description = "where the server listens; else http://localhost:5080" },
        .. from name in new[] { "ENSEN_DATABASE", LedgerModule.Roots.Name, "environment", "contentRoot", "applicationName" }
           select new Option<string>("--" + name) { Recursive = true, Hidden = true },
    ];

    /// <param name="compose">Makes the product from its settings; a command that needs none of it does not call this.</param>
    /// <param name="serve">Serves until the node is told to stop.</param>
    public static async Task<int> Run(string[] args, Func<WebApplication> compose, Func<WebApplication, Task> serve)
    {
        var root = new RootCommand(
            "Ensen: a wallet, points and their ledger. Without a command the server starts. Every setting can be given as "
            + "--Ensen:NAME=VALUE; all of them are in docs/operating/README.md.")
        {
            VerifyCommand.From(compose), MigrateCommand.From(compose), MonthsCommand.From(compose), RootsCommand.From(compose),
                CheckReceiptCommand.Create(),
            StoreCommand.From(compose), BusinessCommand.From(compose),
            OperatorCommand.From(compose), CorrectionCommand.From(compose), RestrictionCommand.From(compose),
            RecordsCommand.From(compose),
            JobsCommand.From(compose),
            BouncesCommand.From(compose), TestMailCommand.From(compose),
        };
        foreach (var option in s_everywhere)
            root.Add(option);
        root.Add(Help(root));
        root.SetAction((_, _) => serve(compose()));

        // A slip of the pen must not verify another database: whatever a command does not take is refused.
        var asked = InEnglish(() => root.Parse(WithoutSettings(args), new ParserConfiguration { ResponseFileTokenReplacer = null }));
        var how = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        if (asked.Action is ParseErrorAction mistakes)
        {
            mistakes.ShowHelp = false;
            how.Output = Console.Error;
            InEnglish(() => asked.Invoke(how));
            return Refuse(NotAsked, "--help says what there is.");
        }
        if (asked.Action is SynchronousCommandLineAction)
            return InEnglish(() => asked.Invoke(how));
        return await asked.InvokeAsync(how);
    }

    /// <summary>What stands in the way of starting, in a line for whoever started it; null for what is a fault of the program.</summary>
    public static string? Explain(Exception e) => e switch
    {
        InvalidSettingException or UnusableDatabaseException or RootsDifferException or NotAskedException => e.Message,
        DbException => $"The database cannot be used: {e.Message}",
        IOException or UnauthorizedAccessException => e.Message,
        _ => null,
    };

    public static int Refuse(int code, string words)
    {
        Console.Error.WriteLine(words);
        return code;
    }

    /// <summary>
    /// Names with a colon are the configuration's alone (<c>--Ensen:Writers 3</c>, <c>--Logging:LogLevel:Default=Debug</c>), which refuses
    /// what it does not know.
    /// </summary>
    static List<string> WithoutSettings(string[] args)
    {
        var words = new List<string>();
        for (var i = 0; i < args.Length; i++)
            if (!IsSetting(args[i]))
                words.Add(args[i]);
            else if (!args[i].Contains('=', StringComparison.Ordinal) && ++i == args.Length)
                throw new NotAskedException($"After {args[^1]} its value is missing.");
        return words;
    }

    static bool IsSetting(string word) =>
        word.StartsWith("--", StringComparison.Ordinal) && word.Split('=')[0].Contains(':', StringComparison.Ordinal);

    static Command Help(RootCommand root)
    {
        var name = new Argument<string?>("COMMAND") { Arity = ArgumentArity.ZeroOrOne };
        var help = new Command("help", "Says more of a command, as COMMAND --help does") { name };
        help.SetAction(asked => root.Parse(asked.GetValue(name) is { } command ? [command, "--help"] : ["--help"]).Invoke());
        return help;
    }

    /// <summary>The library speaks the machine's language; what the commands say is in one.</summary>
    static T InEnglish<T>(Func<T> speak)
    {
        var here = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        try
        {
            return speak();
        }
        finally
        {
            CultureInfo.CurrentUICulture = here;
        }
    }
}

/// <summary>A command could not do what it was asked, for a reason outside the program: its words are all that is said.</summary>
sealed class NotAskedException(string words) : Exception(words);
