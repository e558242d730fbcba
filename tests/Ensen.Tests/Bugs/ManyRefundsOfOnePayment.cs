using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>
/// Refunds of one payment at the same time looked again five times and then failed with an exception of their own. Each look that
/// was in vain means that somebody else's refund was booked, so looking again comes to an end by itself.
/// </summary>
public class ManyRefundsOfOnePayment
{
    [Theory, BothEngines]
    public async Task Fifty_at_once_give_back_what_there_is_and_refuse_the_rest(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");
        var paid = await town.Paid(aoi, cafe, 1_000.Yen());

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => town.Refund(paid.PaymentId, cafe, 30.Yen()))));

        answers.Count(a => a.Accepted).ShouldBe(33);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == RefundRefusal.NotRefundable);
        (await town.Balance(cafe.Id, AccountType.Payable)).ShouldBe(10);
    }
}
