using System.Runtime.CompilerServices;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Wallet;

namespace Ensen.Tests.Support;

/// <summary>A member of the town.</summary>
sealed record Resident(MemberId Id, string Name, bool Verified)
{
    public Payer Payer => new(Id, Verified);
}

/// <summary>A store of the town.</summary>
sealed record Shop(StoreId Id, string Name)
{
    public Payee Payee => new(Id, Name);
}

/// <summary>Somebody about to become a member: <c>await town.Member("Aoi").With(5_000.Yen())</c>.</summary>
sealed class Newcomer(Town town, string name)
{
    readonly List<(AccountType AccountType, int Term, long Amount)> _brings = [];
    bool _verified = true;

    /// <summary>Money, as it comes from a bank.</summary>
    public Newcomer With(Yen money) => Bringing(AccountType.Money, 0, money.Value);

    /// <summary>Prepaid value, as it comes from a card.</summary>
    public Newcomer WithPrepaid(Yen prepaid) => Bringing(AccountType.Prepaid, 0, prepaid.Value);

    /// <summary>A lot of points; <paramref name="lastDay"/> is the day through which it lives.</summary>
    public Newcomer With(PointAmount points, string lastDay = "2028-03-31") =>
        Bringing(AccountType.Points, JapanDay.Parse(lastDay).Number, points.Value);

    /// <summary>Points in a lot of any kind.</summary>
    public Newcomer With(Lot lot, PointAmount points) => Bringing(lot.AccountType, lot.Term, points.Value);

    /// <summary>Whose identity nobody has looked at yet.</summary>
    public Newcomer Unverified()
    {
        _verified = false;
        return this;
    }

    public TaskAwaiter<Resident> GetAwaiter() => town.CreateVerifiedMember(name, _verified, _brings).GetAwaiter();

    Newcomer Bringing(AccountType accountType, int term, long amount)
    {
        if (amount != 0)
            _brings.Add((accountType, term, amount));
        return this;
    }
}
