namespace Ensen.Ledger;

/// <summary>
/// What a pool holds at the moment of the decision: a guarded account that everybody may take from at once, in up to
/// <see cref="Stripes"/> rows whose sum it is. A writer takes from its own row, and from the others' only where that is short; every row
/// that it changes must be as it was read (docs/decisions/0030-pools-are-guarded-in-stripes.md).
/// </summary>
public sealed class PoolState(Guid owner, short ownStripe)
{
    public const int Stripes = 16;

    readonly Dictionary<(AccountType AccountType, int Term), Row[]> _accounts = [];

    public Guid Owner { get; } = owner;

    /// <summary>Whether it is seen how much is left. The simulation turns it off to see that somebody notices.</summary>
    internal bool SeesItsFloor { get; set; } = true;

    /// <summary>What is in all stripes together.</summary>
    public long Balance(AccountType accountType, int term = 0) =>
        !SeesItsFloor ? int.MaxValue : _accounts.TryGetValue((accountType, term), out var rows) ? rows.Sum(r => r.Now) : 0;

    internal void Load(AccountType accountType, int term, short stripe, long balance) =>
        Rows(accountType, term)[stripe] = new Row(true, balance, balance);

    /// <summary>Applies a leg. False when the pool holds less than it takes; then, and when a sum overflows, it is as it was.</summary>
    internal bool Apply(Leg leg)
    {
        if (checked(Balance(leg.AccountType, leg.Term) + leg.Amount) < 0)
            return false;
        var rows = Rows(leg.AccountType, leg.Term);
        if (SeesItsFloor)
            Reach(rows, -leg.Amount);
        rows[ownStripe].Now += leg.Amount;
        return true;
    }

    /// <summary>What was taken comes back to the writer's own stripe: in which it lies is no matter.</summary>
    internal void Undo(Leg leg) => Rows(leg.AccountType, leg.Term)[ownStripe].Now -= leg.Amount;

    internal void CollectInto(WriteSet writes)
    {
        foreach (var ((accountType, term), rows) in _accounts)
            for (short stripe = 0; stripe < Stripes; stripe++)
                if (rows[stripe] is var row && row.Now != row.Before)
                    writes.Guarded.Add(new GuardedChange(
                        Owner, accountType, term, row.Exists, row.Before, SeesItsFloor ? row.Now : Math.Max(0, row.Now))
                    { Stripe = stripe });
    }

    /// <summary>
    /// Fills the own stripe from the fullest of the others until it holds that much. Half of what is left in each comes along: who took
    /// only what is missing would be back for the next payment, and meet its owner there each time.
    /// </summary>
    void Reach(Row[] rows, long amount)
    {
        while (rows[ownStripe].Now < amount)
        {
            var fullest = Enumerable.Range(0, Stripes).Where(s => s != ownStripe).MaxBy(s => rows[s].Now);
            var wanted = Math.Min(amount - rows[ownStripe].Now, rows[fullest].Now);
            var moved = wanted + (rows[fullest].Now - wanted + 1) / 2;
            rows[fullest].Now -= moved;
            rows[ownStripe].Now += moved;
        }
    }

    Row[] Rows(AccountType accountType, int term)
    {
        if (!_accounts.TryGetValue((accountType, term), out var rows))
            _accounts.Add((accountType, term), rows = new Row[Stripes]);
        return rows;
    }

    record struct Row(bool Exists, long Before, long Now);
}
