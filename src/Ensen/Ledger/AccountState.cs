namespace Ensen.Ledger;

/// <summary>What one account of an owner holds; the term is 0, or the day (yyyymmdd) on which a lot of points lapses.</summary>
public readonly record struct TermBalance(int Term, long Balance);

/// <summary>What a decision may look at: the states of the owners it named, and which single uses it named have happened.</summary>
public sealed class AccountState
{
    readonly Dictionary<Guid, OwnerState> _owners = [];
    readonly Dictionary<Guid, PoolState> _pools = [];
    readonly HashSet<SingleUse> _singleUses = [];

    public OwnerState Of(Guid owner) =>
        _owners.TryGetValue(owner, out var position)
            ? position
            : throw new InvalidOperationException($"The draft did not name {owner} among its owners.");

    public PoolState Pool(Guid owner) =>
        _pools.TryGetValue(owner, out var pool)
            ? pool
            : throw new InvalidOperationException($"The draft did not name {owner} among its pools.");

    /// <summary>What a guarded account holds, wherever it lies.</summary>
    public long Balance(Guid owner, AccountType accountType, int term = 0) =>
        accountType.IsPool ? Pool(owner).Balance(accountType, term) : Of(owner).Balance(accountType, term);

    public bool Happened(SingleUse use) => _singleUses.Contains(use);

    internal IReadOnlyCollection<OwnerState> Positions => _owners.Values;

    internal IReadOnlyCollection<PoolState> Pools => _pools.Values;

    internal PoolState OpenPool(Guid owner, short ownStripe)
    {
        if (!_pools.TryGetValue(owner, out var pool))
            _pools.Add(owner, pool = new PoolState(owner, ownStripe));
        return pool;
    }

    internal bool Apply(Leg leg) => leg.AccountType.IsPool ? Pool(leg.Owner).Apply(leg) : Of(leg.Owner).Apply(leg);

    internal void Undo(Leg leg)
    {
        if (leg.AccountType.IsPool)
            Pool(leg.Owner).Undo(leg);
        else
            Of(leg.Owner).Undo(leg);
    }

    /// <summary>Of whom only limits on their own are read; who is an owner, too, is that.</summary>
    internal OwnerState OpenCounter(Guid owner)
    {
        if (!_owners.TryGetValue(owner, out var position))
            _owners.Add(owner, position = new OwnerState(owner) { OnlyCounts = true });
        return position;
    }

    internal OwnerState Open(Guid owner)
    {
        if (!_owners.TryGetValue(owner, out var position))
            _owners.Add(owner, position = new OwnerState(owner));
        return position;
    }

    internal void Load(SingleUse use) => _singleUses.Add(use);
}
