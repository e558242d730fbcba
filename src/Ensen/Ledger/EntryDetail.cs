using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>A feature's own row that commits with the entry: an insert, never an update, so a batch writes them all at once.</summary>
public readonly record struct EntryDetail(DetailTable Table, object Row);

/// <summary>A column of a detail's table: its name and how to collect it from many rows as one typed array.</summary>
public abstract class DetailColumn(string name, string postgresType)
{
    public string Name { get; } = name;
    public string PostgresType { get; } = postgresType;

    internal abstract Array Gather(IReadOnlyList<object> rows);
    internal abstract void Give(SqliteStatement statement, object row);
    internal abstract void Seal(SealedValues values, object row);
}

/// <summary>Where a feature's details go. The columns are listed once, in code, beside the row's record.</summary>
public abstract class DetailTable(string name)
{
    public string Name { get; } = name;
    public abstract IReadOnlyList<DetailColumn> Columns { get; }
}

/// <summary>A typed table of details: <c>new DetailTable&lt;PaymentRow&gt;("payment").Uuid("entry_id", p => p.EntryId)…</c></summary>
public sealed class DetailTable<T>(string name) : DetailTable(name)
    where T : class
{
    readonly List<DetailColumn> _columns = [];

    public override IReadOnlyList<DetailColumn> Columns => _columns;

    public DetailTable<T> Uuid(string column, Func<T, Guid> read) => Add(column, "uuid", read);
    public DetailTable<T> UuidOrNull(string column, Func<T, Guid?> read) => Add(column, "uuid", read);
    public DetailTable<T> Bigint(string column, Func<T, long> read) => Add(column, "bigint", read);
    public DetailTable<T> Yen(string column, Func<T, Yen> read) => Add(column, "bigint", row => read(row).Value);
    public DetailTable<T> Points(string column, Func<T, PointAmount> read) => Add(column, "bigint", row => read(row).Value);
    public DetailTable<T> Integer(string column, Func<T, int> read) => Add(column, "integer", read);
    public DetailTable<T> Smallint(string column, Func<T, short> read) => Add(column, "smallint", read);
    public DetailTable<T> Text(string column, Func<T, string?> read) => Add(column, "text", read);

    public EntryDetail Row(T row) => new(this, row);

    DetailTable<T> Add<TColumn>(string column, string type, Func<T, TColumn> read)
    {
        _columns.Add(new Column<TColumn>(column, type, read));
        return this;
    }

    sealed class Column<TColumn>(string name, string type, Func<T, TColumn> read) : DetailColumn(name, type)
    {
        internal override Array Gather(IReadOnlyList<object> rows)
        {
            var values = new TColumn[rows.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = read((T)rows[i]);
            return values;
        }

        internal override void Give(SqliteStatement statement, object row) => _ = read((T)row) switch
        {
            Guid id => statement.With(id),
            long number => statement.With(number),
            int number => statement.With(number),
            short number => statement.With(number),
            string text => statement.With(text),
            null => statement.With((string?)null),
            var other => throw new NotSupportedException($"A detail's column of {other.GetType().Name}."),
        };

        internal override void Seal(SealedValues values, object row)
        {
            switch (read((T)row))
            {
                case Guid id: values.Add(id); break;
                case long number: values.Add(number); break;
                case int number: values.Add(number); break;
                case short number: values.Add(number); break;
                case string text: values.Add(text); break;
                case null: values.Add((string?)null); break;
                case var other: throw new NotSupportedException($"A detail's column of {other.GetType().Name}.");
            }
        }
    }
}
