namespace Ensen.Ledger;

/// <summary>What a batch needs to know before it decides.</summary>
sealed class ReadSet
{
    /// <summary>The instant of reading: a restriction that held until then is over.</summary>
    public DateTimeOffset At { get; init; }

    public HashSet<Guid> Owners { get; } = [];
    public HashSet<Guid> Pools { get; } = [];

    /// <summary>Owners of limits on their own, of whom nothing else is read.</summary>
    public HashSet<Guid> Counters { get; } = [];
    public HashSet<(Guid Caller, string Key)> IdempotencyKeys { get; } = [];
    public HashSet<SingleUse> SingleUses { get; } = [];

    /// <summary>Only after a failed try: entries that may have been committed after all.</summary>
    public HashSet<Guid> Entries { get; } = [];
}
