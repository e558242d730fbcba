namespace Ensen.Ledger;

/// <summary>What a unit of an account counts.</summary>
public enum Unit
{
    Yen = 1,
    Point = 2,
}

/// <summary>
/// The chart of accounts: what an account is. Balances are credits: what we owe to an owner is positive, what we hold or are owed is
/// negative, and everything together is zero. <c>docs/chart-of-accounts.md</c> explains each.
/// </summary>
public enum AccountType : short
{
    /// <summary>A member's money, from bank, ATM, transfers: can be spent and sent.</summary>
    Money = 1,

    /// <summary>A member's prepaid value, charged by card: can only be spent.</summary>
    Prepaid = 2,

    /// <summary>A member's points; each term is a lot that lapses on that day.</summary>
    Points = 3,

    /// <summary>What is owed to a store for payments it took, before fees and pay-out.</summary>
    Payable = 10,

    CardClearing = 20,
    BankClearing = 21,
    AtmClearing = 22,

    /// <summary>The other side of all points that were given and not spent: minus what members hold and what lapsed.</summary>
    PointLiability = 30,

    /// <summary>What points cost the programme in yen when they pay for something.</summary>
    PointFunding = 31,

    /// <summary>Points that lapsed unspent.</summary>
    Breakage = 32,

    /// <summary>Yen that arrived and whose place is not decided: it is never lost, and somebody has to look.</summary>
    Suspense = 40,
}

/// <summary>The unit and the floor of each book.</summary>
public static class Chart
{
    /// <summary>The owner of the programme's own accounts.</summary>
    public static readonly Guid Operator = new("00000000-0000-7000-8000-000000000001");

    public static Unit Unit(this AccountType accountType) => accountType switch
    {
        AccountType.Points or AccountType.PointLiability or AccountType.Breakage => Ensen.Ledger.Unit.Point,
        AccountType.Money or AccountType.Prepaid or AccountType.Payable or AccountType.CardClearing or AccountType.BankClearing or AccountType.AtmClearing
            or AccountType.PointFunding or AccountType.Suspense => Ensen.Ledger.Unit.Yen,
        _ => throw new ArgumentOutOfRangeException(nameof(accountType), accountType, "not in the chart of accounts"),
    };

    /// <summary>The book as receipts and people write it: <c>prepaid</c>.</summary>
    public static string Word(this AccountType accountType) => accountType.ToString().ToLowerInvariant();

    /// <summary>A guarded account never falls below zero; the others may stand on either side.</summary>
    public static bool IsGuarded(this AccountType accountType) => accountType is AccountType.Money or AccountType.Prepaid or AccountType.Points;

    public static IReadOnlyList<AccountType> AccountTypes { get; } = Enum.GetValues<AccountType>();
}
