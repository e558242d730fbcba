using System.Globalization;

namespace Ensen.Basics;

/// <summary>
/// One setting as whoever runs a node reads of it: name, default, what is allowed, what it does. The tables made of these are the only
/// place where bounds stand: what is outside is refused at start, and the documents and the tests are held to them.
/// </summary>
/// <param name="Default">What holds when nothing is said; null for nothing.</param>
/// <param name="Secret">The value may hold a password: no message repeats it.</param>
public sealed record BoundedSetting(string Name, string? Default, Bounds Allowed, string Does, bool Secret = false) : IDeclared
{
    /// <summary>The name as the documents have it, where it can be written in more than one way.</summary>
    public string Told { get; init; } = $"`{Name}`";

    /// <summary>Why this value cannot be, in a sentence with the setting, the value and what is allowed; null when it can.</summary>
    public string? Refuse(string value) =>
        Allowed.Take(value) ? null : $"{Name} {(Secret ? "is not usable" : $"is {Shown(value)}")}; allowed is {Allowed.Words}.";

    static string Shown(string value)
    {
        const int most = 60;
        return value.Length == 0 ? "empty" : value.Length <= most ? $"'{value}'" : $"'{value[..most]}…'";
    }
}

/// <summary>What a setting may be. <paramref name="Words"/> finishes the sentence "allowed is …".</summary>
public abstract record Bounds(string Words)
{
    public abstract bool Take(string value);

    /// <summary>The outermost values that are taken.</summary>
    public abstract IReadOnlyList<string> Ends { get; }

    /// <summary>Values just outside, and nonsense: none is taken.</summary>
    public abstract IReadOnlyList<string> Beyond { get; }
}

/// <summary>Whole numbers, both ends included.</summary>
public sealed record WholeNumbers(long Least, long Most, string? Unit = null)
    : Bounds(string.Create(CultureInfo.InvariantCulture, $"a whole number from {Least:N0} to {Most:N0}{(Unit is null ? "" : " " + Unit)}"))
{
    public override bool Take(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= Least
            && number <= Most;

    public override IReadOnlyList<string> Ends => [Text(Least), Text(Most)];
    public override IReadOnlyList<string> Beyond => [Text(Least - 1), Text(Most + 1), "99999999999999999999", "1.5", "many"];

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>True or false.</summary>
public sealed record YesOrNo() : Bounds("true or false")
{
    public override bool Take(string value) => bool.TryParse(value, out _);

    public override IReadOnlyList<string> Ends => ["true", "false"];
    public override IReadOnlyList<string> Beyond => ["yes", "1", "tru"];
}

/// <summary>One of a few words.</summary>
public sealed record OneOf(params string[] Choices) : Bounds(string.Join(" or ", Choices))
{
    public override bool Take(string value) => Choices.Contains(value);

    public override IReadOnlyList<string> Ends => Choices;
    public override IReadOnlyList<string> Beyond => ["", "other", "2"];
}

/// <summary>A text of a form that <paramref name="Words"/> describe; the ends and what is beyond them are examples.</summary>
public sealed record Written(string Words, Predicate<string> Fits, IReadOnlyList<string> Right, IReadOnlyList<string> Wrong) : Bounds(Words)
{
    public override bool Take(string value) => Fits(value);

    public override IReadOnlyList<string> Ends => Right;
    public override IReadOnlyList<string> Beyond => Wrong;
}

/// <summary>A setting cannot be used. The message names the setting, the value and what is allowed; one line for each fault.</summary>
public sealed class InvalidSettingException(IEnumerable<string> faults, Exception? inner = null)
    : Exception(string.Join('\n', faults), inner);
