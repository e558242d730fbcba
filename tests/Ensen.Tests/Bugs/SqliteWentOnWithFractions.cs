using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>
/// Where 64 bits do not suffice SQLite adds in floating point and says nothing: an account without a floor then held 9.22e18 instead of a
/// number of yen.
/// </summary>
public class SqliteWentOnWithFractions
{
    [Theory, BothEngines]
    public async Task An_account_that_would_overflow_refuses_the_entry(Engine engine)
    {
        await using var town = await Town.On(engine, writers: 1);
        var most = long.MaxValue.Yen();

        (await town.Post(Leg.Of(Chart.Operator, AccountType.Suspense, most), Leg.Of(Chart.Operator, AccountType.AtmClearing, -most)))
            .Accepted.ShouldBeTrue();
        await Should.ThrowAsync<LedgerUnavailableException>(
            town.Post(Leg.Of(Chart.Operator, AccountType.Suspense, 1.Yen()), Leg.Of(Chart.Operator, AccountType.CardClearing, -1.Yen())));

        (await town.Balance(Chart.Operator, AccountType.Suspense)).ShouldBe(most.Value);
        (await town.Balance(Chart.Operator, AccountType.CardClearing)).ShouldBe(0);
    }
}
