using System.Globalization;
using Ensen.Storage;

namespace Ensen.Sandbox;

/// <summary>
/// The sandbox's clock: real time plus an offset that only grows. The offset lives in the database, so restarts and other nodes
/// tell the same time.
/// </summary>
public sealed class MovableClock(TimeProvider real) : TimeProvider
{
    const string Name = "clock-offset-ms";
    const string Topic = "clock";

    long _offsetMs;

    /// <summary>
    /// It goes no further: what is reckoned from a day (when points lapse, how long a session lives) must have its place in the calendar,
    /// too.
    /// </summary>
    public static readonly DateTimeOffset Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow()
    {
        var (now, offset) = (real.GetUtcNow(), Interlocked.Read(ref _offsetMs));
        return (Latest - now).TotalMilliseconds <= offset ? Latest : now.AddMilliseconds(offset);
    }

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

    /// <summary>Moves the clock forward by this much, for everybody, as far as <see cref="Latest"/>. Returns the new time.</summary>
    public async Task<DateTimeOffset> Move(Database db, TimeSpan by, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        await db.Transact(async tx =>
        {
            var text = await Setting.Read(tx.Connection!, Name, tx);
            var offset = text is null ? 0 : long.Parse(text, CultureInfo.InvariantCulture);
            offset = checked(Math.Max(offset, Interlocked.Read(ref _offsetMs)) + (long)by.TotalMilliseconds);
            offset = Math.Min(offset, (long)(Latest - real.GetUtcNow()).TotalMilliseconds);
            await Setting.Write(tx, Name, offset.ToString(CultureInfo.InvariantCulture));
            Advance(offset);
        }, ct);
        db.Notifications.Raise(Topic);
        return GetUtcNow();
    }

    /// <summary>Runs until stopped: hears of moves on other nodes.</summary>
    public async Task Follow(Loops loops, Database db, CancellationToken ct)
    {
        using var bell = db.Notifications.Listen(Topic);
        await loops.Run("clock", "the clock is moved when another node moves it", async (_, stop) =>
        {
            await bell.Wait(TimeSpan.FromSeconds(5), stop);
            await Load(db, stop);
        }, ct);
    }

    void Advance(long offset)
    {
        long seen;
        while ((seen = Interlocked.Read(ref _offsetMs)) < offset)
            Interlocked.CompareExchange(ref _offsetMs, offset, seen);
    }
}
