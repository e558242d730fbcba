namespace Ensen.Sandbox.Town;

/// <summary>
/// The time in the town while its past is being made. Each member's doings have a time of their own, so that forty of them can happen at
/// once and share the ledger's batches; whoever has none (the ledger's writers) lives at the beginning of the day.
/// </summary>
sealed class TownClock : TimeProvider
{
    readonly AsyncLocal<DateTimeOffset?> _own = new();
    long _dayMs;

    public override DateTimeOffset GetUtcNow() => _own.Value ?? DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Read(ref _dayMs));

    /// <summary>A day begins for everybody.</summary>
    public void Begin(DateTimeOffset day) => Interlocked.Exchange(ref _dayMs, day.ToUnixTimeMilliseconds());

    /// <summary>The time of the caller and of what the caller awaits from here on.</summary>
    public void At(DateTimeOffset moment) => _own.Value = moment.ToUniversalTime();
}
