using System.Globalization;

namespace Ensen.Tests.Support;

/// <summary>A clock that stands still until a test moves it. It begins on an ordinary Monday noon in Tokyo.</summary>
sealed class TownClock : TimeProvider
{
    long _ticks = At("2026-06-01 12:00").UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    public void Move(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    /// <summary>Tokyo's time, written <c>2026-03-31 23:59:59.999</c>; parts from the minutes on may be missing.</summary>
    public void Set(string tokyo) => Volatile.Write(ref _ticks, At(tokyo).UtcTicks);

    public static DateTimeOffset At(string tokyo) => new(
        DateTime.ParseExact(tokyo, ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.fff"],
            CultureInfo.InvariantCulture),
        TimeSpan.FromHours(9));
}
