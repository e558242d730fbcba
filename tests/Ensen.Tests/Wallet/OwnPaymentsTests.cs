using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>What pages and programs read of a payment and of a charge is found by those it belongs to, and by nobody else.</summary>
public sealed class OwnPaymentsTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_payment_is_found_by_its_member_its_store_and_its_merchant_alone(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, mei) = (await town.Member("Aoi").With(9_000.Yen()), await town.Member("Mei"));
        var (shop, other) = (await town.Store("パン工房つるはし"), await town.Store("Tea"));
        var paid = (await town.Paid(aoi, shop, 1_200.Yen())).PaymentId;
        var payments = new OwnPayments(town.Db);

        (await payments.OfMember(aoi.Id, paid, Ct))!.AmountYen.ShouldBe(1_200.Yen());
        (await payments.OfStore(shop.Id, paid, Ct))!.AmountYen.ShouldBe(1_200.Yen());
        (await payments.OfMerchant(await MerchantOf(town, shop), paid, Ct))!.AmountYen.ShouldBe(1_200.Yen());
        (await payments.OfMember(mei.Id, paid, Ct)).ShouldBeNull();
        (await payments.OfMember(new MemberId(shop.Id), paid, Ct)).ShouldBeNull();
        (await payments.OfStore(other.Id, paid, Ct)).ShouldBeNull();
        (await payments.OfStore(new StoreId(aoi.Id), paid, Ct)).ShouldBeNull();
        (await payments.OfMerchant(await MerchantOf(town, other), paid, Ct)).ShouldBeNull();
        (await payments.OfMerchant(new MerchantId(shop.Id), paid, Ct)).ShouldBeNull();
    }

    [Theory, BothEngines]
    public async Task A_refund_is_found_under_its_own_payment_at_its_own_store_alone(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(9_000.Yen());
        var (shop, other) = (await town.Store("パン工房つるはし"), await town.Store("Tea"));
        var (paid, second) = ((await town.Paid(aoi, shop, 1_200.Yen())).PaymentId, (await town.Paid(aoi, shop, 800.Yen())).PaymentId);
        var refund = (await town.Refunded(paid, shop, 400.Yen())).RefundId;
        var payments = new OwnPayments(town.Db);

        (await payments.RefundOf(shop.Id, paid, refund, Ct))!.AmountYen.ShouldBe(400.Yen());
        (await payments.RefundOf(other.Id, paid, refund, Ct)).ShouldBeNull();
        (await payments.RefundOf(shop.Id, second, refund, Ct)).ShouldBeNull();
        var payment = (await payments.OfStore(shop.Id, paid, Ct))!;
        (await payments.LeftToRefund(payment, Ct)).ShouldBe(800.Yen());
        var given = await payments.Refunds(payment, Ct);
        (given.Latest.Single().EntryId, given.Total.AmountYen).ShouldBe((refund, 400.Yen()));
    }

    [Theory, BothEngines]
    public async Task A_movement_comes_whole_to_its_member_alone(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, mei) = (await town.Member("Aoi").With(9_000.Yen()), await town.Member("Mei"));
        var shop = await town.Store("パン工房つるはし");
        var paid = (await town.Paid(aoi, shop, 1_200.Yen())).PaymentId;
        var refund = (await town.Refunded(paid, shop, 400.Yen())).RefundId;
        var history = new History(town.Db);

        var payment = (await history.Whole(aoi.Id, paid, Ct))!;
        (payment.Item.Kind, payment.Refunds.Single().EntryId, payment.Corrects).ShouldBe((EntryKind.Payment, refund, null));
        payment.Legs.ShouldContain(l => l.Owner == aoi.Id && l.Amount == -1_200);
        var back = (await history.Whole(aoi.Id, refund, Ct))!;
        (back.Item.Kind, back.Refunds.Count, back.Corrects).ShouldBe((EntryKind.Refund, 0, paid));
        (await history.Whole(mei.Id, paid, Ct)).ShouldBeNull();
    }

    static async Task<MerchantId> MerchantOf(Town town, Shop shop) => (await new Stores(town.Db, town.Clock).Find(shop.Id, Ct))!.Merchant;
}
