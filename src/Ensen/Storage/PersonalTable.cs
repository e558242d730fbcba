using System.Globalization;
using System.Text.Json.Nodes;
using Ensen.Basics;

namespace Ensen.Storage;

/// <summary>One field of what is kept about a member: the column (or an expression), what it is called, and how it is told.</summary>
public sealed record PersonalField(string Sql, string Name, Func<object, Catalogue, JsonNode?> Tell);

/// <summary>
/// A table that keeps something about a member, as its module declares it: what of it the member gets when they ask for everything that
/// is kept, or why nothing. A test walks all tables of the schema, so that none is forgotten.
/// </summary>
public sealed class PersonalTable : IDeclared
{
    readonly List<PersonalField> _fields = [];
    readonly HashSet<string> _without = [];

    PersonalTable(string table, string? section, string where, string? why) => (Name, Section, Where, Why) = (table, section, where, why);

    /// <summary>The table.</summary>
    public string Name { get; }

    /// <summary>What its rows are called in the export; null when they are not in it.</summary>
    public string? Section { get; }

    /// <summary>Which rows are the member's, by <c>@member</c> (the id), <c>@number</c> (as people see it), <c>@addressHash</c>.</summary>
    public string Where { get; }

    /// <summary>Why it is not in the export.</summary>
    public string? Why { get; }

    public IReadOnlyList<PersonalField> Fields => _fields;

    /// <summary>Columns that are not told: secrets, and what is of others.</summary>
    public IReadOnlySet<string> WithoutColumns => _without;

    public static PersonalTable Exported(string table, string section, string where) => new(table, section, where, null);

    /// <summary>A table that is not exported, and why.</summary>
    public static PersonalTable Left(string table, string why) => new(table, null, "", why);

    public PersonalTable Text(string column, string? name = null) => Add(column, name, (value, _) => JsonValue.Create((string)value));

    public PersonalTable Number(string column, string? name = null) =>
        Add(column, name, (value, _) => JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)));

    public PersonalTable Flag(string column, string? name = null) =>
        Add(column, name, (value, _) => JsonValue.Create(Convert.ToBoolean(value, CultureInfo.InvariantCulture)));

    /// <summary>An instant in milliseconds: <c>created_ms</c> is told as <c>created</c>.</summary>
    public PersonalTable Moment(string column, string? name = null) => Add(column, name ?? Camel(column[..^3]), (value, _) =>
        JsonValue.Create(JapanDay.InTokyo(Instant.OfMilliseconds(Convert.ToInt64(value, CultureInfo.InvariantCulture)))));

    /// <summary>An id with the prefix by which people know it.</summary>
    public PersonalTable Id<TId>(string column, string? name = null)
        where TId : struct, ITypedId<TId> =>
        Add(column, name, (value, _) =>
            JsonValue.Create(TId.Of(value is Guid id ? id : new Guid((byte[])value, bigEndian: true)).ToString()));

    /// <summary>A number of the books, told by its name.</summary>
    public PersonalTable Named<T>(string column, string? name = null)
        where T : class, INumbered =>
        Add(column, name, (value, catalogue) => JsonValue.Create(
            catalogue.Numbers<T>().Find(Convert.ToInt64(value, CultureInfo.InvariantCulture))?.Name));

    /// <summary>A number that stands for a word.</summary>
    public PersonalTable Word(string column, Func<short, string> word, string? name = null) =>
        Add(column, name, (value, _) => JsonValue.Create(word(Convert.ToInt16(value, CultureInfo.InvariantCulture))));

    public PersonalTable Without(params ReadOnlySpan<string> columns)
    {
        foreach (var column in columns)
            _without.Add(column);
        return this;
    }

    PersonalTable Add(string column, string? name, Func<object, Catalogue, JsonNode?> tell)
    {
        _fields.Add(new PersonalField(column, name ?? Camel(column), tell));
        return this;
    }

    static string Camel(string column) => string.Concat(column.Split('_').Select((part, i) =>
        i == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]));
}
