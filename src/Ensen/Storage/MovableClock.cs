using System.Globalization;

namespace Ensen.Storage;

/// <summary>
/// The sandbox's clock: real time plus an offset that only grows. The offset lives in the database, so restarts and other nodes
/// tell the same time.
/// </summary>
public sealed class MovableClock(TimeProvider real) : TimeProvider
{
    const string Name = "clock-offset-ms";
    const string Topic = "clock";

    long _offsetMs;

    public override DateTimeOffset GetUtcNow() => real.GetUtcNow().AddMilliseconds(Interlocked.Read(ref _offsetMs));

    public override TimeZoneInfo LocalTimeZone => real.LocalTimeZone;
    public override long TimestampFrequency => real.TimestampFrequency;
    public override long GetTimestamp() => real.GetTimestamp();
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        real.CreateTimer(callback, state, dueTime, period);

    /// <summary>Takes over what the database says.</summary>
    public async Task Load(Database db, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        if (await Setting.Read(connection, Name) is { } text)
            Advance(long.Parse(text, CultureInfo.InvariantCulture));
    }

    /// <summary>Moves the clock forward by this much, for everybody. Returns the new time.</summary>
    public async Task<DateTimeOffset> Move(Database db, TimeSpan by, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        await db.Transact(async tx =>
        {
            var text = await Setting.Read(tx.Connection!, Name, tx);
            var offset = text is null ? 0 : long.Parse(text, CultureInfo.InvariantCulture);
            offset = checked(Math.Max(offset, Interlocked.Read(ref _offsetMs)) + (long)by.TotalMilliseconds);
            await Setting.Write(tx, Name, offset.ToString(CultureInfo.InvariantCulture));
            Advance(offset);
        }, ct);
        db.Signals.Raise(Topic);
        return GetUtcNow();
    }

    /// <summary>Runs until stopped: hears of moves on other nodes.</summary>
    public async Task Follow(Database db, CancellationToken ct)
    {
        using var bell = db.Signals.Listen(Topic);
        while (!ct.IsCancellationRequested)
        {
            await bell.Wait(TimeSpan.FromSeconds(5), ct);
            await Load(db, ct);
        }
    }

    void Advance(long offset)
    {
        long seen;
        while ((seen = Interlocked.Read(ref _offsetMs)) < offset)
            Interlocked.CompareExchange(ref _offsetMs, offset, seen);
    }
}
