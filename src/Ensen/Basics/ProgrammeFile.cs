using System.Text;
using System.Text.Json;

namespace Ensen.Basics;

/// <summary>
/// Looks through the text of a <c>programme.json</c>, setting by setting: everything that is wrong with it is told at once, each with its
/// line.
/// </summary>
static class ProgrammeFile
{
    static readonly Dictionary<string, BoundedSetting> s_settings = ProgrammeSettings.All.ToDictionary(s => s.Name);

    static readonly HashSet<string> s_groups =
        [.. s_settings.Keys.SelectMany(name => name.Split('.').SkipLast(1).Select((_, i) => string.Join('.', name.Split('.')[..(i + 1)])))];

    /// <summary>
    /// The faults of single settings: a name that there is not, a name twice, a value outside its bounds. Throws for what is no JSON.
    /// </summary>
    public static IReadOnlyList<string> Faults(string json)
    {
        var faults = new List<string>();
        foreach (var (name, line, kind, value, again) in Read(json))
            if ((again ? $"{name} is there twice." : Fault(name, kind, value)) is { } fault)
                faults.Add($"programme.json line {line}: {fault}");
        return faults;
    }

    /// <summary>The line of a setting, or null when the file does not say it.</summary>
    public static int? LineOf(string json, string name) => Read(json).Where(n => n.Name == name).Select(n => (int?)n.Line).FirstOrDefault();

    static string? Fault(string name, JsonTokenType kind, string value)
    {
        if (s_groups.Contains(name))
            return kind == JsonTokenType.StartObject ? null : $"{name} is {value}; allowed is a group of settings in braces.";
        if (!s_settings.TryGetValue(name, out var setting))
            return $"There is no setting '{name}'. docs/operating/programme.md has all of them.";
        var wanted = setting.Allowed is WholeNumbers ? JsonTokenType.Number : JsonTokenType.String;
        return kind == wanted ? setting.Refuse(value)
            : $"{name} is {(kind == JsonTokenType.String ? $"the text '{value}'" : value)}; allowed is {setting.Allowed.Words}.";
    }

    /// <summary>
    /// What the file names, in its order. What is in a list or below a setting is not looked at: the setting is refused already.
    /// </summary>
    static List<(string Name, int Line, JsonTokenType Kind, string Value, bool Again)> Read(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip });
        var read = new List<(string, int, JsonTokenType, string, bool)>();
        var seen = new HashSet<string>();
        var within = new Stack<string>();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
                within.TryPop(out _);
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            var name = within.TryPeek(out var group) ? $"{group}.{reader.GetString()}" : reader.GetString()!;
            var line = 1 + bytes.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
            reader.Read();
            var value = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString()!,
                JsonTokenType.StartObject => "{…}",
                JsonTokenType.StartArray => "[…]",
                _ => Encoding.UTF8.GetString(reader.ValueSpan),
            };
            read.Add((name, line, reader.TokenType, value, !seen.Add(name)));
            if (reader.TokenType == JsonTokenType.StartObject && s_groups.Contains(name))
                within.Push(name);
            else
                reader.Skip();
        }
        return read;
    }
}
