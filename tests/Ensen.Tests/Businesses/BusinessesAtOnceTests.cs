using Dapper;
using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Ledger;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Businesses;

/// <summary>What people of companies do in the same moment: each list, request and account has one end, and no yen leaves twice.</summary>
public class BusinessesAtOnceTests
{
    [Theory, BothEngines]
    public async Task A_payee_is_named_once_and_confirmed_once_whoever_presses_at_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷"), await town.Company("パン工房"));

        var named = await AtOnce(20, i => town.Get<AddPayee>().Run(
            new AddPayeeRequest(i % 2 == 0 ? printer.Ono : printer.Hirata, printer.Account, baker.Account.Number), Ct));
        var payee = named.Single(a => a.Accepted).Value!;
        named.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == AddPayeeRefusal.AlreadyRegistered);
        var other = payee.AddedBy == printer.Ono.Account ? printer.Hirata : printer.Ono;
        var confirmed = await AtOnce(20, _ => town.Get<ConfirmPayee>().Run(other, printer.Id, payee.Id, Ct));
        confirmed.Count(a => a.Accepted).ShouldBe(1);
        confirmed.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ConfirmPayeeRefusal.AlreadyDecided);
        (await town.Count("select count(*) from business_payee")).ShouldBe(1);
        (await AtOnce(20, _ => town.Get<RemovePayee>().Run(printer.Ono, printer.Id, payee.Id, Ct))).Count(done => done).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_merchant_has_one_account_whoever_opens_it_at_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var merchant = (await town.Company("天満印刷")).Account.Merchant;
        var opened = await AtOnce(20, _ => town.Get<OpenBusiness>().Run(new OpenBusinessRequest(null, merchant), Ct));
        opened.ShouldAllBe(a => a.Refusal == OpenBusinessRefusal.AlreadyRegistered);
        (await AtOnce(20, i => town.Get<OpenBusiness>().Run(new OpenBusinessRequest($"Company {i}"), Ct))).Select(a => a.Value!.Number).Distinct().Count()
            .ShouldBe(20);
    }

    /// <summary>The list and the rights are looked at where the money moves: whoever is off is paid nothing from then on.</summary>
    [Theory, BothEngines]
    public async Task Nothing_is_paid_after_a_payee_was_taken_off_or_the_approver_was_dismissed(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷", 9_000_000), await town.Company("パン工房"));
        await town.Trust(printer, baker);
        var payee = (await town.Get<Payees>().List(printer.Id, Ct)).Single();
        var waiting = new List<BusinessTransferId>();
        for (var i = 0; i < 12; i++)
            waiting.Add((await town.Pay(printer, baker, 100_001)).Value!.TransferId);

        var paid = 0;
        var approvals = waiting.Select(id => Task.Run(async () =>
        {
            var answer = await town.Approve(printer, id);
            if (answer.Accepted)
                Interlocked.Increment(ref paid);
            return answer;
        })).ToList();
        var alone = Enumerable.Range(0, 12).Select(_ => Task.Run(() => town.Pay(printer, baker, 1_000))).ToList();
        (await town.Get<RemovePayee>().Run(printer.Ono, printer.Id, payee.Id, Ct)).ShouldBeTrue();
        var then = await town.Holds(baker);
        var answers = await Task.WhenAll(approvals);
        var made = await Task.WhenAll(alone);

        (await town.Holds(baker)).ShouldBe(then, "nothing commits after the removal has");
        then.ShouldBe(100_001 * paid + 1_000 * made.Count(a => a.Accepted));
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ApproveBusinessTransferRefusal.NotEligible);
        made.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == MakeBusinessTransferRefusal.NotFound);

        await town.Trust(printer, baker);
        var left = waiting.Where((_, i) => !answers[i].Accepted).Append((await town.Pay(printer, baker, 100_001)).Value!.TransferId).ToList();
        var late = left.Select(id => Task.Run(() => town.Approve(printer, id))).ToList();
        (await town.Get<DismissFromShop>().Run(printer.Ono, printer.Hirata.Account!.Value, Ct)).Accepted.ShouldBeTrue();
        then = await town.Holds(baker);
        await Task.WhenAll(late);
        (await town.Holds(baker)).ShouldBe(then);
        (await town.Approve(printer, (await town.Pay(printer, baker, 100_001)).Value!.TransferId)).Refusal
            .ShouldBe(ApproveBusinessTransferRefusal.Forbidden);
    }

    [Theory, BothEngines]
    public async Task A_transfer_that_is_refused_and_approved_at_once_has_one_end(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷", 9_000_000), await town.Company("パン工房"));
        await town.Trust(printer, baker);
        var paid = 0;
        for (var times = 0; times < 10; times++)
        {
            var id = (await town.Pay(printer, baker, 100_001)).Value!.TransferId;
            var approving = Enumerable.Range(0, 3).Select(_ => Task.Run(() => town.Approve(printer, id))).ToList();
            var stopping = ((ActingShop[])[printer.Ono, printer.Hirata]).Select(by =>
                Task.Run(() => town.Get<StopBusinessTransfer>().Run(by, printer.Id, id, Ct))).ToList();
            var isPaid = (await Task.WhenAll(approving)).Count(a => a.Accepted);
            ((await Task.WhenAll(stopping)).Count(a => a.Accepted) + isPaid).ShouldBe(1);
            (await town.State(printer, id) == BusinessTransferState.Paid).ShouldBe(isPaid == 1);
            paid += isPaid;
        }
        (await town.Holds(baker)).ShouldBe(paid * 100_001);
    }

    /// <summary>The asker wants it no more, and the payer pays or approves it, in one moment: it is paid or ended, and never both.</summary>
    [Theory, BothEngines]
    public async Task A_request_that_is_withdrawn_and_paid_at_once_has_one_end(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷", 9_000_000), await town.Company("パン工房"));
        await town.Trust(printer, baker);
        long paid = 0;
        foreach (var yen in Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? 1_000L : 150_000))
        {
            var bill = (await town.Bill(baker, printer, yen)).Value!;
            var waits = yen > 100_000 ? (await town.Pay(printer, baker, yen, bill.Text, request: bill)).Value : null;
            var paying = Enumerable.Range(0, 3).Select(_ => Task.Run(async () => waits is null
                ? (await town.Pay(printer, baker, yen, bill.Text, request: bill)).Accepted
                : (await town.Approve(printer, waits.TransferId)).Accepted)).ToList();
            var closing = ((Company[])[baker, printer]).Select(who =>
                Task.Run(async () => (await town.Get<CloseBusinessRequest>().Run(who.Ono, who.Id, bill.Id, Ct)).Accepted)).ToList();
            var isPaid = (await Task.WhenAll(paying)).Count(done => done);
            (isPaid + (await Task.WhenAll(closing)).Count(done => done)).ShouldBe(1, $"{yen}");
            ((await town.Get<BusinessRequests>().Find(baker.Id, bill.Id, Ct))!.State == BusinessRequestState.Paid).ShouldBe(isPaid == 1);
            paid += isPaid * yen;
        }
        (await town.Holds(baker)).ShouldBe(paid);
    }

    [Theory, BothEngines]
    public async Task One_key_makes_approves_and_asks_once_however_often_it_is_sent_at_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷", 500_000), await town.Company("パン工房"));
        await town.Trust(printer, baker);

        var made = await AtOnce(20, _ => town.Pay(printer, baker, 150_000, key: "k"));
        made.ShouldAllBe(a => a.Accepted && a.Value == made[0].Value);
        var approved = await AtOnce(20, _ => town.Approve(printer, made[0].Value!.TransferId, key: "a"));
        approved.ShouldAllBe(a => a.Accepted && a.Value == approved[0].Value);
        var alone = await AtOnce(20, _ => town.Pay(printer, baker, 5_000, key: "alone"));
        alone.ShouldAllBe(a => a.Accepted && a.Value == alone[0].Value);
        var asked = await AtOnce(20, _ => town.Bill(baker, printer, 7_000, key: "b"));
        asked.ShouldAllBe(a => a.Accepted && a.Value!.Id == asked[0].Value!.Id);
        (await town.Holds(printer), await town.Holds(baker)).ShouldBe((345_000, 155_000));
        (await town.Count("select count(*) from business_request")).ShouldBe(1);
    }

    /// <summary>Companies that pay each other in a circle take the same accounts from two ends.</summary>
    [Theory, BothEngines]
    public async Task Companies_pay_each_other_to_and_fro_and_nothing_is_lost(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷", 50_000), await town.Company("パン工房", 50_000));
        await town.Trust(printer, baker);
        await town.Trust(baker, printer);

        var answers = await AtOnce(40, i => i % 2 == 0 ? town.Pay(printer, baker, 3_000) : town.Pay(baker, printer, 3_000));

        answers.ShouldAllBe(a => a.Accepted);
        (await town.Holds(printer), await town.Holds(baker)).ShouldBe((50_000, 50_000));
    }

    static async Task<IReadOnlyList<T>> AtOnce<T>(int times, Func<int, Task<T>> what) =>
        await Task.WhenAll(Enumerable.Range(0, times).Select(i => Task.Run(() => what(i))));

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
