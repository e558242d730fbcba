using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Ledger;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Businesses;

/// <summary>Companies pay each other: to a fixed list, by one person up to a set amount a day and by two above it, each transfer once.</summary>
public class BusinessTransferTests
{
    [Theory, BothEngines]
    public async Task A_company_pays_a_confirmed_payee_by_one_person_or_by_two(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷", 500_000), await town.Company("パン工房"));

        (await town.Pay(printer, baker, 1_000)).Refusal.ShouldBe(MakeBusinessTransferRefusal.NotFound, "nobody is on the list");
        var added = (await town.Get<AddPayee>().Run(new AddPayeeRequest(printer.Ono, printer.Account, baker.Account.Number), Ct)).Value!;
        (await town.Pay(printer, baker, 1_000)).Refusal.ShouldBe(MakeBusinessTransferRefusal.NotFound, "nobody has confirmed them");
        (await town.Get<ConfirmPayee>().Run(printer.Ono, printer.Id, added.Id, Ct)).Refusal.ShouldBe(ConfirmPayeeRefusal.SamePerson);
        (await town.Get<ConfirmPayee>().Run(printer.Hirata, printer.Id, added.Id, Ct)).Accepted.ShouldBeTrue();

        var small = (await town.Pay(printer, baker, 60_000)).Value!;
        (small.State, small.Balance).ShouldBe((BusinessTransferState.Paid, 440_000.Yen()));
        var second = (await town.Pay(printer, baker, 40_001)).Value!;
        second.State.ShouldBe(BusinessTransferState.Waiting, "one person has paid 60,000 of the 100,000 of a day");
        (await town.Holds(printer), await town.Holds(baker)).ShouldBe((440_000, 60_000));
        (await town.Approve(printer, second.TransferId, printer.Ono)).Refusal.ShouldBe(ApproveBusinessTransferRefusal.SamePerson);
        (await town.Approve(printer, second.TransferId)).Value!.Balance.ShouldBe(399_999.Yen());
        (await town.Approve(printer, second.TransferId)).Refusal.ShouldBe(ApproveBusinessTransferRefusal.AlreadyDecided);
        (await town.Holds(printer), await town.Holds(baker)).ShouldBe((399_999, 100_001));

        var history = await town.Get<BusinessHistory>().Of(printer.Id, null, 10, Ct);
        history.Take(2).Select(m => (m.Amount.Value, m.Balance.Value, m.Party, m.Text)).ShouldBe(
            [(-40_001, 399_999, "パン工房", "4月分"), (-60_000, 440_000, "パン工房", "4月分")]);
        (await town.Get<BusinessHistory>().Of(baker.Id, null, 10, Ct))[0].Party.ShouldBe("天満印刷");
        (await town.Get<ShopLog>().List(printer.Account.Merchant, 4, ct: Ct)).Select(e => e.Act).ShouldBe(
            [ShopAct.ApprovedBusinessTransfer, ShopAct.MadeBusinessTransfer, ShopAct.MadeBusinessTransfer, ShopAct.ConfirmedPayee]);
    }

    [Theory, BothEngines]
    public async Task Whoever_came_by_the_makers_invitation_is_no_second_person(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷", 500_000), await town.Company("パン工房"));
        await town.Trust(printer, baker);
        var kin = await town.Person(printer.Account, "大野 二", printer.Ono);
        var further = await town.Person(printer.Account, "大野 三", kin);
        var waits = (await town.Pay(printer, baker, 200_000)).Value!;

        foreach (var by in (ActingShop[])[kin, further])
            (await town.Approve(printer, waits.TransferId, by)).Refusal.ShouldBe(ApproveBusinessTransferRefusal.SamePerson);
        (await town.Approve(printer, (await town.Pay(printer, baker, 200_000, by: further)).Value!.TransferId)).Accepted.ShouldBeTrue();
        (await town.Get<DismissFromShop>().Run(printer.Ono, printer.Hirata.Account!.Value, Ct)).Accepted.ShouldBeTrue();
        (await town.Approve(printer, waits.TransferId)).Refusal.ShouldBe(ApproveBusinessTransferRefusal.Forbidden, "she was dismissed");
        (await town.Get<StopBusinessTransfer>().Run(kin, printer.Id, waits.TransferId, Ct)).Value!.State.ShouldBe(BusinessTransferState.Refused);
        (await town.Get<StopBusinessTransfer>().Run(printer.Ono, printer.Id, waits.TransferId, Ct)).Refusal
            .ShouldBe(StopBusinessTransferRefusal.AlreadyDecided);
    }

    [Theory, BothEngines]
    public async Task What_waits_is_paid_no_more_once_its_payee_is_off_the_list_or_its_money_is_gone(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷", 300_000), await town.Company("パン工房"));
        await town.Trust(printer, baker);
        var (one, two) = ((await town.Pay(printer, baker, 200_000)).Value!, (await town.Pay(printer, baker, 200_000)).Value!);
        (await town.Approve(printer, one.TransferId)).Accepted.ShouldBeTrue();
        (await town.Approve(printer, two.TransferId, key: "k")).Refusal.ShouldBe(ApproveBusinessTransferRefusal.InsufficientBalance);
        await town.Post(Leg.Of(printer.Id, AccountType.BusinessMoney, 100_000.Yen()), Leg.Of(Chart.Operator, AccountType.DepositClearing, (-100_000).Yen()));
        var now = town.Clock.GetUtcNow();
        await town.Db.Transact(async tx =>
        {
            await Restrictions.Hold(tx, town.Db.Catalogue, baker.Id, now);
            await Restrictions.Add(tx, new Restriction(
                Id.New<RestrictionId>(now), baker.Id, RestrictionKind.Frozen, "A test", Decider.Operator("Suzuki"), now, null));
        }, Ct);
        (await town.Approve(printer, two.TransferId, key: "k")).Refusal.ShouldBe(ApproveBusinessTransferRefusal.Frozen);
        var listed = (await town.Get<Payees>().List(printer.Id, Ct)).Single();
        (await town.Get<RemovePayee>().Run(printer.Ono, printer.Id, listed.Id, Ct)).ShouldBeTrue();
        (await town.Approve(printer, two.TransferId)).Refusal.ShouldBe(ApproveBusinessTransferRefusal.NotEligible);
        (await town.Holds(printer)).ShouldBe(200_000);
    }

    [Theory, BothEngines]
    public async Task Forty_approvals_at_once_pay_one_transfer_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷", 1_000_000), await town.Company("パン工房"));
        await town.Trust(printer, baker);
        var waits = (await town.Pay(printer, baker, 150_000)).Value!;

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => town.Approve(printer, waits.TransferId)));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ApproveBusinessTransferRefusal.AlreadyDecided);
        (await town.Holds(printer), await town.Holds(baker)).ShouldBe((850_000, 150_000));
    }

    [Theory, BothEngines]
    public async Task Forty_transfers_at_once_of_the_whole_balance_pay_it_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷", 50_000), await town.Company("パン工房"));
        await town.Trust(printer, baker);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            town.Pay(printer, baker, 50_000, by: i % 2 == 0 ? printer.Ono : printer.Hirata)));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == MakeBusinessTransferRefusal.InsufficientBalance);
        (await town.Holds(printer), await town.Holds(baker)).ShouldBe((0, 50_000));
    }

    [Theory, BothEngines]
    public async Task What_one_person_may_pay_alone_is_not_paid_in_parts_at_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷", 900_000), await town.Company("パン工房"));
        await town.Trust(printer, baker);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => town.Pay(printer, baker, 30_000)));

        answers.Count(a => a.Value?.State == BusinessTransferState.Paid).ShouldBe(3);
        answers.Count(a => a.Value?.State == BusinessTransferState.Waiting).ShouldBe(17);
        (await town.Holds(baker)).ShouldBe(90_000);
    }

    [Theory, BothEngines]
    public async Task The_same_key_makes_and_approves_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷", 500_000), await town.Company("パン工房"));
        await town.Trust(printer, baker);

        var first = await town.Pay(printer, baker, 120_000, key: "k");
        var again = await town.Pay(printer, baker, 120_000, key: "k");
        (again.Replayed, again.Value).ShouldBe((true, first.Value));
        (await town.Pay(printer, baker, 120_001, key: "k")).Refusal.ShouldBe(MakeBusinessTransferRefusal.KeyReused);
        (await town.Count("select count(*) from business_transfer")).ShouldBe(1);
        var approved = await town.Approve(printer, first.Value!.TransferId, key: "a");
        (await town.Approve(printer, first.Value.TransferId, key: "a")).Value.ShouldBe(approved.Value);
        var other = (await town.Pay(printer, baker, 130_000)).Value!;
        (await town.Approve(printer, other.TransferId, key: "a")).Refusal.ShouldBe(ApproveBusinessTransferRefusal.KeyReused);
    }

    [Theory, BothEngines]
    public async Task A_request_is_paid_once_whoever_pays_it_at_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷", 500_000), await town.Company("パン工房"));
        await town.Trust(printer, baker);
        var bill = (await town.Bill(baker, printer, 20_000, key: "b")).Value!;
        (await town.Bill(baker, printer, 20_000, key: "b")).Replayed.ShouldBeTrue();
        (await town.Bill(baker, printer, 20_001, key: "b")).Refusal.ShouldBe(AskBusinessRefusal.KeyReused);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            town.Pay(printer, baker, 20_000, bill.Text, by: i % 2 == 0 ? printer.Ono : printer.Hirata, request: bill)));
        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == MakeBusinessTransferRefusal.CodeUsed);
        (await town.Get<BusinessRequests>().Find(baker.Id, bill.Id, Ct))!.State.ShouldBe(BusinessRequestState.Paid);
        (await town.Get<CloseBusinessRequest>().Run(baker.Ono, baker.Id, bill.Id, Ct)).Refusal.ShouldBe(CloseBusinessRequestRefusal.CodeUsed);
        (await town.Holds(baker)).ShouldBe(20_000);

        // Above what one person may: it waits, is asked for no second time, and is paid no more once it was declined.
        var large = (await town.Bill(baker, printer, 300_000)).Value!;
        var waits = (await town.Pay(printer, baker, 300_000, large.Text, request: large)).Value!;
        (await town.Pay(printer, baker, 300_000, large.Text, request: large)).Refusal.ShouldBe(MakeBusinessTransferRefusal.CodeUsed);
        (await town.Get<CloseBusinessRequest>().Run(printer.Ono, printer.Id, large.Id, Ct)).Value!.State.ShouldBe(BusinessRequestState.Declined);
        (await town.Approve(printer, waits.TransferId)).Refusal.ShouldBe(ApproveBusinessTransferRefusal.Lapsed);
        (await town.Pay(printer, baker, 300_000, large.Text, request: (await town.Get<BusinessRequests>().Find(printer.Id, large.Id, Ct))!)).Refusal
            .ShouldBe(MakeBusinessTransferRefusal.Lapsed);
    }

    [Theory, BothEngines]
    public async Task What_is_paid_in_at_the_bank_is_booked_once_and_what_is_nobodys_lies_in_suspense(Engine engine)
    {
        await using var town = await Town.On(engine);
        var printer = await town.Company("天満印刷");
        var (bank, receive) = town.DepositBank();
        await bank.PayIn(printer.Account.Number, 30_000.Yen(), "ﾃﾝﾏｲﾝｻﾂ", Ct);
        await bank.PayIn("000000000", 7_000.Yen(), "ﾀﾞﾚｶ", Ct);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => receive.Run(Ct)));
        await receive.Run(Ct);

        (await town.Holds(printer)).ShouldBe(30_000);
        (await town.Balance(Chart.Operator, AccountType.Suspense)).ShouldBe(7_000);
        (await town.Balance(Chart.Operator, AccountType.DepositClearing)).ShouldBe(-37_000);
        (await town.Get<BusinessHistory>().Of(printer.Id, null, 10, Ct)).Single().Party.ShouldBe("ﾃﾝﾏｲﾝｻﾂ");
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
