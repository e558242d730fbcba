namespace Ensen.Ledger;

/// <summary>A lot of points: its balance and the day (yyyymmdd) it lapses.</summary>
public readonly record struct Lot(int Term, long Balance);

/// <summary>What one owner holds and may move at the moment of the decision.</summary>
public sealed class Position(Guid owner)
{
    readonly Dictionary<(Book Book, int Term), Held> _accounts = [];
    readonly Dictionary<AllowanceKind, Used> _allowances = [];
    long _yen;
    long _points;

    public Guid Owner { get; } = owner;

    /// <summary>Which lot comes before which. The simulation turns it round to see that somebody notices.</summary>
    internal IComparer<int> LotOrder { get; set; } = Comparer<int>.Default;

    public long Balance(Book book, int term = 0) => _accounts.TryGetValue((book, term), out var held) ? held.Now : 0;

    /// <summary>All of the owner's accounts of that unit together.</summary>
    public long Total(Unit unit) => unit == Unit.Yen ? _yen : _points;

    /// <summary>The lots that have something, soonest to lapse first.</summary>
    public IEnumerable<Lot> Lots() => _accounts
        .Where(a => a.Key.Book == Book.Points && a.Value.Now > 0)
        .Select(a => new Lot(a.Key.Term, a.Value.Now))
        .OrderBy(lot => lot.Term, LotOrder);

    public Allowance Allowance(AllowanceKind kind) =>
        _allowances.TryGetValue(kind, out var used) ? used.Now : Ensen.Ledger.Allowance.Fresh(Owner, kind);

    /// <summary>What is on its way to the owner, yen: taken on, and neither booked nor given up.</summary>
    public long Arriving => SeesArriving ? Allowance(AllowanceKind.Arriving).DayUsed : 0;

    /// <summary>The simulation shuts this eye to see that somebody notices.</summary>
    internal bool SeesArriving { get; set; } = true;

    public bool IsFrozen => _allowances.Values.Any(a => a.Now.Frozen);

    internal void Load(Book book, int term, long balance)
    {
        _accounts[(book, term)] = new Held(true, balance, balance);
        Count(book, balance);
    }

    internal void Load(Allowance allowance) => _allowances[allowance.Kind] = new Used(true, allowance, allowance);

    /// <summary>Applies a leg. False when the account would fall below its floor; then, and when a sum overflows, it is left as it was.</summary>
    internal bool Apply(Leg leg)
    {
        var held = _accounts.TryGetValue((leg.Book, leg.Term), out var found) ? found : new Held(false, 0, 0);
        var after = checked(held.Now + leg.Amount);
        if (after < 0)
            return false;
        Count(leg.Book, leg.Amount);
        _accounts[(leg.Book, leg.Term)] = held with { Now = after };
        return true;
    }

    internal void Undo(Leg leg)
    {
        var held = _accounts[(leg.Book, leg.Term)];
        _accounts[(leg.Book, leg.Term)] = held with { Now = held.Now - leg.Amount };
        Count(leg.Book, -leg.Amount);
    }

    internal void Apply(AllowanceUse use)
    {
        var used = _allowances.TryGetValue(use.Kind, out var found)
            ? found
            : new Used(false, Ensen.Ledger.Allowance.Fresh(Owner, use.Kind), Ensen.Ledger.Allowance.Fresh(Owner, use.Kind));
        _allowances[use.Kind] = used with { Now = used.Now.Use(use.Amount, use.Day) };
    }

    internal void CollectInto(Changes changes)
    {
        var before = changes.Guarded.Count + changes.Allowances.Count;
        foreach (var ((book, term), held) in _accounts)
            if (held.Now != held.Before)
                changes.Guarded.Add(new GuardedChange(Owner, book, term, held.Exists, held.Before, held.Now));
        foreach (var used in _allowances.Values)
            if (used.Now != used.Before && used.Now.Kind != Turn)
                changes.Allowances.Add(new AllowanceChange(used.Exists, used.Now));
        // What a decision saw besides what it changes (the other book, lots that did not exist yet, what is on its way) must be as it was,
        // too. So whoever changes anything of an owner takes the turn: the version of one row that all of them write.
        var turn = _allowances.GetValueOrDefault(Turn);
        if (turn.Now != turn.Before || changes.Guarded.Count + changes.Allowances.Count > before)
            changes.Allowances.Add(new AllowanceChange(turn.Exists, turn.Now ?? Ensen.Ledger.Allowance.Fresh(Owner, Turn)));
    }

    void Count(Book book, long amount)
    {
        if (book.Unit() == Unit.Yen)
            _yen = checked(_yen + amount);
        else
            _points = checked(_points + amount);
    }

    // Payments write it anyway, and they are nearly all there is: the others pay for the turn.
    const AllowanceKind Turn = AllowanceKind.Pay;

    readonly record struct Held(bool Exists, long Before, long Now);

    readonly record struct Used(bool Exists, Allowance Before, Allowance Now);
}

/// <summary>What a decision may look at: the positions of the owners it named, and whether the facts it named have happened.</summary>
public sealed class Standing
{
    readonly Dictionary<Guid, Position> _positions = [];
    readonly HashSet<Fact> _facts = [];

    public Position Of(Guid owner) =>
        _positions.TryGetValue(owner, out var position)
            ? position
            : throw new InvalidOperationException($"The draft did not name {owner} among its owners.");

    public bool Happened(Fact fact) => _facts.Contains(fact);

    internal IReadOnlyCollection<Position> Positions => _positions.Values;

    internal Position Open(Guid owner)
    {
        if (!_positions.TryGetValue(owner, out var position))
            _positions.Add(owner, position = new Position(owner));
        return position;
    }

    internal void Load(Fact fact) => _facts.Add(fact);
}
