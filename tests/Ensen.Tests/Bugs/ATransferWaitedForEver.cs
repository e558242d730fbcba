using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Storage;
using Ensen.Tests.Businesses;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A company's transfer that nobody approved could be approved a year later, and held its request and the rows of its file until then.
/// </summary>
public class ATransferWaitedForEver
{
    [Theory, BothEngines]
    public async Task What_nobody_approves_for_thirty_days_lapses_and_lets_go_of_what_it_held(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷", 900_000), await town.Company("パン工房"));
        await town.Trust(printer, baker);
        var bill = (await town.Bill(baker, printer, 200_000)).Value!;
        var waits = (await town.Pay(printer, baker, 200_000, bill.Text, request: bill)).Value!;
        var inTime = (await town.Pay(printer, baker, 300_000)).Value!;

        town.Clock.Move(BusinessTransfers.Waits - TimeSpan.FromMilliseconds(1));
        await town.Get<StopBusinessTransfer>().Lapse(Ct);
        (await town.Approve(printer, inTime.TransferId)).Accepted.ShouldBeTrue();
        town.Clock.Move(TimeSpan.FromMilliseconds(1));
        (await town.Approve(printer, waits.TransferId)).Refusal.ShouldBe(ApproveBusinessTransferRefusal.Lapsed, "before the job has come by");
        await town.Get<StopBusinessTransfer>().Lapse(Ct);
        (await town.State(printer, waits.TransferId)).ShouldBe(BusinessTransferState.Lapsed);
        (await town.Approve(printer, waits.TransferId)).Refusal.ShouldBe(ApproveBusinessTransferRefusal.Lapsed);
        (await town.Get<StopBusinessTransfer>().Run(printer.Ono, printer.Id, waits.TransferId, Ct)).Refusal
            .ShouldBe(StopBusinessTransferRefusal.AlreadyDecided);
        (await town.State(printer, inTime.TransferId)).ShouldBe(BusinessTransferState.Paid);

        var again = (await town.Pay(printer, baker, 200_000, bill.Text, request: bill)).Value!;
        (await town.Approve(printer, again.TransferId)).Accepted.ShouldBeTrue();
        (await town.Holds(printer), await town.Holds(baker)).ShouldBe((400_000, 500_000));
    }

    [Theory, BothEngines]
    public async Task One_that_lapses_while_it_is_approved_does_one_of_both(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷", 9_000_000), await town.Company("パン工房"));
        await town.Trust(printer, baker);
        var all = new List<BusinessTransferId>();
        for (var i = 0; i < 20; i++)
            all.Add((await town.Pay(printer, baker, 100_001)).Value!.TransferId);
        town.Clock.Move(BusinessTransfers.Waits - TimeSpan.FromSeconds(1));

        var approvals = all.Select(id => Task.Run(() => town.Approve(printer, id))).ToList();
        town.Clock.Move(TimeSpan.FromSeconds(2));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => town.Get<StopBusinessTransfer>().Lapse(Ct)));
        var paid = (await Task.WhenAll(approvals)).Count(a => a.Accepted);

        (await town.Count("select count(*) from business_transfer where state = 2")).ShouldBe(paid);
        (await town.Count("select count(*) from business_transfer where state = 5")).ShouldBe(20 - paid);
        (await town.Holds(baker)).ShouldBe(paid * 100_001);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
