using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ensen.Basics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Storage;

/// <summary>How a loop fares: how long ago a turn of it went well, how many have failed since, and with what the last one did.</summary>
public sealed record LoopState(string Name, TimeSpan Since, int Failures, string? Error);

/// <summary>
/// What goes on beside the requests for as long as the node lives: the outbox, the closing of days, the clock, the news of other nodes.
/// There is one way to run it: turn after turn, and whatever a turn throws is told (a line in the log, a number in the metrics, a word in
/// readiness) and tried again after a pause that grows. A loop ends when it is told to, and never of itself.
/// </summary>
public sealed class Loops : IDisposable
{
    public const string MeterName = "Ensen.Loops";

    static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<string, Loop> _all = new();
    readonly ILogger _log;
    readonly Meter _meter = new(MeterName);
    readonly Counter<long> _failures;

    public Loops(ILogger<Loops>? log = null)
    {
        _log = log ?? NullLogger<Loops>.Instance;
        _failures = _meter.CreateCounter<long>("ensen.loop.failures", null,
            "Turns of background work that failed and are tried again, by loop.");
        _meter.CreateObservableGauge("ensen.loop.since", Ages, "s", "How long ago a turn of background work last went well, by loop.");
    }

    /// <summary>The first pause after a failure; each further one is twice as long, up to half a minute. Tests wait less.</summary>
    public TimeSpan FirstPause { get; init; } = s_firstPause;

    public TimeSpan LongestPause { get; init; } = s_longestPause;

    /// <summary>Those of which no turn has gone well for so long that somebody should look.</summary>
    public IReadOnlyList<LoopState> InTrouble =>
        [.. _all.Values.Where(l => l.IsInTrouble).Select(l => l.State).OrderBy(l => l.Name, StringComparer.Ordinal)];

    public IReadOnlyList<LoopState> All => [.. _all.Values.Select(l => l.State).OrderBy(l => l.Name, StringComparer.Ordinal)];

    /// <summary>
    /// Runs until <paramref name="ct"/> says stop. A turn waits by itself for what it has to do; it begins anew as soon as it has ended.
    /// </summary>
    /// <param name="name">One word or two, for the log and the metrics.</param>
    /// <param name="does">What does not happen while it fails: "mails and charges go out".</param>
    /// <param name="turn">One turn; one that lasts long says now and then that it lives (<see cref="Loop.Lives"/>).</param>
    public Task Run(string name, string does, Func<Loop, CancellationToken, Task> turn, CancellationToken ct)
    {
        var loop = _all.GetOrAdd(name, new Loop(name));
        // Not on the caller's thread: a turn that never waits must not keep the node from starting.
        return Task.Run(() => Go(loop, does, turn, ct), CancellationToken.None);
    }

    /// <summary>
    /// Counts a failure of work that has its own way of beginning anew: a topic's streams end, and their listeners come again.
    /// </summary>
    public void Count(string name, Exception e) =>
        _failures.Add(1, new("loop", name), new("error", e.GetType().Name));

    async Task Go(Loop loop, string does, Func<Loop, CancellationToken, Task> turn, CancellationToken ct)
    {
        loop.Lives();
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await turn(loop, ct);
                if (loop.Recovers() is > 0 and var failures)
                    _log.LogInformation("{Loop} goes on after {Failures} failures", loop.Name, failures);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Everything: whatever a turn may meet, the next one may go well, and a loop that is gone is missed by nobody until it is
                // too late.
                await Pause(Failed(loop, does, e), ct);
            }
        }
    }

    TimeSpan Failed(Loop loop, string does, Exception e)
    {
        var failures = loop.Fails(e);
        Count(loop.Name, e);
        var pause = FirstPause * Math.Pow(2, Math.Min(failures - 1, 10));
        if (pause > LongestPause)
            pause = LongestPause;
        if (TransientFailure.IsInBackground(e))
            _log.LogWarning(
                "{Loop}: it is not so now that {Does}: {Error}; tried again in {Seconds:0.0} s",
                loop.Name, does, e.GetType().Name, pause.TotalSeconds);
        else
            _log.LogError(e, "{Loop}: it is not so now that {Does}; tried again in {Seconds:0.0} s", loop.Name, does, pause.TotalSeconds);
        return pause * (0.8 + 0.4 * RandomSource.Source.NextDouble());
    }

    static async Task Pause(TimeSpan pause, CancellationToken ct)
    {
        try
        {
            await Task.Delay(pause, ct);
        }
        catch (OperationCanceledException)
        {
            // It is told to stop: the loop sees that.
        }
    }

    IEnumerable<Measurement<double>> Ages() =>
        _all.Values.Select(l => new Measurement<double>(l.State.Since.TotalSeconds, new KeyValuePair<string, object?>("loop", l.Name)));

    public void Dispose() => _meter.Dispose();
}

/// <summary>One piece of background work, as it is seen from outside.</summary>
public sealed class Loop(string name)
{
    /// <summary>No turn of ours takes longer: one that does hangs.</summary>
    static readonly TimeSpan s_longestTurn = TimeSpan.FromMinutes(2);
    static readonly TimeSpan s_troubleAfter = TimeSpan.FromSeconds(15);

    readonly Lock _lock = new();
    long _lived = Stopwatch.GetTimestamp();
    int _failures;
    string? _error;

    public string Name => name;

    internal LoopState State
    {
        get
        {
            lock (_lock)
                return new(name, Stopwatch.GetElapsedTime(_lived), _failures, _error);
        }
    }

    internal bool IsInTrouble => State is var s && s.Since > (s.Failures > 0 ? s_troubleAfter : s_longestTurn);

    /// <summary>It goes well. Said by a turn that lasts for long; at the end of a turn it is clear of itself.</summary>
    public void Lives() => Recovers();

    internal int Recovers()
    {
        lock (_lock)
        {
            _lived = Stopwatch.GetTimestamp();
            var failures = _failures;
            (_failures, _error) = (0, null);
            return failures;
        }
    }

    internal int Fails(Exception e)
    {
        lock (_lock)
        {
            _error = e.GetType().Name;
            return ++_failures;
        }
    }
}
