using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>
/// The points beside a movement are all lots together. Two nodes that moved two lots, or made two that had not been there, each wrote only
/// its own, and the later line did not know of the earlier one.
/// </summary>
public class ThePointsBesideAMovementMissedAnotherLot
{
    [Theory, BothEngines]
    public async Task Lots_and_books_are_moved_and_made_on_two_nodes_at_once(Engine engine)
    {
        const int Moves = 40;
        await using var town = await Town.On(engine);
        await using var other = new GeneralLedger(town.Db, town.Clock);
        var aoi = Id.New(town.Clock);

        await Task.WhenAll(Enumerable.Range(0, Moves).Select(i => (i % 2 == 0 ? town.Ledger : other)
            .Post(new Move(Id.New(town.Clock), town.Clock.GetUtcNow(),
            new Lot(LotKind.Basic, 20260331 + i % 4 * 10_000).LegOf(aoi, 1.Points()), Leg.Of(Chart.Operator, AccountType.PointLiability, (-1).Points()),
            Leg.Of(aoi, i % 3 == 0 ? AccountType.Prepaid : AccountType.Money, 1.Yen()), Leg.Of(
                Chart.Operator, AccountType.BankClearing, (-1).Yen())))));

        await using var connection = await town.Db.Connect();
        var lines = await Statement.Of(connection, SandboxModule.Catalogue, aoi, null, 2 * Moves);
        foreach (var unit in (Unit[])[Unit.Yen, Unit.Point])
            lines.Where(l => l.AccountType.Unit == unit).Select(l => l.BalanceAfter!.Value).Order()
                .ShouldBe(Enumerable.Range(1, Moves).Select(i => (long)i), $"each movement of {unit} after the one before it");
    }
}
