namespace Ensen.Ledger;

/// <summary>What the database answered.</summary>
sealed class LoadedState
{
    public AccountState AccountState { get; } = new();
    public Dictionary<(Guid Caller, string Key), Ensen.Storage.IdempotencyRecord> IdempotencyKeys { get; } = [];
    public HashSet<Guid> Entries { get; } = [];

    /// <summary>The writer's chain of seals, and its end.</summary>
    public short Lane { get; set; }
    public SealHead Head { get; set; } = SealHead.None;
}
