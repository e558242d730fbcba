namespace Ensen.Ledger;

/// <summary>What one account of an owner holds; the term is 0, or the day (yyyymmdd) on which a lot of points lapses.</summary>
public readonly record struct TermBalance(int Term, long Balance);

/// <summary>What a decision may look at: the states of the owners it named, and which single uses it named have happened.</summary>
public sealed class AccountState
{
    readonly Dictionary<Guid, OwnerState> _owners = [];
    readonly HashSet<SingleUse> _singleUses = [];

    public OwnerState Of(Guid owner) =>
        _owners.TryGetValue(owner, out var position)
            ? position
            : throw new InvalidOperationException($"The draft did not name {owner} among its owners.");

    public bool Happened(SingleUse use) => _singleUses.Contains(use);

    internal IReadOnlyCollection<OwnerState> Positions => _owners.Values;

    internal OwnerState Open(Guid owner)
    {
        if (!_owners.TryGetValue(owner, out var position))
            _owners.Add(owner, position = new OwnerState(owner));
        return position;
    }

    internal void Load(SingleUse use) => _singleUses.Add(use);
}
