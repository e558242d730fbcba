using Dapper;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Settlement;
using Ensen.Storage;
using Ensen.Tests.Settlement;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A line of a bank's file holds ten digits. A merchant who was owed more, or whose account no file could name, made the writer of the file
/// fail, and nobody was paid until somebody found out.
/// </summary>
public class OnePayOutStoppedAll
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task More_than_a_line_can_say_is_paid_in_several_lines_and_the_others_are_paid(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (large, mall) = await office.Store("Mall");
        await Sell(office, mall, 25_000_000_000);
        var (small, bread) = await office.Store("Bread");
        await office.Pay(bread, 1_000);
        await office.Work("2026-06-02 09:00");

        var payOut = 25_000_000_000 - 475_000_000 - 47_500_000;
        (await office.Latest(large)).ShouldSatisfyAllConditions(s => s.Row.PayOut.Value.ShouldBe(payOut),
            s => s.Status.ShouldBe(SettlementStatus.Sent), s => s.PayOuts.Count.ShouldBe(3));
        var file = (await office.Files()).ShouldHaveSingleItem();
        (file.Lines, file.Total.Value).ShouldBe((4, payOut + 980));

        // The bank pays two of them; the third is paid when there is another account, and only the third.
        (await office.Bank.Answer(file.FileId, [2], Ct)).ShouldBeTrue();
        (await office.Latest(large)).Status.ShouldBe(SettlementStatus.Rejected);
        (await office.Latest(small)).Status.ShouldBe(SettlementStatus.Paid);
        (await office.Balance(large, AccountType.MerchantDue)).ShouldBe(ZenginFile.MostAmount);
        await office.Work("2026-06-03 09:00");
        (await office.Files()).Count.ShouldBe(1);

        var proposed = (await office.Propose(large, await office.Operator("Suzuki"))).Value!;
        (await office.Latest(large)).Status.ShouldBe(SettlementStatus.Held);
        (await office.Get<ConfirmPayOutAccount>().Run(proposed.Id, await office.Operator("Ito"), Ct)).Accepted.ShouldBeTrue();
        (await office.Latest(large)).Status.ShouldBe(SettlementStatus.Due);
        await office.Work("2026-06-04 09:00");
        await office.Work("2026-06-04 15:01");
        await office.Work("2026-06-04 15:30");

        (await office.Files())[0].ShouldSatisfyAllConditions(f => f.Lines.ShouldBe(1), f => f.Total.Value.ShouldBe(ZenginFile.MostAmount));
        (await office.Latest(large)).Status.ShouldBe(SettlementStatus.Paid);
        (await office.Balance(Chart.Operator, AccountType.PayOutBank)).ShouldBe(payOut + 980);
        (await office.Balance(large, AccountType.MerchantDue)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task What_has_no_room_in_one_file_is_in_the_next_one(Engine engine)
    {
        await using var office = await Office.Open(engine, new Programme { Settlement = new SettlementRules { MostLines = 60 } });
        var (merchant, mall) = await office.Store("Mall");
        await Sell(office, mall, 1_200_000_000_000);
        await office.Work("2026-06-02 09:00");

        // 60 lines of a hundred and eighteen, then the rest.
        (await office.Files()).Select(f => f.Lines).ShouldBe([58, 60]);
        (await office.Latest(merchant)).ShouldSatisfyAllConditions(s => s.Status.ShouldBe(SettlementStatus.Sent),
            s => s.PayOuts.Select(p => p.Attempt).ShouldBe(Enumerable.Range(1, 118).Select(n => (long)n)));
    }

    [Fact]
    public void A_file_holds_no_more_yen_than_its_trailer_can_say()
    {
        List<DuePayOut> lines = [];
        var due = new DuePayOut(default, default, 999_999_999_998.Yen(), 1, default, "0005", "001", 1, "1234567", "ｻﾝﾌﾟﾙ");
        var room = ZenginFile.MostTotal;
        DuePayOut.Fits(due, lines, 1_000, ref room).ShouldBeTrue();
        DuePayOut.Fits(due with { Amount = 5.Yen() }, lines, 1_000, ref room).ShouldBeFalse();
        lines.Sum(l => l.Amount).Value.ShouldBe(ZenginFile.MostTotal);
        lines[^1].ShouldSatisfyAllConditions(l => l.Amount.Value.ShouldBe(1), l => l.Attempt.ShouldBe(1));
        lines[^2].Attempt.ShouldBe(101);
    }

    [Theory, BothEngines]
    public async Task An_account_that_no_file_can_name_keeps_only_its_own_merchant_waiting(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (strange, tea) = await office.Store("Tea");
        await office.Pay(tea, 2_000);
        var (merchant, bread) = await office.Store("Bread");
        await office.Pay(bread, 1_000);
        await office.Db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update pay_out_account set holder = 'ヲノ商店' where merchant = @strange", new { strange }, tx), Ct);
        await office.Work("2026-06-02 09:00");
        await office.Work("2026-06-02 15:01");

        (await office.Latest(merchant)).Status.ShouldBe(SettlementStatus.Paid);
        (await office.Latest(strange)).Status.ShouldBe(SettlementStatus.Held);
        (await office.Get<PayOutAccounts>().CannotBeWritten(Ct)).ShouldHaveSingleItem().Name.ShouldBe("Tea");
        using (var meter = new SettlementMeter(office.Db))
            await meter.Look(Ct);

        // Another account, by two people, and it is paid, also where a file was being made from what stood there before.
        var unwritten = (await office.Get<PayOutAccounts>().Of(strange, Ct)).InForce!;
        var proposed = (await office.Propose(strange, await office.Operator("Suzuki"))).Value!;
        (await office.Get<ConfirmPayOutAccount>().Run(proposed.Id, await office.Operator("Ito"), Ct)).Accepted.ShouldBeTrue();
        await office.Db.Transact(tx => PayOutAccounts.Hold(tx, unwritten.Id), Ct);
        await office.Work("2026-06-03 09:00");
        (await office.Latest(strange)).Status.ShouldBe(SettlementStatus.Sent);
        (await office.Get<PayOutAccounts>().CannotBeWritten(Ct)).ShouldBeEmpty();
    }

    static Task Sell(Office office, StoreId store, long amount) => office.Get<GeneralLedger>().Post(new Move(Id.New(office.Clock),
        office.Clock.GetUtcNow(), [new Leg(store, AccountType.Payable, 0, amount), new Leg(Chart.Operator, AccountType.BankClearing, 0, -amount)]),
        Ct);
}
