using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>What a unit of an account counts.</summary>
public enum Unit
{
    Yen = 1,
    Point = 2,
}

/// <summary>
/// What an account is: a line of the chart of accounts (<c>docs/chart-of-accounts.md</c>), declared by the module that keeps such
/// accounts. Balances are credits: what we owe to an owner is positive, what we hold or are owed is negative, and everything together
/// is zero.
/// </summary>
/// <param name="number">In the books, for ever.</param>
/// <param name="name">One word or two: <c>CardClearing</c>.</param>
public sealed class AccountType(short number, string name, Unit unit) : INumbered
{
    public short Number { get; } = number;
    public string Name { get; } = name;
    public Unit Unit { get; } = unit;

    /// <summary>A guarded account never falls below zero; the others may stand on either side.</summary>
    public bool IsGuarded { get; init; }

    /// <summary>
    /// A guarded account that many decisions take from at once: it lies in stripes, as accounts without a floor do, and is their sum
    /// (<see cref="PoolState"/>). A draft names it among its pools and not among its owners.
    /// </summary>
    public bool IsPool { get; init; }

    /// <summary>
    /// As what the law on payments counts what we owe in such accounts. Where nothing is said, a guarded account in yen is value of a
    /// customer that is on its way: what nobody thought of is counted and held, and not forgotten.
    /// </summary>
    public Claim Claim { get => field == Claim.Unsaid ? (IsGuarded && Unit == Unit.Yen ? Claim.OnItsWay : Claim.Ours) : field; init; }

    /// <summary>The account type as receipts and people write it: <c>prepaid</c>.</summary>
    public string Word { get; } = name.ToLowerInvariant();

    public override string ToString() => Name;
}
