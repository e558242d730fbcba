using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ensen.Tests.Api;

/// <summary>
/// What an answer looks like, a field a word pair: <c>"amount int"</c>, <c>"paidAt instant"</c>, <c>"paymentId pay_"</c> (an id with that
/// prefix), <c>"status 'paid'"</c> (that very text); a question mark at the end allows null.
/// </summary>
static partial class Shapes
{
    /// <summary>These fields, and no others.</summary>
    public static JsonElement ShouldHave(this JsonElement json, params string[] fields)
    {
        var expected = fields.Select(f => f.Split(' ', 2)).ToList();
        json.EnumerateObject().Select(p => p.Name).ShouldBe(expected.Select(f => f[0]), ignoreOrder: true, customMessage: json.ToString());
        foreach (var field in expected)
            Fits(json.GetProperty(field[0]), field[1]).ShouldBeTrue($"{field[0]} should be {field[1]} in {json}");
        return json;
    }

    static bool Fits(JsonElement value, string kind)
    {
        if (kind.EndsWith('?'))
            return value.ValueKind == JsonValueKind.Null || Fits(value, kind[..^1]);
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : null;
        return kind switch
        {
            "int" => value.ValueKind == JsonValueKind.Number && WholeNumber().IsMatch(value.GetRawText()),
            "text" => text is { Length: > 0 },
            "instant" => text is not null && Instant().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
            "date" => text is not null && DateOnly.TryParseExact(
                text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "list" => value.ValueKind == JsonValueKind.Array,
            "object" => value.ValueKind == JsonValueKind.Object,
            ['\'', .. var same, '\''] => text == same,
            [.. var prefix, '_'] =>
                text is not null && text.StartsWith(kind, StringComparison.Ordinal) && OpaquePart().IsMatch(text[(prefix.Length + 1)..]),
            _ => throw new ArgumentException($"No shape is called '{kind}'.", nameof(kind)),
        };
    }

    [GeneratedRegex(@"^-?\d+$")]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex Instant();

    [GeneratedRegex("^[0-9a-z]{20,40}$")]
    private static partial Regex OpaquePart();
}
