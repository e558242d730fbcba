using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Ensen.Web.Observability;

/// <summary>
/// Everything that is counted, of the business and of the platform, for whoever scrapes <c>/metrics</c> and for a collector where there is
/// one:
/// <c>ensen.ledger.step</c> in seconds is <c>ensen_ledger_step_seconds</c> there, a counter ends in <c>_total</c>.
/// </summary>
static class Metrics
{
    const string Ours = "Ensen.*";

    /// <summary>More combinations of labels than any instrument has: what a stranger could make grow is counted together.</summary>
    const int MostSeries = 500;

    /// <summary>
    /// Of the platform's many instruments those that say something about this program's work, with the tags that differ here.
    /// </summary>
    static readonly Dictionary<string, string[]> s_platform = new()
    {
        ["http.server.request.duration"] = ["http.request.method", "http.response.status_code", "http.route", "error.type"],
        ["http.server.active_requests"] = ["http.request.method"],
        ["kestrel.active_connections"] = [],
        ["kestrel.rejected_connections"] = [],
        ["db.client.connection.count"] = ["db.client.connection.state"],
        ["db.client.connection.pending_requests"] = [],
        ["db.client.connection.timeouts"] = [],
        ["db.client.operation.failed"] = ["db.response.status_code", "error.type"],
        ["dotnet.gc.collections"] = ["gc.heap.generation"],
        ["dotnet.gc.pause.time"] = [],
        ["dotnet.gc.heap.total_allocated"] = [],
        ["dotnet.gc.last_collection.memory.committed_size"] = [],
        ["dotnet.process.cpu.time"] = ["cpu.mode"],
        ["dotnet.exceptions"] = ["error.type"],
    };

    static readonly Meter s_process = new("Ensen.Process");

    static Metrics()
    {
        s_process.CreateObservableGauge("process.working_set", () => Environment.WorkingSet, "By", "Memory of the process.");
        // The platform has these as counters, although they go down.
        s_process.CreateObservableGauge("dotnet.thread_pool.thread.count", () => ThreadPool.ThreadCount, null, "Threads of the pool.");
        s_process.CreateObservableGauge("dotnet.thread_pool.queue.length", () => ThreadPool.PendingWorkItemCount, null,
            "Work that waits for a thread of the pool.");
    }

    /// <summary>Counts from now on.</summary>
    public static MeterProvider Begin()
    {
        var meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Telemetry.Node())
            .AddMeter(Ours, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime")
            .AddView(Kept)
            .AddPrometheusExporter(scraped =>
            {
                scraped.ScopeInfoEnabled = false;
                scraped.TargetInfoEnabled = false;
                scraped.ScrapeResponseCacheDurationMilliseconds = 0; // A look shows what is now.
            });
        return (Telemetry.IsWanted ? meters.AddOtlpExporter() : meters).Build();
    }

    static MetricStreamConfiguration? Kept(Instrument instrument) =>
        instrument.Meter.Name.StartsWith("Ensen.", StringComparison.Ordinal)
            ? new MetricStreamConfiguration { CardinalityLimit = MostSeries }
            : s_platform.TryGetValue(instrument.Name, out var tags)
                ? new MetricStreamConfiguration { TagKeys = tags, CardinalityLimit = MostSeries }
        : MetricStreamConfiguration.Drop;
}
