using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>Why a batch was tried again.</summary>
enum RetryReason
{
    /// <summary>Rows were not as they had been read: somebody else moved first.</summary>
    Moved = 1,

    /// <summary>A unique key was there already.</summary>
    Duplicate = 2,

    /// <summary>The database refused to serialize, or resolved a deadlock (40001, 40P01).</summary>
    Conflict = 3,

    /// <summary>The connection broke, or the server has no room or is going away.</summary>
    Connection = 4,
}

/// <summary>What a batch spends its time with.</summary>
enum BatchStep
{
    Load = 1,
    Decide = 2,
    Commit = 3,
}

/// <summary>
/// What one ledger tells whoever watches it. Recorded once a batch and not once a payment, so that measuring costs nothing that could be
/// measured.
/// </summary>
sealed class LedgerMeter : IDisposable
{
    public const string Name = "Ensen.Ledger";

    static readonly KeyValuePair<string, object?>[] s_reasons = Tags<RetryReason>("reason");
    static readonly KeyValuePair<string, object?>[] s_steps = Tags<BatchStep>("step");
    static readonly ConcurrentDictionary<Enum, KeyValuePair<string, object?>> s_refusals = new();

    readonly Meter _meter = new(Name);
    readonly Dictionary<EntryKind, KeyValuePair<string, object?>> _kinds;
    readonly Counter<long> _entries;
    readonly Counter<long> _batches;
    readonly Counter<long> _refusals;
    readonly Counter<long> _retries;
    readonly Counter<long> _unavailable;
    readonly Counter<long> _busy;
    readonly Histogram<int> _size;
    readonly Histogram<double> _steps;
    readonly Histogram<double> _wait;
    volatile bool _fails;
    volatile bool _lost;
    long _sealed;

    public LedgerMeter(GeneralLedger ledger, Catalogue catalogue)
    {
        _kinds = catalogue.All<EntryKind>().ToDictionary(kind => kind, kind => new KeyValuePair<string, object?>("kind", kind.Word));
        _entries = _meter.CreateCounter<long>("ensen.ledger.entries", null,
            "Entries that this node posted, by kind; kind=payment are the payments.");
        _batches = _meter.CreateCounter<long>("ensen.ledger.batches", null, "Batches that this node committed.");
        _refusals = _meter.CreateCounter<long>("ensen.ledger.refusals", null,
            "Drafts that were decided and refused, by the contract's code.");
        _retries = _meter.CreateCounter<long>("ensen.ledger.retries", null, "Batches that had to be tried again, by reason.");
        _unavailable = _meter.CreateCounter<long>("ensen.ledger.unavailable", null,
            "Drafts whose callers were told to ask again with the same key.");
        _busy = _meter.CreateCounter<long>("ensen.ledger.turned.away", null,
            "Drafts that were not taken because others wait for too long already.");
        _size = _meter.CreateHistogram("ensen.ledger.batch.size", null, "Drafts in a batch.",
            advice: Buckets<int>(1, 2, 4, 8, 16, 32, 64, 128, 256, 512));
        _steps = _meter.CreateHistogram("ensen.ledger.step", "s", "Time of a batch's steps: load, decide, commit.",
            advice: Buckets(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5));
        _wait = _meter.CreateHistogram("ensen.ledger.wait", "s",
            "From joining the line to the answer, for the one in each batch who had waited longest.",
            advice: Buckets(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5));
        StartAtZero();
        _meter.CreateObservableGauge("ensen.ledger.waiting", () => ledger.QueueLength, null, "Callers that wait for a ledger writer.");
        _meter.CreateObservableGauge("ensen.ledger.history.lost", () => _lost ? 1 : 0, null,
            "1 when the database does not hold what this node committed to it: an old state was restored.");
        _meter.CreateObservableGauge("ensen.seal.age", SealAge, "s",
            "Since this node's last seal, which is its last committed batch; absent before the first.");
        _meter.CreateObservableGauge("ensen.ledger.oldest", () => ledger.OldestWaiting.TotalSeconds, "s",
            "How long the oldest draft without an answer has waited; 0 when nobody waits.");
    }

    /// <summary>The last batch could not be committed, for no fault of its own.</summary>
    public bool Fails => _fails;

    /// <summary>The writers failed because the database does not hold what this node committed to it.</summary>
    public bool HistoryLost => _lost;

    public void Committed(List<PendingPost> batch, WriteSet writes)
    {
        _fails = _lost = false;
        if (writes.Seal is not null)
            Interlocked.Exchange(ref _sealed, Stopwatch.GetTimestamp());
        _batches.Add(1);
        _size.Record(batch.Count);
        if (!_entries.Enabled)
            return;
        foreach (var kind in _kinds)
        {
            var count = 0;
            foreach (var entry in writes.Entries)
                if (entry.Kind == kind.Key)
                    count++;
            if (count > 0)
                _entries.Add(count, kind.Value);
        }
    }

    public void Answered(List<PendingPost> batch)
    {
        _wait.Record(Stopwatch.GetElapsedTime(batch[0].Since).TotalSeconds);
        if (!_refusals.Enabled)
            return;
        foreach (var waiting in batch)
            if (waiting.Refusal is { } refusal)
                _refusals.Add(1, s_refusals.GetOrAdd(refusal, static r => Tag("code", r.ToString())));
    }

    /// <summary>Notes the time since <paramref name="from"/>, and returns the time now.</summary>
    public long Took(BatchStep step, long from)
    {
        var now = Stopwatch.GetTimestamp();
        _steps.Record(Stopwatch.GetElapsedTime(from, now).TotalSeconds, s_steps[(int)step]);
        return now;
    }

    public void Retried(RetryReason reason) => _retries.Add(1, s_reasons[(int)reason]);

    public void Unavailable(int drafts, bool historyLost)
    {
        _fails = true;
        _lost = historyLost;
        _unavailable.Add(drafts);
    }

    public void TurnedAway() => _busy.Add(1);

    IEnumerable<Measurement<double>> SealAge() =>
        Interlocked.Read(ref _sealed) is > 0 and var at ? [new Measurement<double>(Stopwatch.GetElapsedTime(at).TotalSeconds)] : [];

    /// <summary>A counter that first appears when it counts has no rate at that moment: the first trouble would be overlooked.</summary>
    void StartAtZero()
    {
        _batches.Add(0);
        _unavailable.Add(0);
        _busy.Add(0);
        foreach (var kind in _kinds.Values)
            _entries.Add(0, kind);
        foreach (var reason in Enum.GetValues<RetryReason>())
            _retries.Add(0, s_reasons[(int)reason]);
    }

    static InstrumentAdvice<T> Buckets<T>(params T[] bounds)
        where T : struct => new() { HistogramBucketBoundaries = bounds };

    /// <summary>A tag a value, at the place of its number.</summary>
    static KeyValuePair<string, object?>[] Tags<T>(string name)
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        var tags = new KeyValuePair<string, object?>[values.Max(v => Convert.ToInt32(v, null)) + 1];
        foreach (var value in values)
            tags[Convert.ToInt32(value, null)] = Tag(name, value.ToString());
        return tags;
    }

    static KeyValuePair<string, object?> Tag(string name, string value) => new(name, JsonNamingPolicy.SnakeCaseLower.ConvertName(value));

    public void Dispose() => _meter.Dispose();
}
