using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A code for one payment was known by its expiry, too, so the same order shown again was a second code that could be paid; and the order
/// was thrown away when it was read, so nobody could tell whose payment came in.
/// </summary>
public class AnOrderWasPaidTwice
{
    [Theory, BothEngines]
    public async Task An_order_is_paid_once_and_over_one_amount(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Member("Ren").With(5_000.Yen()),
            await town.Store("Café Loop"));
        PayRequest Order(Resident who, long yen) => Town.Payment(who, cafe, yen.Yen()) with { Way = PayWay.StoreQr, OrderId = "A-1" };

        var paid = await town.Pay(Order(aoi, 500));
        paid.Accepted.ShouldBeTrue();
        (await town.Pay(Order(aoi, 500))).Refusal.ShouldBe(PayRefusal.CodeUsed);
        (await town.Pay(Order(ren, 500))).Refusal.ShouldBe(PayRefusal.CodeUsed);
        (await town.Pay(Order(ren, 501))).Refusal.ShouldBe(PayRefusal.OrderConflict);

        await using var connection = await town.Db.Connect();
        (await Payments.FindByOrder(connection, cafe.Id, "A-1"))!.EntryId.ShouldBe(paid.Value!.PaymentId);
        (await town.Holds(ren)).ShouldBe("money 5000, prepaid 0, points 0");
    }

    [Theory, BothEngines]
    public async Task Of_40_phones_at_once_one_pays_the_order(Engine engine)
    {
        await using var town = await Town.On(engine);
        await using var other = new GeneralLedger(town.Db, town.Clock);
        var (crowd, cafe) = (await town.Crowd(40, 1_000.Yen()), await town.Store("Café Loop"));

        var answers = await Task.WhenAll(crowd.Select((who, i) => town.Pay(
            Town.Payment(who, cafe, 500.Yen()) with { Way = PayWay.StoreQr, OrderId = "A-2" }, i % 2 == 0 ? town.Ledger : other)));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == PayRefusal.CodeUsed);
        (await town.Balance(cafe.Id, AccountType.Payable)).ShouldBe(500);
    }
}
