using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>A payment keeps its till also where the member scanned the till's screen.</summary>
public class OrdersShownTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Whoever_scans_the_code_of_an_order_pays_at_the_till_that_shows_it(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(5_000.Yen());
        var opened = (await town.Get<OpenStore>().Run(new OpenStoreRequest("Bakery", "Bakery"), Ct)).Value!;
        var other = (await town.Get<Tills>().Add(opened.Store.Id, "2", Ct))!.Value;
        var orders = town.Get<OrdersShown>();

        await orders.Keep(opened.Store.Id, "A-1", opened.TillId, Ct);
        await orders.Keep(opened.Store.Id, "A-2", opened.TillId, Ct);
        await orders.Keep(opened.Store.Id, "A-2", other, Ct);

        (await TillOf("A-1")).ShouldBe(opened.TillId);
        (await TillOf("A-2")).ShouldBe(other); // shown last, so this screen was scanned
        (await TillOf("A-3")).ShouldBeNull(); // a program of the store's own made the code

        town.Clock.Move(TimeSpan.FromDays(2));
        await orders.Keep(opened.Store.Id, "A-4", other, Ct);
        (await orders.TillOf(opened.Store.Id, "A-1", Ct)).ShouldBeNull();

        async Task<TillId?> TillOf(string order)
        {
            var resolve = town.Get<ResolvePayee>();
            var code = resolve.CodeFor(opened.Store, 300.Yen(), order, town.Clock.GetUtcNow().AddMinutes(3));
            var paid = (await town.Get<PayAtStore>().Run(new PayAtStoreRequest(
                aoi.Payer, ct => resolve.ByQr(code, ct), 300.Yen(), PointAmount.Zero, false, Town.Key(aoi.Id, order)), Ct)).Value!;
            await using var connection = await town.Db.Connect(Ct);
            return (await Payments.Find(connection, paid.PaymentId))!.TillId;
        }
    }
}
