using System.Data.Common;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Ensen.Storage;

/// <summary>
/// The time by which the product goes: the database's, which all nodes share, and not this machine's. How far they are apart is measured
/// every few seconds: the database named its time somewhere between question and answer, and what is within these bounds is left as it is.
/// So the clocks of two nodes differ by no more than a round trip to the database, however wrong their machines are. It never steps back:
/// where it was ahead it goes at half the speed until the database has caught up. An embedded database has one program and no clock of its
/// own: there this machine's is the only one.
/// </summary>
public sealed class DatabaseClock : TimeProvider, IDisposable
{
    const int Looks = 5;
    static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);
    static readonly TimeSpan s_worthTelling = TimeSpan.FromSeconds(1);

    readonly TimeProvider _own;
    readonly ILogger? _log;
    readonly Meter _meter = new("Ensen.Clock");
    volatile Course? _course;
    long _lastTicks;
    TimeSpan _told;

    /// <param name="own">This machine's clock.</param>
    public DatabaseClock(TimeProvider own, ILogger<DatabaseClock>? log = null)
    {
        (_own, _log) = (own, log);
        _meter.CreateObservableGauge("ensen.clock.behind", () => Behind.TotalSeconds, "s",
            "How far this machine's clock is behind the database's; below 0 when it is ahead.");
    }

    /// <summary>How far this machine's clock is behind the time that the product goes by.</summary>
    public TimeSpan Behind => GetUtcNow() - _own.GetUtcNow();

    public override DateTimeOffset GetUtcNow()
    {
        if (_course is not { } course)
            return _own.GetUtcNow();
        var ticks = course.At(_own.GetElapsedTime(course.From));
        // Who read the old course a moment ago may have been told a little more than the new one says.
        long last;
        while ((last = Volatile.Read(ref _lastTicks)) < ticks)
            if (Interlocked.CompareExchange(ref _lastTicks, ticks, last) == last)
                return new(ticks, TimeSpan.Zero);
        return new(last, TimeSpan.Zero);
    }

    public override TimeZoneInfo LocalTimeZone => _own.LocalTimeZone;
    public override long TimestampFrequency => _own.TimestampFrequency;
    public override long GetTimestamp() => _own.GetTimestamp();
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _own.CreateTimer(callback, state, dueTime, period);

    /// <summary>Looks several times, so that the quickest answer counts: at start, before anybody asks for the time.</summary>
    public async Task Load(Database db, CancellationToken ct = default)
    {
        for (var i = 0; i < Looks; i++)
            await Measure(db, ct);
    }

    /// <summary>Runs until stopped: this machine's clock and the database's drift apart, and either may be set.</summary>
    public Task Follow(Loops loops, Database db, CancellationToken ct) =>
        loops.Run("time", "this node's time follows the database's", async (_, stop) =>
    {
        await Measure(db, stop);
        await Task.Delay(s_every, stop);
    }, ct);

    /// <summary>Asks the database for its time once.</summary>
    public async Task Measure(Database db, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var asked = _own.GetTimestamp();
        if (await db.TimeOf(connection, ct) is { } said)
            Hear(said, asked, _own.GetTimestamp());
    }

    /// <summary>What the database said between these two moments.</summary>
    internal void Hear(DateTimeOffset said, long asked, long answered)
    {
        var trip = _own.GetElapsedTime(asked, answered).Ticks;
        var estimate = _course is { } old
            ? Math.Clamp(old.EstimateAt(_own.GetElapsedTime(old.From, answered)), said.UtcTicks, said.UtcTicks + trip)
            : said.UtcTicks + trip / 2;
        // Before the first word of the database nobody has been told a time that counts.
        var shown = _course is { } before ? before.At(_own.GetElapsedTime(before.From, answered)) : estimate;
        _course = new Course(answered, estimate, shown);
        if (_log is not null && Behind is var behind && (behind - _told).Duration() > s_worthTelling)
        {
            _told = behind;
            _log.LogWarning("This machine's clock is {Seconds:0.000} s behind the database's; the database's is gone by",
                behind.TotalSeconds);
        }
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>From a moment on: what the time is by the last measure, and below what it may not fall.</summary>
    sealed record Course(long From, long Estimate, long Shown)
    {
        public long EstimateAt(TimeSpan later) => Estimate + later.Ticks;

        public long At(TimeSpan later) => Math.Max(EstimateAt(later), Shown + later.Ticks / 2);
    }
}
