using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Basics;

/// <summary>What a member does has ids at the member's place: a small number in the last bits.</summary>
public class PlaceTests
{
    [Fact]
    public void An_id_beside_another_has_its_place_and_its_own_time()
    {
        var at = new DateTimeOffset(2026, 6, 1, 9, 0, 0, TimeSpan.FromHours(9));
        var owner = Guid.CreateVersion7();

        var beside = Enumerable.Range(0, 1_000).Select(_ => Id.New(at, owner)).ToList();

        beside.ShouldAllBe(id => Place.Of(id) == Place.Of(owner) && Id.TimeOf(id) == at && id.Version == 7);
        beside.Distinct().Count().ShouldBe(1_000);
        Place.Of(Guid.AllBitsSet).Number.ShouldBe(1_023);
    }

    [Theory, BothEngines]
    public async Task Payments_refunds_and_transfers_are_at_the_payers_place(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Member("Ren"), await town.Store("Café"));

        var paid = await town.Paid(aoi, cafe, 1_000.Yen());
        var refunded = await town.Refunded(paid.PaymentId, cafe, 100.Yen());
        var sent = await town.Send(aoi, ren, 100.Yen());

        new Guid[] { paid.PaymentId, refunded.RefundId, sent.Value!.TransferId }.ShouldAllBe(id => Place.Of(id) == Place.Of(aoi.Id));
    }

    [Theory, BothEngines]
    public async Task An_entry_says_who_began_it_and_a_payment_which_till(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe, till) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"), Id.New<TillId>(town.Clock));
        var byTill = Town.Payment(aoi, cafe, 300.Yen()) with { Initiator = Initiator.Till(till), Way = PayWay.ShownCode, OrderId = "A-1" };

        var own = await town.Paid(aoi, cafe, 1_000.Yen());
        var taken = (await town.Pay(byTill)).Value!;

        await using var connection = await town.Db.Connect();
        (await Statement.Head(connection, town.Db.Catalogue, own.PaymentId))!.Initiator.ShouldBe(
            new Initiator(InitiatorKind.Member, aoi.Id));
        (await Statement.Head(connection, town.Db.Catalogue, taken.PaymentId))!.Initiator.ShouldBe(new Initiator(InitiatorKind.Till, till));
        (await Payments.Find(connection, own.PaymentId))!.TillId.ShouldBeNull();
        (await Payments.Find(connection, taken.PaymentId))!.ShouldSatisfyAllConditions(
            p => p.TillId.ShouldBe(till), p => p.OrderId.ShouldBe("A-1"));
    }
}
