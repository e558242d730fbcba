using Ensen.Basics;
using Ensen.Formats;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Sandbox.Gateways;
using Ensen.Settlement;
using Ensen.Storage;
using Ensen.Tests.Formats;
using Ensen.Tests.Support;

namespace Ensen.Tests.Settlement;

/// <summary>A day is settled once and whole, paid out by one file, and whatever the bank does no yen leaves twice.</summary>
public class SettlementTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_day_is_settled_put_into_a_file_and_paid(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (bakery, shop) = await office.Store("パン工房");
        var (_, second) = await office.Store("パン工房 二号店", bakery);
        var paid = await office.Pay(shop, 10_000);
        await office.Pay(shop, 2_345);
        await office.Pay(second, 1_000);
        await office.Refund(paid, shop, 1_000);

        await office.Work("2026-06-02 00:05");

        var settled = await office.Latest(bakery);
        settled.Row.ShouldSatisfyAllConditions(
            s => s.Day.ShouldBe(20260601), s => s.Gross.Value.ShouldBe(13_345), s => s.Refunds.Value.ShouldBe(1_000),
            s => s.Fee.Value.ShouldBe(234), s => s.FeeTax.Value.ShouldBe(23), s => s.Carried.Value.ShouldBe(0),
            s => s.PayOut.Value.ShouldBe(12_345 - 234 - 23));
        settled.Status.ShouldBe(SettlementStatus.Sent);
        var stores = (await office.Get<Settlements>().Find(bakery, settled.Row.EntryId, Ct))!.Value.Stores;
        stores.Select(s => (s.Name, s.Part.Payments, s.Part.Paid.Value, s.Part.Refunds, s.Part.Refunded.Value))
            .ShouldBe([("パン工房", 2, 12_345, 1, 1_000), ("パン工房 二号店", 1, 1_000, 0, 0)], ignoreOrder: true);
        (await office.Balance(shop, AccountType.Payable)).ShouldBe(0);
        (await office.Balance(bakery, AccountType.PayOutTransit)).ShouldBe(12_088);
        (await office.Balance(Chart.Operator, AccountType.MerchantFees)).ShouldBe(234);

        var file = (await office.Files()).ShouldHaveSingleItem();
        var read = ZenginReader.Read(ZenginFile.Bytes((await office.File(file.FileId)).Zengin));
        read.Date.ShouldBe("0602");
        read.Transfers.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            t => t.Amount.ShouldBe(12_088), t => t.Bank.ShouldBe("9990"), t => t.Holder.ShouldBe("ｻﾝﾄﾞﾎﾞﾂｸｽ"));

        (await office.Bank.Answer(file.FileId, [], Ct)).ShouldBeTrue();
        (await office.Latest(bakery)).Status.ShouldBe(SettlementStatus.Paid);
        (await office.Balance(bakery, AccountType.PayOutTransit)).ShouldBe(0);
        (await office.Balance(Chart.Operator, AccountType.PayOutBank)).ShouldBe(12_088);
        (await office.Bank.Statement(JapanDay.Parse("2026-06-02"), Ct)).Sum(m => m.Amount).ShouldBe(12_088);
        await office.Work();
        (await office.Files()).Count.ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task Thirty_at_once_close_a_day_once_and_make_one_file(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var shops = new List<(MerchantId Merchant, StoreId Store)>();
        for (var i = 0; i < 12; i++)
        {
            shops.Add(await office.Store($"Shop {i}"));
            await office.Pay(shops[i].Store, 1_000 * (i + 1));
        }
        office.Clock.Set("2026-06-02 09:00");

        var closed = await Task.WhenAll(Enumerable.Range(0, 30).Select(n => Task.Run(() =>
            new SettleDay(office.Db, office.Get<GeneralLedger>(), office.Programme, office.Clock) { Page = n % 5 + 1 }
                .Run(JapanDay.Parse("2026-06-01"), Ct), Ct)));
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => office.Work(), Ct)));

        closed.Sum(c => c.Merchants).ShouldBe(12);
        foreach (var (merchant, _) in shops)
            (await office.Settled(merchant)).ShouldHaveSingleItem().Status.ShouldBe(SettlementStatus.Sent);
        var file = (await office.Files()).ShouldHaveSingleItem();
        (file.Lines, await office.Bank.Files(Ct)).ShouldBe((12, 1));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(() => office.Bank.Answer(file.FileId, n % 2 == 0 ? [] : [3], Ct), Ct)));
        var after = (await office.Files())[0];
        (after.Paid + after.Rejected).ShouldBe(12);
        var moved = await office.Bank.Statement(JapanDay.Parse("2026-06-02"), Ct);
        (await office.Balance(Chart.Operator, AccountType.PayOutBank)).ShouldBe(moved.Sum(m => m.Back ? -m.Amount : m.Amount));
    }

    [Theory, BothEngines]
    public async Task What_is_given_back_later_is_netted_and_what_is_missing_is_carried(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (merchant, shop) = await office.Store("Bread");
        var paid = await office.Pay(shop, 10_000);
        await office.Work("2026-06-02 00:05");
        await office.Refund(paid, shop, 10_000);
        await office.Pay(shop, 1_000);
        await office.Work("2026-06-03 00:05");
        var short_ = await office.Latest(merchant);
        (short_.Row.Fee.Value, short_.Row.FeeTax.Value, short_.Row.PayOut.Value, short_.Row.CarriedOn.Value).ShouldBe((-171, -17, 0, -8_812));
        short_.Status.ShouldBe(SettlementStatus.Nothing);
        (await office.Balance(merchant, AccountType.MerchantCarried)).ShouldBe(-8_812);

        await office.Pay(shop, 10_000);
        await office.Work("2026-06-04 00:05");

        var next = await office.Latest(merchant);
        (next.Row.Carried.Value, next.Row.PayOut.Value, next.Row.CarriedOn.Value).ShouldBe((-8_812, 10_000 - 190 - 19 - 8_812, 0));
        (await office.Balance(merchant, AccountType.MerchantCarried)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task What_is_written_into_a_closed_day_is_settled_with_the_next_one(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (merchant, shop) = await office.Store("Bread");
        await office.Pay(shop, 1_000);
        office.Clock.Set("2026-06-02 00:05");
        await office.Work();
        office.Clock.Set("2026-06-01 23:59:59");
        await office.Pay(shop, 500);
        office.Clock.Set("2026-06-02 10:00");
        await office.Pay(shop, 2_000);
        await office.Work("2026-06-03 00:05");

        var next = await office.Latest(merchant);
        (next.Row.Day, next.Row.Gross.Value).ShouldBe((20260602, 2_500));
        (await office.Get<Settlements>().Find(merchant, next.Row.EntryId, Ct))!.Value.Stores.ShouldHaveSingleItem().Part
            .ShouldSatisfyAllConditions(p => p.Paid.Value.ShouldBe(2_000), p => p.Late.Value.ShouldBe(500));
        (await office.Balance(shop, AccountType.Payable)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task Days_that_were_missed_are_closed_in_their_order_and_not_one_of_them_twice(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (merchant, shop) = await office.Store("Bread");
        await office.Work("2026-06-01 00:10");
        foreach (var day in new[] { "2026-06-01 12:00", "2026-06-02 12:00", "2026-06-04 12:00" })
        {
            office.Clock.Set(day);
            await office.Pay(shop, 1_000);
        }
        await office.Work("2026-06-07 12:00");
        (await office.Settled(merchant)).Select(s => (s.Row.Day, s.Row.Gross.Value, s.Status)).ShouldBe([
            (20260604, 1_000, SettlementStatus.Due), (20260602, 1_000, SettlementStatus.Due), (20260601, 1_000, SettlementStatus.Due)]);
        (await office.Files()).ShouldBeEmpty("7 June is a Sunday");
        (await office.Get<SettleDay>().Run(JapanDay.Parse("2026-06-03"), Ct)).Merchants.ShouldBe(0);

        await office.Work("2026-06-08 00:05");
        (await office.Files()).ShouldHaveSingleItem().Lines.ShouldBe(3);
    }

    [Theory, BothEngines]
    public async Task On_a_holiday_the_bank_gets_nothing_and_after_its_cut_off_a_file_for_the_next_business_day(Engine engine)
    {
        await using var office = await Office.Open(engine, new Programme { Calendar = new CalendarRules { Added = "2026-06-02" } });
        var (_, shop) = await office.Store("Bread");
        await office.Pay(shop, 1_000);
        await office.Work("2026-06-02 10:00");
        (await office.Files()).ShouldBeEmpty("a law has made it a holiday");
        await office.Work("2026-06-05 15:00");
        (await office.Files()).ShouldHaveSingleItem().Day.ShouldBe(20260608);
        await office.Work("2026-06-08 14:59");
        (await office.Files())[0].Paid.ShouldBe(0);
        await office.Work("2026-06-08 15:01");
        (await office.Files())[0].Paid.ShouldBe(1, "unasked the bank carries it out at three");
    }

    [Theory]
    [BothEngines(FaultMode.TimeOutThenAccept, 1)]
    [BothEngines(FaultMode.LateAccept, 1)]
    [BothEngines(FaultMode.Twice, 1)]
    [BothEngines(FaultMode.CallbackFirst, 1)]
    [BothEngines(FaultMode.Lost, 1)]
    [BothEngines(FaultMode.Refuse, 2)]
    [BothEngines(FaultMode.TimeOutThenRefuse, 2)]
    [BothEngines(FaultMode.LateRefuse, 2)]
    public async Task Whatever_the_bank_answers_it_gets_each_file_once(Engine engine, FaultMode mode, int files)
    {
        await using var office = await Office.Open(engine);
        var (merchant, shop) = await office.Store("Bread");
        await office.Pay(shop, 1_000);
        await office.Get<SandboxGateways>().Moods.Set(Gateway.PayOuts, mode, 1, TimeSpan.FromSeconds(5), Ct);

        await office.Work("2026-06-02 09:00");
        for (var i = 0; i < 6; i++)
        {
            office.Clock.Move(TimeSpan.FromSeconds(61));
            await office.Work();
        }
        (await office.Files()).ShouldHaveSingleItem("refused whole it is not sent again on the same day");
        await office.Work("2026-06-03 09:00");
        await office.Work("2026-06-03 15:01");

        (await office.Files()).Count.ShouldBe(files);
        (await office.Bank.Statement(JapanDay.Parse(files == 1 ? "2026-06-02" : "2026-06-03"), Ct)).Count
            .ShouldBe(files == 1 ? 0 : 1);
        (await office.Latest(merchant)).Status.ShouldBe(SettlementStatus.Paid);
        (await office.Balance(Chart.Operator, AccountType.PayOutBank)).ShouldBe(980);
    }

    [Theory, BothEngines]
    public async Task What_is_rejected_or_comes_back_waits_for_another_account_and_is_paid_there_once(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (bakery, bread) = await office.Store("Bread");
        var (grocer, tea) = await office.Store("Tea");
        await office.Pay(bread, 10_000);
        await office.Pay(tea, 20_000);
        await office.Work("2026-06-02 09:00");
        var first = (await office.Files())[0].FileId;
        var line = (await office.Get<PayOutFiles>().Find(first, Ct))!.Value.Lines.Single(l => l.Row.Merchant == bakery).Row.Line;
        (await office.Bank.Answer(first, [line], Ct)).ShouldBeTrue();
        (await office.Latest(bakery)).Status.ShouldBe(SettlementStatus.Rejected);
        (await office.Latest(grocer)).Status.ShouldBe(SettlementStatus.Paid);
        (await office.Bank.Answer(first, [3 - line], Ct)).ShouldBeTrue();
        (await office.Latest(grocer)).Status.ShouldBe(SettlementStatus.Returned);
        (await office.Balance(Chart.Operator, AccountType.PayOutBank)).ShouldBe(0);
        (await office.Balance(grocer, AccountType.MerchantDue)).ShouldBe(20_000 - 380 - 38);
        await office.Work("2026-06-03 09:00");
        (await office.Files()).Count.ShouldBe(1, "the same accounts would fail again");

        var (suzuki, ito) = (await office.Operator("Suzuki"), await office.Operator("Ito"));
        foreach (var merchant in new[] { bakery, grocer })
        {
            var proposed = (await office.Propose(merchant, suzuki)).Value!;
            (await office.Latest(merchant)).Status.ShouldBe(SettlementStatus.Held);
            (await office.Get<ConfirmPayOutAccount>().Run(proposed.Id, ito, Ct)).Accepted.ShouldBeTrue();
            (await office.Latest(merchant)).Status.ShouldBe(SettlementStatus.Due);
        }
        await office.Work();
        var second = (await office.Files())[0];
        second.Lines.ShouldBe(2);
        ZenginReader.Read(ZenginFile.Bytes((await office.File(second.FileId)).Zengin)).Transfers.ShouldAllBe(t => t.Number == "7654321");
        await office.Bank.Answer(second.FileId, [], Ct);

        foreach (var merchant in new[] { bakery, grocer })
            (await office.Latest(merchant)).ShouldSatisfyAllConditions(
                s => s.Status.ShouldBe(SettlementStatus.Paid), s => s.PayOuts.Count.ShouldBe(2));
        (await office.Balance(Chart.Operator, AccountType.PayOutBank)).ShouldBe(30_000 - 570 - 57);
    }

    [Theory, BothEngines]
    public async Task Money_of_a_merchant_without_an_account_waits_and_is_seen(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (merchant, shop) = await office.Store("Bread", account: false);
        await office.Pay(shop, 1_000);
        await office.Work("2026-06-02 09:00");
        await office.Pay(shop, 2_000);
        await office.Work("2026-06-03 09:00");

        (await office.Settled(merchant)).ShouldAllBe(s => s.Status == SettlementStatus.NoAccount);
        (await office.Files()).ShouldBeEmpty();
        (await office.Get<PayOutAccounts>().WithoutAccount(Ct)).ShouldHaveSingleItem().Due.Value.ShouldBe(981 - 1 + 2_000 - 38 - 3);

        var proposed = (await office.Propose(merchant, await office.Operator("Suzuki"))).Value!;
        (await office.Get<ConfirmPayOutAccount>().Run(proposed.Id, await office.Operator("Ito"), Ct)).Accepted.ShouldBeTrue();
        await office.Work();
        (await office.Files()).ShouldHaveSingleItem().Lines.ShouldBe(2);
    }

    [Theory, BothEngines]
    public async Task An_answer_that_is_not_to_this_file_books_nothing(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (merchant, shop) = await office.Store("Bread");
        await office.Pay(shop, 1_000);
        await office.Work("2026-06-02 09:00");
        var file = (await office.Files())[0].FileId;
        await office.Db.Transact(tx => Dapper.SqlMapper.ExecuteAsync(tx.Connection!,
            "update sandbox_pay_out_file set text = replace(text, '0000000980', '0000000981'), codes = '0'", transaction: tx), Ct);

        await Should.ThrowAsync<Exception>(() => office.Get<PayOutFileWork>().AskAgain(Ct).ContinueWith(_ => office.Bank.Answer(file, [], Ct)).Unwrap());

        (await office.Latest(merchant)).Status.ShouldBe(SettlementStatus.Sent);
        (await office.Balance(merchant, AccountType.PayOutTransit)).ShouldBe(980);
    }
}
