using Dapper;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>
/// What a feature keeps beside each entry of one kind, told to <c>verify</c>: it reads the rows in the order of their entries, and holds
/// each against the entry and its postings. Rows of a <see cref="DetailTable{T}"/> are sealed with their entry as well, column by column.
/// </summary>
public abstract class DetailCheck(string table, EntryKind kind) : IDeclared
{
    public string Table { get; } = table;
    string IDeclared.Name => Table;
    public EntryKind Kind { get; } = kind;

    /// <summary>The column with the id that people know the entry by.</summary>
    public string IdColumn { get; init; } = "entry_id";

    /// <summary>The column whose text a member reads beside the movement; null when there is none.</summary>
    public string? NoteColumn { get; init; }

    /// <summary>
    /// Whom a member sees as the other party of the movement, where it is no store: an expression over the row, which is called {0}.
    /// </summary>
    public string? PartyName { get; init; }

    /// <summary>Entries of the kind may have several rows here, or none; the column by which those of one are in order.</summary>
    public string? ManyBy { get; init; }

    /// <summary>Entries of one more kind that may have such rows; null when there is none.</summary>
    public EntryKind? AlsoOf { get; init; }

    /// <param name="Entry">The entry that the row names.</param>
    internal readonly record struct Line(Guid Entry, object Row);

    internal abstract IAsyncEnumerable<Line> Read(Snapshot look);

    /// <summary>The row as it was sealed with its entry; null when it is none that never changes.</summary>
    internal abstract EntryDetail? Sealed(object row);

    /// <summary>What the row says differently than its entry does; null when they agree.</summary>
    internal abstract string? Differs(object row, WholeEntry entry);

    /// <summary>Whether an entry has to have a row here.</summary>
    internal virtual bool IsDue(EntryRow entry) => entry.Kind == Kind.Number || entry.Kind == AlsoOf?.Number;
}

/// <summary>DetailCheck in rows of <typeparamref name="T"/>.</summary>
sealed class DetailCheck<T> : DetailCheck
    where T : class
{
    readonly DetailTable<T>? _details;
    readonly string _sql;
    readonly Func<T, Guid> _entryOf;
    readonly Func<T, WholeEntry, string?> _differs;
    readonly Func<EntryRow, bool>? _isDue;

    /// <summary>Details: they name their entry in <c>entry_id</c> and never change.</summary>
    public DetailCheck(DetailTable<T> details, EntryKind kind, Func<T, Guid> entryOf, Func<T, WholeEntry, string?> differs)
        : base(details.Name, kind)
    {
        (_details, _entryOf, _differs) = (details, entryOf, differs);
        _sql = $"select {string.Join(", ", details.Columns.Select(c => c.Name))} from {details.Name} order by entry_id";
    }

    /// <summary>Rows that live through time before and after their entry.</summary>
    /// <param name="sql">Reads those that have an entry, in the order of entries.</param>
    /// <param name="isDue">Which entries of the kind have one; the entry's own seal has to tell.</param>
    public DetailCheck(string table, EntryKind kind, string sql,
        Func<T, Guid> entryOf, Func<T, WholeEntry, string?> differs, Func<EntryRow, bool> isDue) : base(table, kind) =>
        (_sql, _entryOf, _differs, _isDue) = (sql, entryOf, differs, isDue);

    internal override async IAsyncEnumerable<Line> Read(Snapshot look)
    {
        var sql = ManyBy is null ? _sql : $"{_sql}, {ManyBy}";
        await foreach (var row in look.Connection.QueryUnbufferedAsync<T>(sql, transaction: look.Tx, commandTimeout: Check.LongTime))
            yield return new Line(_entryOf(row), row);
    }

    internal override EntryDetail? Sealed(object row) => _details?.Row((T)row);

    internal override string? Differs(object row, WholeEntry entry) => _differs((T)row, entry);

    internal override bool IsDue(EntryRow entry) => base.IsDue(entry) && _isDue?.Invoke(entry) != false;
}
