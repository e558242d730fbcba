using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>As what the Payment Services Act counts what stands in an account (docs/decisions/0051).</summary>
public enum Claim
{
    Unsaid = 0,

    /// <summary>Nobody's claim under that act: our own, or what we and other companies owe each other.</summary>
    Ours = 1,

    /// <summary>A customer's money: it can be sent and paid out, so it is owed from a transfer of funds.</summary>
    Money = 2,

    /// <summary>Value that was charged to be spent and is never paid out: a prepaid instrument.</summary>
    Prepaid = 3,

    /// <summary>A customer's money that has left and has not arrived.</summary>
    OnItsWay = 4,

    /// <summary>What whoever was paid has not been paid out yet: until then the transfer to them is not done.</summary>
    Payee = 5,

    /// <summary>What arrived, and nobody knows yet for whom.</summary>
    Unplaced = 6,
}

/// <summary>Whose the value in accounts is that are not in their holder's own name.</summary>
/// <param name="Sql">A query of <c>owner</c> (of the account) and <c>holder</c>.</param>
public sealed record ClaimHolder(AccountType AccountType, string Sql) : IDeclared
{
    public string Name => AccountType.Name;
}
