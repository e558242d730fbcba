using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ensen.Storage;

namespace Ensen.Bench.Measure;

/// <summary>What a scenario found: lines for people, and with <c>--json</c> one line for programs at the end.</summary>
sealed class Report
{
    readonly JsonObject _json = [];
    readonly List<string> _words = [];

    Report(string scenario) => _json["scenario"] = scenario;

    /// <summary>Begins a report with what every figure depends on. The disk is measured here: begin before the load does.</summary>
    public static async Task<Report> Begin(string scenario, Database db)
    {
        var report = new Report(scenario);
        report._json["engine"] = db.Engine == Engine.Postgres ? "postgres" : "sqlite";
        var flushes = Machine.FlushRate();
        report._json["rawFlushesPerSecond"] = Math.Round(flushes);
        var promises = await Machine.Promises(db);
        report._json["promises"] = promises;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scenario} on {db.Engine}, {promises}, raw flush rate {flushes:N0}/s"));
        return report;
    }

    /// <summary>A figure: its name for programs, its words for people (null: not worth saying).</summary>
    public Report With(string name, JsonNode value, string? words = null)
    {
        _json[name] = value;
        if (words is not null)
            _words.Add(words);
        return this;
    }

    /// <summary>A figure with its unit.</summary>
    public Report Figure(string name, double value, string unit, string format = "N1") =>
        With(name, Math.Round(value, 2), value.ToString(format, CultureInfo.InvariantCulture) + " " + unit);

    /// <summary>What the callers of a loop saw.</summary>
    public Report Loop(Measured measured, string what) => Figure(what + "PerSecond", measured.PerSecond, what + "/s", "N0")
        .Figure("p50Ms", measured.Latencies.Percentile(0.5), "ms p50")
        .Figure("p99Ms", measured.Latencies.Percentile(0.99), "ms p99")
        .With("refused", measured.Refused, $"{measured.Refused} refused");

    public void Write(bool json)
    {
        Console.WriteLine(string.Join(", ", _words));
        if (json)
            Console.WriteLine(_json.ToJsonString(s_oneLine));
    }

    static readonly JsonSerializerOptions s_oneLine = new() { WriteIndented = false };
}
