using System.Globalization;
using System.Text.Json.Nodes;
using Ensen.Basics;

namespace Ensen.Storage;

/// <summary>One field of what is kept about a member: the column (or an expression), what it is called, and how it is told.</summary>
public sealed record PersonalField(string Sql, string Name, Func<object, Catalogue, JsonNode?> Tell);

/// <summary>What becomes of a table's rows of a member when that member leaves the programme.</summary>
public enum WhenLeft
{
    /// <summary>They are deleted.</summary>
    Erased = 1,

    /// <summary>They stay, and what says who it was is made empty.</summary>
    Blanked = 2,

    /// <summary>They stay, kept under the member's own key, which is destroyed.</summary>
    Unreadable = 3,

    /// <summary>They stay as they are: nothing in them says who it was, and something obliges us to keep them.</summary>
    Kept = 4,
}

/// <summary>How a member leaves a table behind: what becomes of its rows, which ones, what is set in those that stay, and why.</summary>
/// <param name="Where">Which rows, as in <see cref="PersonalTable.Where"/>, or by <c>@attempt</c>; empty where nothing is done.</param>
/// <param name="Set">The columns that are set, as SQL; <c>@now</c> is the instant. Empty where rows go or stay as they are.</param>
/// <param name="Why">Why what stays is kept, and for how long; null where nothing stays.</param>
public sealed record AtLeaving(WhenLeft What, string Where, string Set, string? Why);

/// <summary>
/// A table that keeps something about a member, as its module declares it: what of it the member gets when they ask for everything that
/// is kept, or why nothing, and what becomes of it when the member leaves. A test walks all tables of the schema, so that none is
/// forgotten.
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

    /// <summary>What becomes of it when its member leaves; null only where a module forgot to say so, which a test finds.</summary>
    public AtLeaving? Leaving { get; private set; }

    public IReadOnlyList<PersonalField> Fields => _fields;

    /// <summary>Columns that are not told: secrets, and what is of others.</summary>
    public IReadOnlySet<string> WithoutColumns => _without;

    public static PersonalTable Exported(string table, string section, string where) => new(table, section, where, null);

    /// <summary>A table that is not exported, and why.</summary>
    public static PersonalTable NotExported(string table, string why) => new(table, null, "", why);

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

    /// <summary>The member's rows are deleted.</summary>
    /// <param name="where">Which ones, where those are not all that are exported.</param>
    /// <param name="kept">Why the others stay.</param>
    public PersonalTable Erased(string? where = null, string? kept = null) => Leave(WhenLeft.Erased, where ?? Rows, "", kept);

    /// <summary>The rows stay for a reason, and these columns of them are set.</summary>
    public PersonalTable Blanked(string set, string why) => Leave(WhenLeft.Blanked, Rows, set, why);

    /// <summary>The rows stay for a reason, under a key that is destroyed; these columns are not under it and are set.</summary>
    public PersonalTable Unreadable(string set, string why) => Leave(WhenLeft.Unreadable, Rows, set, why);

    /// <summary>The rows stay as they are.</summary>
    /// <param name="why">Why, and for how long.</param>
    public PersonalTable Kept(string why) => Leave(WhenLeft.Kept, "", "", why);

    string Rows => Where.Split(" order by ")[0];

    PersonalTable Leave(WhenLeft what, string where, string set, string? why)
    {
        Leaving = new AtLeaving(what, where, set, why);
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
