namespace Ensen.Web;

/// <summary>A command as a person calls it: what it does in a line, its options with what they mean, and what its exit codes say.</summary>
/// <param name="TakesWords">It takes words besides options: <c>months detach 2025-03</c>.</param>
sealed record Command(string Name, string Form, string Does, IReadOnlyList<(string Form, string Says)> Options, string More, bool TakesWords = false);

/// <summary>What the program tells about itself: <c>--help</c>, <c>help verify</c>, <c>verify --help</c>.</summary>
static class Manual
{
    static readonly (string, string) s_database =
        ("--database ADDRESS", "sqlite:PATH or postgres:CONNECTION; else ENSEN_DATABASE, else sqlite:data/ensen.db");

    public static IReadOnlyList<Command> Commands { get; } =
    [
        new("verify", "verify [--root DAY=HEX …]", "proves the books from their postings, and changes nothing",
            [s_database, ("--root DAY=HEX", "that day's root as it was published, 2026-11-21=64 digits; may be repeated")],
            "Ends with 0 when everything holds, 1 when not (the rows are named), 2 when it could not be asked. What I1 to I9 are: docs/operating/verify.md."),
        new("migrate", "migrate", "brings the database's schema up to date with this program",
            [s_database],
            "A server does the same when it starts. There is no way back: back it up first."),
        new("months", "months begin | detach MONTH | attach MONTH", "history by month on PostgreSQL; without a word the list of the months",
            [s_database],
            "A month is written 2025-03. What they do: docs/operating/months.md.", TakesWords: true),
        new("roots", "roots [--since DAY]", "prints the root of each closed day, the last thirty or those since a day",
            [s_database, ("--since DAY", "the first day, 2026-04-01")],
            "A line is the day, its root, and how many seals it covers. What they are good for: docs/receipts.md."),
        new("store", "store | store add NAME [--area AREA …] | store pin NUMBER [--for refund]",
            "opens a store and prints the number and the PINs that sign its till in; without a word the list of the stores",
            [s_database, ("--merchant NAME", "its merchant's name, or mer_… of one that has stores; else the store's name"),
             ("--area AREA", "where it is, 梅田"), ("--station STATION", "the nearest station"), ("--address ADDRESS", "its address"),
             ("--postal-code CODE", "seven digits"), ("--category WORD", "what it deals in, bakery; a wrong one is answered with all of them"),
             ("--latin-name NAME", "its name in Latin letters, for codes and statements"), ("--for PURPOSE", "till or refund: which PIN is made anew; else till")],
            "PINs are printed once and kept as hashes. A new PIN signs no till out. docs/operating/stores.md.", TakesWords: true),
        new("bounces", "bounces FILE", "reads what a mail server writes when it cannot deliver a mail; - reads it from the standard input",
            [s_database],
            "The member is told on their page, and a dead mailbox gets nothing more. Ends with 0 whatever the letter says, with 75 when it should be "
                + "handed in again later. docs/operating/mail.md.", TakesWords: true),
        new("send-test-mail", "send-test-mail ADDRESS", "sends one mail as the server would, and says what the mail server answered",
            [s_database],
            "Ends with 0 when it was taken, 1 when not, 2 when no mail is set up. docs/operating/mail.md.", TakesWords: true),
        new("check-receipt", "check-receipt FILE --root HEX", "says what a receipt proves; needs no database and no network",
            [("--root HEX", "the root of the receipt's day as it was published or, before the day is closed, the hash of its seal; may be repeated")],
            "Ends with 0 when it is proven, 1 when not (and says why), 2 when it could not be asked. How it is checked: docs/receipts.md.", TakesWords: true),
    ];

    public static string Names => string.Join(", ", Commands.Select(c => c.Name));

    public static Command? Find(string? name) => Commands.FirstOrDefault(c => c.Name == name);

    /// <summary>Returns the exit code, or null when nobody asked for help.</summary>
    public static int? Run(string[] args)
    {
        if (args is not ["help", ..] && !args.Any(IsAsking))
            return null;
        var words = args.Where(a => a != "help" && !IsAsking(a)).ToList();
        if (Find(words.FirstOrDefault()) is { } command)
            Print(command);
        else
            PrintAll();
        return 0;
    }

    static bool IsAsking(string word) => word is "--help" or "-h" or "-?";

    static void Print(Command command)
    {
        Console.WriteLine($"{command.Form}: {command.Does}");
        Console.WriteLine();
        Print(command.Options);
        Console.WriteLine();
        Console.WriteLine(command.More);
    }

    static void PrintAll()
    {
        Console.WriteLine("Ensen: a wallet, points and their ledger. Without a command the server starts.");
        Console.WriteLine();
        Print([.. Commands.Select(c => (c.Name, c.Does)), ("help COMMAND", "says more of a command, as COMMAND --help does")]);
        foreach (var command in Commands)
        {
            Console.WriteLine();
            Console.WriteLine(command.Form);
            Print(command.Options);
        }
        Console.WriteLine();
        Console.WriteLine("The server");
        Print([s_database, ("--urls URLS", "where it listens; else http://localhost:5080"), ("--Ensen:NAME=VALUE", "a setting; all of them are in docs/operating/README.md")]);
    }

    static void Print(IReadOnlyList<(string Left, string Right)> lines)
    {
        foreach (var (left, right) in lines)
            Console.WriteLine($"  {left,-20} {right}");
    }
}
