namespace Ensen.Simulation.Worlds;

/// <summary>The world's time: it passes when nothing can go on, and when the story lets days pass.</summary>
sealed class LoopClock(DateTimeOffset start) : TimeProvider
{
    Loop? _loop;

    public long Ticks { get; private set; } = start.UtcTicks;

    public void Belongs(Loop loop) => _loop = loop;

    public override DateTimeOffset GetUtcNow() => new(Ticks, TimeSpan.Zero);
    public override long GetTimestamp() => Ticks;
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        dueTime == Timeout.InfiniteTimeSpan ? new Never() : _loop!.At(dueTime, () => callback(state));

    public void Reach(long ticks) => Ticks = Math.Max(Ticks, ticks);

    public void Pass(TimeSpan time) => Ticks += time.Ticks;

    sealed class Never : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
