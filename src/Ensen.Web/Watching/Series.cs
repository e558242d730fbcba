using System.Globalization;
using System.Text;

namespace Ensen.Web.Watching;

/// <summary>One line of numbers: a sum or the last value, and for a histogram how many fell into each bucket.</summary>
sealed class Series(int hash, KeyValuePair<string, object?>[] tags, int buckets)
{
    readonly Lock _lock = new();
    readonly long[] _counts = new long[buckets + 1];
    readonly string _labels = string.Join(',', tags.Select(t => $"{LabelName(t.Key)}=\"{LabelValue(t.Value)}\""));
    double _value;

    public int Hash => hash;

    /// <summary>Our tags are these, in their order; those that are left out do not count.</summary>
    public bool Is(ReadOnlySpan<KeyValuePair<string, object?>> others)
    {
        var mine = 0;
        foreach (var other in others)
        {
            if (mine < tags.Length && tags[mine].Key == other.Key)
            {
                if (!Equals(tags[mine].Value, other.Value))
                    return false;
                mine++;
            }
        }
        return mine == tags.Length;
    }

    public void Take(double value, double[] bounds, bool adds)
    {
        lock (_lock)
        {
            _value = adds ? _value + value : value;
            if (bounds.Length == 0)
                return;
            var at = Array.BinarySearch(bounds, value);
            _counts[at < 0 ? ~at : at]++;
        }
    }

    public void Write(StringBuilder text, string name, double[] bounds)
    {
        double value;
        long[] counts;
        lock (_lock)
            (value, counts) = (_value, [.. _counts]);
        if (bounds.Length == 0)
        {
            Line(text, name, "", _labels, value);
            return;
        }
        var comma = _labels.Length > 0 ? "," : "";
        long so = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            so += counts[i];
            Line(text, name, "_bucket", $"{_labels}{comma}le=\"{(i < bounds.Length ? Number(bounds[i]) : "+Inf")}\"", so);
        }
        Line(text, name, "_sum", _labels, value);
        Line(text, name, "_count", _labels, so);
    }

    static void Line(StringBuilder text, string name, string suffix, string labels, double value)
    {
        text.Append(name).Append(suffix);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    static string LabelName(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    static string LabelValue(object? value) => (Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
