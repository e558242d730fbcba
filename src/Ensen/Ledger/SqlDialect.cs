using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>
/// What people know by another name than the tables do, in a line of a check: in square brackets the word that says what it is, and its
/// columns. Whoever shows the line puts the name there (Verify), for a check knows only its own tables.
/// </summary>
public static class IdPlaceholder
{
    public const string OfEntry = "entry";
    public const string OfOwner = "owner";
    public const string OfCharge = "charge";
    public const string OfAccount = "account";
    public const string OfSingleUse = "use";

    public static string Entry(Guid id) => $"[{OfEntry} {id}]";

    public static string Charge(Guid id) => $"[{OfCharge} {id}]";

    public static string Owner(Guid id) => $"[{OfOwner} {id}]";

    public static string SingleUse(SingleUse use) => FormattableString.Invariant($"[{OfSingleUse} {use.Subject} {use.Kind.Number}]");
}

/// <summary>
/// The parts of a check's query that differ by engine and by day: marks around ids, sums that nothing overflows, and since when keys are
/// remembered.
/// </summary>
public sealed class SqlDialect(Engine engine, Catalogue catalogue, DateTimeOffset now)
{
    /// <summary>The numbers of those account types of the catalogue: <c>(1, 2)</c>; <c>(null)</c> when none are.</summary>
    public string AccountTypes(Predicate<AccountType> are) =>
        $"({string.Join(", ", catalogue.All<AccountType>().Where(t => are(t)).Select(t => t.Number).Order().Select(n => $"{n}").DefaultIfEmpty("null"))})";

    /// <summary>What the program declares, for a query that is made of it.</summary>
    public Catalogue Catalogue => catalogue;

    /// <summary>The numbers of all of that sort in the catalogue.</summary>
    public IEnumerable<short> Numbers<T>()
        where T : INumbered => catalogue.All<T>().Select(t => t.Number).Order();

    /// <summary>Keys that were used after this instant (in milliseconds) are not forgotten yet.</summary>
    public long KeysFrom => now.AddDays(-ForgetKeys.KeptDays).ToUnixTimeMilliseconds();

    /// <summary>All that may come to owners unasked, in the columns owner and yen.</summary>
    public string OnTheWay() => string.Join("\nunion all\n", catalogue.All<OnTheWay>().Select(part => part.Sql));

    public string Entry(string id) => Marked(IdPlaceholder.OfEntry, Hex(id));

    public string Owner(string id) => Marked(IdPlaceholder.OfOwner, Hex(id));

    public string Charge(string id) => Marked(IdPlaceholder.OfCharge, Hex(id));

    /// <summary>An account, from the columns owner, book and term.</summary>
    public string Account() => Marked(IdPlaceholder.OfAccount, $"{Hex("owner")} || ' ' || account_type || ' ' || term");

    /// <summary>
    /// SQLite's own sum ends with an error beyond 64 bits, also on the way; a forged amount is to be named instead. In two parts nothing
    /// overflows.
    /// </summary>
    public string Sum(string column) =>
        engine == Engine.Sqlite ? $"(sum({column} >> 20) * 1048576 + sum({column} & 1048575))" : $"sum({column})";

    static string Marked(string what, string sql) => $"'[{what} ' || {sql} || ']'";

    string Hex(string column) => engine == Engine.Sqlite ? $"lower(hex({column}))" : $"cast({column} as text)";
}
