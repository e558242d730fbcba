namespace Ensen.Ledger;

/// <summary>What one owner holds and may move at the moment of the decision.</summary>
public sealed class OwnerState(Guid owner)
{
    readonly Dictionary<(AccountType AccountType, int Term), Held> _accounts = [];
    readonly Dictionary<LimitKind, Used> _limits = [];
    List<RestrictionKind>? _restrictions;
    long _yen;
    long _points;

    public Guid Owner { get; } = owner;

    /// <summary>Only limits on their own were read: what it holds and may is not known.</summary>
    internal bool OnlyCounts { get; init; }

    /// <summary>Which term comes before which. The simulation turns it round to see that somebody notices.</summary>
    internal IComparer<int> TermOrder { get; set; } = Comparer<int>.Default;

    public long Balance(AccountType accountType, int term = 0) => _accounts.TryGetValue((accountType, term), out var held) ? held.Now : 0;

    /// <summary>All of the owner's accounts of that unit together.</summary>
    public long Total(Unit unit) => unit == Unit.Yen ? _yen : _points;

    /// <summary>The owner's accounts of that type that have something, the earliest term first.</summary>
    public IEnumerable<TermBalance> ByTerm(AccountType accountType) => _accounts
        .Where(a => a.Key.AccountType == accountType && a.Value.Now > 0)
        .Select(a => new TermBalance(a.Key.Term, a.Value.Now))
        .OrderBy(a => a.Term, TermOrder);

    public SpendingLimit SpendingLimit(LimitKind kind) =>
        _limits.TryGetValue(kind, out var used) ? used.Now : Ensen.Ledger.SpendingLimit.Fresh(Owner, kind);

    /// <summary>What is on its way to the owner, yen: taken on, and neither booked nor given up.</summary>
    public long Arriving => SeesArriving ? SpendingLimit(LimitKind.Arriving).DayUsed : 0;

    /// <summary>Whether arriving money is seen. The simulation turns it off to see that somebody notices.</summary>
    internal bool SeesArriving { get; set; } = true;

    public bool IsFrozen => IsUnder(RestrictionKind.Frozen);

    /// <summary>The owner has left: whatever is decided about them is refused.</summary>
    public bool HasLeft => SeesLeaving && IsUnder(RestrictionKind.Left);

    /// <summary>Whether it is seen that the owner has left. The simulation turns it off to see that somebody notices.</summary>
    internal bool SeesLeaving { get; set; } = true;

    public bool IsUnder(RestrictionKind kind) =>
        OnlyCounts ? throw Unknown() : _restrictions?.Contains(kind) == true;

    internal void Load(AccountType accountType, int term, long balance)
    {
        _accounts[(accountType, term)] = new Held(true, balance, balance);
        Count(accountType, balance);
    }

    internal void Load(SpendingLimit limit) => _limits[limit.Kind] = new Used(true, limit, limit);

    internal void Load(RestrictionKind kind) => (_restrictions ??= []).Add(kind);

    /// <summary>
    /// Applies a leg. False when the account would fall below its floor; then, and when a sum overflows, it is left as it was.
    /// </summary>
    internal bool Apply(Leg leg)
    {
        if (OnlyCounts)
            throw Unknown();
        var held = _accounts.TryGetValue((leg.AccountType, leg.Term), out var found) ? found : new Held(false, 0, 0);
        var after = checked(held.Now + leg.Amount);
        if (after < 0)
            return false;
        Count(leg.AccountType, leg.Amount);
        _accounts[(leg.AccountType, leg.Term)] = held with { Now = after };
        return true;
    }

    internal void Undo(Leg leg)
    {
        var held = _accounts[(leg.AccountType, leg.Term)];
        _accounts[(leg.AccountType, leg.Term)] = held with { Now = held.Now - leg.Amount };
        Count(leg.AccountType, -leg.Amount);
    }

    internal void Apply(LimitUse use)
    {
        if (OnlyCounts && !use.Kind.IsOnItsOwn)
            throw Unknown();
        var used = _limits.TryGetValue(use.Kind, out var found)
            ? found
            : new Used(false, Ensen.Ledger.SpendingLimit.Fresh(Owner, use.Kind), Ensen.Ledger.SpendingLimit.Fresh(Owner, use.Kind));
        _limits[use.Kind] = used with { Now = used.Now.Use(use.Amount, use.Day) };
    }

    internal void CollectInto(WriteSet writes)
    {
        var takesTurn = false;
        foreach (var ((accountType, term), held) in _accounts)
            if (held.Now != held.Before)
            {
                writes.Guarded.Add(new GuardedChange(Owner, accountType, term, held.Exists, held.Before, held.Now));
                takesTurn = true;
            }
        foreach (var used in _limits.Values)
            if (used.Now != used.Before && used.Now.Kind != Turn)
            {
                writes.SpendingLimits.Add(new LimitChange(used.Exists, used.Now));
                takesTurn |= !used.Now.Kind.IsOnItsOwn;
            }
        // What a decision saw besides what it changes (the other account, lots that did not exist yet, what is on its way) must be as it
        // was, too. So whoever changes anything of an owner takes the turn: the version of one row that all of them write.
        var turn = _limits.GetValueOrDefault(Turn);
        if (turn.Now != turn.Before || takesTurn)
            writes.SpendingLimits.Add(new LimitChange(turn.Exists, turn.Now ?? Ensen.Ledger.SpendingLimit.Fresh(Owner, Turn)));
    }

    InvalidOperationException Unknown() => new($"The draft named {Owner} among its counters and not among its owners.");

    void Count(AccountType accountType, long amount)
    {
        if (accountType.Unit == Unit.Yen)
            _yen = checked(_yen + amount);
        else
            _points = checked(_points + amount);
    }

    // The turn is the row of the spending limit of payments: payments write that row anyway, and nearly every entry is a payment.
    static LimitKind Turn => LimitKind.Pay;

    readonly record struct Held(bool Exists, long Before, long Now);

    readonly record struct Used(bool Exists, SpendingLimit Before, SpendingLimit Now);
}
