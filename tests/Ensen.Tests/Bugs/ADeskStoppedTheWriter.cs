using System.Diagnostics;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Businesses;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A company's transfer is written beside its entry, under the turn of its desk: whoever held that turn (a node that was cut off from the
/// database in the middle) made every payment of that writer of the ledger wait for minutes.
/// </summary>
public class ADeskStoppedTheWriter
{
    /// <summary>On PostgreSQL: SQLite has one transaction at a time, and whoever holds that holds everything.</summary>
    [Fact]
    public async Task Whoever_holds_a_desk_holds_up_its_own_transfer_for_seconds_and_then_nobody()
    {
        await using var town = await Town.On(Engine.Postgres, writers: 1);
        var (printer, baker) = (await town.Company("天満印刷", 500_000), await town.Company("パン工房"));
        await town.Trust(printer, baker);
        var (aoi, shop) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Bakery"));
        await using var held = await town.Db.Connect(Ct);
        await using var tx = await held.BeginTransactionAsync(Ct);
        await held.ExecuteAsync("update shop_turn set last = last where merchant = @merchant", new { merchant = printer.Account.Merchant }, tx);

        var from = Stopwatch.GetTimestamp();
        var transfer = town.Pay(printer, baker, 1_000, key: "k");
        await Task.Delay(200, Ct); // That the writer has begun with it shows in nothing but time.
        (await town.Pay(aoi, shop, 300.Yen())).Accepted.ShouldBeTrue();
        Stopwatch.GetElapsedTime(from).ShouldBeLessThan(TimeSpan.FromSeconds(8));
        await Should.ThrowAsync<LedgerUnavailableException>(transfer);
        await tx.RollbackAsync(Ct);

        (await town.Pay(printer, baker, 1_000, key: "k")).Accepted.ShouldBeTrue("asked again under the same key it is done");
        (await town.Holds(baker)).ShouldBe(1_000);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
