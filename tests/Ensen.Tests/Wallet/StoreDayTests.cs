using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>A store's business day at its till, and finding a payment by the number on its receipt.</summary>
public sealed class StoreDayTests
{
    static readonly Guid s_store = Guid.CreateVersion7();
    static readonly Guid s_other = Guid.CreateVersion7();

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

        (await day.Total(s_store, Ct)).ShouldBe(new StoreTotal(2, 1_500, 1, 500));
        (await day.Total(s_store, Ct)).Yen.ShouldBe(1_000);
        var movements = await day.Movements(s_store, 10, Ct);
        movements.Select(m => (m.IsRefund, m.AmountYen, m.RefundedYen)).ShouldBe([(true, 500, 0), (false, 300, 0), (false, 1_200, 500)]);
        movements[0].ReceiptNumber.ShouldBe(ReceiptNumber.Of(big));
        (await day.Latest(s_store, Ct))!.IsRefund.ShouldBeTrue();
        (await day.Latest(s_other, Ct))!.AmountYen.ShouldBe(5_000);
        (await day.Movements(s_store, 1, Ct)).Count.ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_store_without_payments_has_an_empty_day(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        var day = new StoreDay(teller.Db, teller.Clock);

        (await day.Total(s_store, Ct)).ShouldBe(new StoreTotal(0, 0, 0, 0));
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

    static async Task<Guid> Pay(Teller teller, Guid store, long yen)
    {
        teller.Clock.Move(TimeSpan.FromSeconds(1));
        var paid = await new Pay(teller.Db, teller.Ledger, teller.Programme, teller.Clock).Run(new PayRequest(
            new Payer(teller.Member, true), new Payee(store, "むぎの輪"), yen.Yen(), 0L.Points(), PayWay.Direct, teller.Member,
            [OnceKey.Of(teller.Member, Guid.NewGuid().ToString())], []), Ct);
        return paid.Value!.PaymentId;
    }

    static async Task Refund(Teller teller, Guid payment, long yen)
    {
        teller.Clock.Move(TimeSpan.FromSeconds(1));
        (await new Refund(teller.Db, teller.Ledger, teller.Programme, teller.Clock).Run(new RefundRequest(
            payment, [s_store], yen.Yen(), null, s_store, [OnceKey.Of(s_store, Guid.NewGuid().ToString())]), Ct)).Accepted.ShouldBeTrue();
    }
}
