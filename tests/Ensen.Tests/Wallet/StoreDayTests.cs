using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>A store's business day at its till, and finding a payment by the number on its receipt.</summary>
public sealed class StoreDayTests
{
    static readonly StoreId s_store = new(Guid.CreateVersion7());
    static readonly StoreId s_other = new(Guid.CreateVersion7());

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task The_day_counts_its_own_payments_and_refunds_and_nobody_elses(Engine engine)
    {
        await using var teller = await Rich(engine);
        var day = new StoreDay(teller.Db, teller.Clock);
        await Pay(teller, s_store, 900);
        teller.Clock.Move(TimeSpan.FromDays(1));
        var big = await Pay(teller, s_store, 1_200);
        await Pay(teller, s_store, 300);
        await Pay(teller, s_other, 5_000);
        await Refund(teller, big, 500);

        (await day.Total(s_store, Ct)).ShouldBe(new StoreTotal(2, 1_500.Yen(), 1, 500.Yen()));
        (await day.Total(s_store, Ct)).Yen.ShouldBe(1_000.Yen());
        var movements = await day.Movements(s_store, 10, Ct);
        movements.Select(m => (m.IsRefund, m.AmountYen.Value, m.RefundedYen.Value)).ShouldBe([(true, 500, 0), (false, 300, 0), (false, 1_200, 500)]);
        movements[0].ReceiptNumber.ShouldBe(ReceiptNumber.Of(big));
        (await day.Latest(s_store, Ct))!.IsRefund.ShouldBeTrue();
        (await day.Latest(s_other, Ct))!.AmountYen.ShouldBe(5_000.Yen());
        (await day.Movements(s_store, 1, Ct)).Count.ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_day_that_is_over_is_read_like_today_from_any_entry_back_and_one_movement_by_itself(Engine engine)
    {
        await using var teller = await Rich(engine);
        var day = new StoreDay(teller.Db, teller.Clock);
        var then = day.Today;
        PaymentId[] paid = [await Pay(teller, s_store, 900), await Pay(teller, s_store, 300), await Pay(teller, s_store, 50)];
        await Refund(teller, paid[0], 400);
        teller.Clock.Move(TimeSpan.FromDays(1));
        await Pay(teller, s_store, 70);
        await Refund(teller, paid[0], 500);

        (await day.Total(s_store, then, Ct)).ShouldBe(new StoreTotal(3, 1_250.Yen(), 1, 400.Yen()));
        var movements = await day.Movements(s_store, then, null, 10, Ct);
        movements.Select(m => (m.IsRefund, m.AmountYen.Value, m.RefundedYen.Value)).ShouldBe(
            [(true, 400, 0), (false, 50, 0), (false, 300, 0), (false, 900, 400)]);
        (await day.Movements(s_store, then, paid[2], 1, Ct)).Select(m => m.AmountYen.Value).ShouldBe([300]);
        (await day.Movements(s_store, then, paid[1], 10, Ct)).Select(m => (m.AmountYen.Value, m.RefundedYen.Value)).ShouldBe([(900, 400)]);

        (await day.One(s_store, paid[0], Ct))!.RefundedYen.ShouldBe(900.Yen());
        (await day.One(s_store, movements[0].EntryId, Ct)).ShouldBe(movements[0]);
        foreach (var entry in (EntryId[])[paid[0], movements[0].EntryId])
            (await day.One(s_other, entry, Ct)).ShouldBeNull();
        (await day.One(s_store, new EntryId(Guid.NewGuid()), Ct)).ShouldBeNull();
    }

    [Theory, BothEngines]
    public async Task A_store_without_payments_has_an_empty_day(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        var day = new StoreDay(teller.Db, teller.Clock);

        (await day.Total(s_store, Ct)).ShouldBe(new StoreTotal(0, 0.Yen(), 0, 0.Yen()));
        (await day.Movements(s_store, 10, Ct)).ShouldBeEmpty();
        (await day.Latest(s_store, Ct)).ShouldBeNull();
    }

    [Theory, BothEngines]
    public async Task A_payment_is_found_by_its_receipt_however_it_is_typed_and_only_in_its_store(Engine engine)
    {
        await using var teller = await Rich(engine);
        var find = new FindReceipt(teller.Db, teller.Programme, teller.Clock);
        var paid = await Pay(teller, s_store, 1_200);
        await Pay(teller, s_store, 300);
        var number = ReceiptNumber.Of(paid);

        foreach (var typed in new[] { number, number.ToLowerInvariant(), number.Replace("-", "", StringComparison.Ordinal), $" {number} ", number.Replace('0', 'o').Replace('1', 'l') })
            (await find.Run(s_store, typed, Ct))!.EntryId.ShouldBe(paid, typed);
        (await find.Run(s_other, number, Ct)).ShouldBeNull();
        foreach (var typed in new[] { "", "-", "ZZZ", "' or 1=1 --", new string('9', 10_000) })
            (await find.Run(s_store, typed, Ct)).ShouldBeNull();

        teller.Clock.Move(TimeSpan.FromDays(teller.Programme.Payments.RefundDays + 2));
        (await find.Run(s_store, number, Ct)).ShouldBeNull();
    }

    static async Task<Teller> Rich(Engine engine)
    {
        var teller = await Teller.Open(engine);
        (await teller.Run(ChargeSource.Bank, 50_000)).Accepted.ShouldBeTrue();
        return teller;
    }

    static async Task<PaymentId> Pay(Teller teller, StoreId store, long yen)
    {
        teller.Clock.Move(TimeSpan.FromSeconds(1));
        var paid = await new Pay(teller.Db, teller.Ledger, teller.Programme, teller.Clock, new PointUses(teller.Db),
            new RunningCampaigns(teller.Db, new Programme(), teller.Clock)).Run(new PayRequest(
            new Payer(teller.Member, true), new Payee(store, "むぎの輪"), yen.Yen(), 0L.Points(), PayWay.Direct,
            Initiator.Member(teller.Member),
            [IdempotencyKey.Of(teller.Member, Guid.NewGuid().ToString())], []), Ct);
        return paid.Value!.PaymentId;
    }

    static async Task Refund(Teller teller, PaymentId payment, long yen)
    {
        teller.Clock.Move(TimeSpan.FromSeconds(1));
        (await new Refund(teller.Db, teller.Ledger, teller.Programme, teller.Clock, new PointUses(teller.Db)).Run(new RefundRequest(
            payment, [s_store], yen.Yen(), null, Initiator.Till(s_store), [IdempotencyKey.Of(s_store, Guid.NewGuid().ToString())]), Ct))
                .Accepted.ShouldBeTrue();
    }
}
