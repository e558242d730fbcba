using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Ensen.Web.Watching;

/// <summary>
/// Listens to the meters of the business and of the platform, and tells what they counted in Prometheus' text format (version 0.0.4):
/// <c>ensen.ledger.step</c> in seconds is <c>ensen_ledger_step_seconds</c>, a counter ends in <c>_total</c>.
/// </summary>
sealed class MetricsText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Of the platform's many instruments, those that say something about this program's work.</summary>
    static readonly HashSet<string> s_platform =
    [
        "http.server.request.duration", "http.server.active_requests", "kestrel.active_connections", "kestrel.rejected_connections",
        "db.client.connection.count", "db.client.connection.pending_requests", "db.client.operation.failed", "db.client.connection.timeouts",
        "dotnet.gc.collections", "dotnet.gc.pause.time", "dotnet.gc.heap.total_allocated", "dotnet.gc.last_collection.memory.committed_size",
        "dotnet.process.cpu.time", "dotnet.thread_pool.thread.count", "dotnet.thread_pool.queue.length", "dotnet.exceptions",
    ];

    readonly MeterListener _listener = new();
    readonly Lock _scraping = new();
    readonly Lock _adding = new();
    readonly List<Kept> _kept = [];

    /// <param name="mine">Which of the meters with our names are meant; without it all of them.</param>
    public MetricsText(Func<Meter, bool>? mine = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("Ensen.", StringComparison.Ordinal) ? mine?.Invoke(instrument.Meter) ?? true : mine is null && s_platform.Contains(instrument.Name))
                listener.EnableMeasurementEvents(instrument, Keep(instrument));
        };
        _listener.MeasurementsCompleted = (_, state) => Forget((Kept)state!);
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => ((Kept)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => ((Kept)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => ((Kept)state!).Take(value, tags));
        _listener.Start();
    }

    /// <summary>Everything as it is now.</summary>
    public string Write()
    {
        lock (_scraping)
        {
            _listener.RecordObservableInstruments();
            var text = new StringBuilder(16 * 1024);
            List<Kept> kept;
            lock (_adding)
                kept = [.. _kept.OrderBy(k => k.Name, StringComparer.Ordinal)];
            foreach (var same in kept.GroupBy(k => k.Name))
            {
                same.First().WriteHead(text);
                foreach (var instrument in same)
                    instrument.WriteSeries(text);
            }
            text.Append(CultureInfo.InvariantCulture,
                $"# HELP process_working_set_bytes Memory of the process.\n# TYPE process_working_set_bytes gauge\nprocess_working_set_bytes {Environment.WorkingSet}\n");
            return text.ToString();
        }
    }

    Kept Keep(Instrument instrument)
    {
        var kept = new Kept(instrument);
        lock (_adding)
            _kept.Add(kept);
        return kept;
    }

    void Forget(Kept kept)
    {
        lock (_adding)
            _kept.Remove(kept);
    }

    public void Dispose() => _listener.Dispose();
}
