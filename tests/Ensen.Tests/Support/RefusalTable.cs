using System.Globalization;
using System.Text.RegularExpressions;
using Ensen.Basics;
using Ensen.Points;

namespace Ensen.Tests.Support;

/// <summary>A table of a verb's refusals, whatever their enum: what <c>Tidy/RefusalTables.cs</c> looks through.</summary>
interface IRefusalTable
{
    Type Refusals { get; }
    IReadOnlyList<TableRow> Rows { get; }
}

/// <summary>
/// What a verb decides, as a table without a database: a row a case, columns two spaces apart, the refusals in the order of their enum.
/// A refusal that is given before the decision is reached has the test that shows it instead: <c>NotFound  before  RightsTests.Ids_…</c>.
/// </summary>
sealed partial class RefusalTable<TRefusal> : IRefusalTable
    where TRefusal : struct, Enum
{
    const string Before = "before";

    readonly List<TableRow> _rows;

    public RefusalTable(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Gap().Split(line.Trim())).ToList();
        var columns = lines[0];
        _rows = [.. lines.Skip(1).Select(cells => cells is [_, Before, _]
            ? new TableRow(cells[0], cells[2], new Dictionary<string, string>())
            : new TableRow(cells[0], null, columns.Skip(1).Zip(cells.Skip(1), KeyValuePair.Create).ToDictionary()))];
        foreach (var row in _rows.Where(row => row.ShownBy is null))
            row.Cells.Count.ShouldBe(columns.Length - 1, row.ToString());
    }

    public Type Refusals => typeof(TRefusal);
    public IReadOnlyList<TableRow> Rows => _rows;

    /// <summary>Each case is decided as its row says; all that are not are named.</summary>
    public void ShouldHold(Func<TableRow, TRefusal> decide)
    {
        var wrong = from row in _rows
                    where row.ShownBy is null
                    let decided = decide(row).ToString()
                    where decided != row.Refusal
                    select $"{row}\n    was decided {decided}";
        string.Join('\n', wrong).ShouldBeEmpty();
    }

    [GeneratedRegex(" {2,}")]
    private static partial Regex Gap();
}

/// <summary>A row: what is answered, and either the test that shows it or the cells of its case by the names of their columns.</summary>
sealed record TableRow(string Refusal, string? ShownBy, IReadOnlyDictionary<string, string> Cells)
{
    /// <summary>The words of a cell; a dash is none.</summary>
    public CellWords In(string column) => new([.. Cells[column].Split(' ').Where(word => word != "-")]);

    public override string ToString() => $"{Refusal}  {ShownBy ?? string.Join("  ", Cells.Values)}";
}

/// <summary>
/// The words of one cell: <c>1000</c> is an amount, <c>day:1000</c> an amount with a name, <c>50pt</c> points, anything else says that
/// something is so.
/// </summary>
sealed record CellWords(IReadOnlyList<string> Words)
{
    public bool Say(string word) => Words.Contains(word);

    /// <summary>The amount that stands alone; zero where there is none.</summary>
    public long Amount => Words.Where(w => w.All(char.IsAsciiDigit)).Select(Number).SingleOrDefault();

    /// <summary>The amount with this name; null where there is none.</summary>
    public long? Named(string name) => Words.Where(w => w.StartsWith(name + ":", StringComparison.Ordinal))
        .Select(w => (long?)Number(w[(name.Length + 1)..])).SingleOrDefault();

    /// <summary>Points: <c>50pt</c>; <c>50pt@20270331</c> with the last day of their lot (0 where it is not said).</summary>
    public IEnumerable<(long Points, int LastDay)> Points =>
        from word in Words
        let parts = word.Split("pt", 2)
        where parts.Length == 2 && parts[0].All(char.IsAsciiDigit) && parts[1].Skip(1).All(char.IsAsciiDigit)
        select (Number(parts[0]), parts[1] == "" ? 0 : (int)Number(parts[1][1..]));

    /// <summary>
    /// Lots: <c>50pt@20270331</c> of basic points, <c>50pt@20270331/7</c> of a campaign's for use 7 (0 for everything), <c>50pt@card</c> of
    /// charge-only ones.
    /// </summary>
    public IEnumerable<LotPart> Lots =>
        from word in Words
        let parts = word.Split("pt@", 2)
        where parts.Length == 2 && parts[0].All(char.IsAsciiDigit)
        select new LotPart(LotOf(parts[1]), new PointAmount(Number(parts[0])));

    static Lot LotOf(string words) => words.Split('/') switch
    {
        ["card"] => Lot.ChargeOnly,
        [var day, var uses] => Lot.Campaign(JapanDay.FromNumber((int)Number(day)), (int)Number(uses)),
        _ => new Lot(LotKind.Basic, (int)Number(words)),
    };

    static long Number(string digits) => long.Parse(digits, CultureInfo.InvariantCulture);
}
