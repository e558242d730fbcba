using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>
/// The balance beside a movement is money and prepaid together. While one node moved the money, another moved the prepaid value: each
/// wrote only its own account, so neither noticed, and the later line did not know of the earlier one.
/// </summary>
public class TheBalanceBesideAMovementMissedTheOtherBook
{
    [Theory, BothEngines]
    public async Task Money_and_prepaid_move_at_the_same_moment_on_two_nodes(Engine engine)
    {
        await using var town = await Town.On(engine, writers: 1);
        await using var other = new GeneralLedger(town.Db, town.Clock, writers: 1);
        var aoi = Id.New(town.Clock);
        Move Give(AccountType accountType, int yen, Action<AccountState>? meanwhile = null) =>
            new(Id.New(town.Clock), town.Clock.GetUtcNow(),
            Leg.Of(aoi, accountType, yen.Yen()), Leg.Of(Chart.Operator, AccountType.BankClearing, (-yen).Yen()))
            {
                Meanwhile = meanwhile,
            };
        await town.Ledger.Post(Give(AccountType.Money, 1_000));
        await town.Ledger.Post(Give(AccountType.Prepaid, 500));

        var first = true;
        var move = Give(AccountType.Money, 1, _ =>
        {
            if (first)
                Task.Run(() => other.Post(Give(AccountType.Prepaid, 20))).Wait(TimeSpan.FromSeconds(20)).ShouldBeTrue();
            first = false;
        });
        await town.Ledger.Post(move);

        await using var connection = await town.Db.Connect();
        var lines = await Statement.Of(connection, SandboxModule.Catalogue, aoi, null, 10);
        lines.Single(l => l.EntryId == move.Id).BalanceAfter.ShouldBe(1_521);
    }
}
