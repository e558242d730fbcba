using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Ensen.Web.Watching;

/// <summary>What is kept of one instrument: a series for each combination of its tags' values.</summary>
sealed class Kept
{
    /// <summary>More combinations than any of ours has: what a stranger could make grow is counted together.</summary>
    const int MostSeries = 500;

    static readonly double[] s_usual = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    /// <summary>Tags of the platform that never differ here.</summary>
    static readonly HashSet<string> s_left = ["url.scheme", "network.protocol.name", "network.protocol.version", "network.type", "network.transport", "server.address", "server.port", "db.client.connection.pool.name"];

    /// <summary>What the platform calls counters although they go down.</summary>
    static readonly HashSet<string> s_gauges = ["dotnet.thread_pool.thread.count", "dotnet.thread_pool.queue.length"];

    readonly string _help;
    readonly string _type;
    readonly double[] _bounds;
    readonly bool _adds;
    readonly Lock _growing = new();
    volatile Series[] _series = [];

    public Kept(Instrument instrument)
    {
        var histogram = IsA(instrument, typeof(Histogram<>));
        var counter = !s_gauges.Contains(instrument.Name) && (IsA(instrument, typeof(Counter<>)) || IsA(instrument, typeof(ObservableCounter<>)));
        _adds = !IsObservable(instrument);
        _type = histogram ? "histogram" : counter ? "counter" : "gauge";
        _bounds = !histogram ? [] : instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } own } => [.. own],
            Histogram<int> { Advice.HistogramBucketBoundaries: { } own } => [.. own.Select(b => (double)b)],
            _ => s_usual,
        };
        Name = NameOf(instrument, counter);
        _help = (instrument.Description ?? instrument.Name).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
    }

    public string Name { get; }

    public void Take(double measured, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = 0;
        foreach (var (key, value) in tags)
            if (!s_left.Contains(key))
                hash = HashCode.Combine(hash, value);
        (Find(hash, tags) ?? Grow(hash, tags)).Take(measured, _bounds, _adds);
    }

    Series? Find(int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var series in _series)
            if (series.Hash == hash && series.Is(tags))
                return series;
        return null;
    }

    Series Grow(int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_growing)
        {
            if (Find(hash, tags) is { } twin)
                return twin;
            if (_series.Length >= MostSeries)
                return _series[^1];
            var all = tags.ToArray().Where(t => !s_left.Contains(t.Key)).ToArray();
            var series = new Series(hash, _series.Length + 1 == MostSeries ? [new("more", "yes")] : all, _bounds.Length);
            _series = [.. _series, series];
            return series;
        }
    }

    public void WriteHead(StringBuilder text) => text.Append("# HELP ").Append(Name).Append(' ').Append(_help).Append("\n# TYPE ").Append(Name).Append(' ').Append(_type).Append('\n');

    public void WriteSeries(StringBuilder text)
    {
        foreach (var series in _series)
            series.Write(text, Name, _bounds);
    }

    static string NameOf(Instrument instrument, bool counter)
    {
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            _ => "",
        };
        var name = string.Create(instrument.Name.Length, instrument.Name, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
        });
        return name + unit + (counter ? "_total" : "");
    }

    static bool IsA(Instrument instrument, Type generic) => instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == generic;

    static bool IsObservable(Instrument instrument) => instrument.IsObservable || IsA(instrument, typeof(Gauge<>));
}
