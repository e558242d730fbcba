using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A payment whose month was taken away has no legs here any more; while the programme still allowed its refund, the refund ended in an
/// error.
/// </summary>
public class ARefundOfAMonthThatIsAwayFailed
{
    [Theory, BothEngines]
    public async Task It_is_refused(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, shop) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Bakery"));
        var june = await town.Paid(aoi, shop, 400.Yen());
        town.Clock.Set("2026-07-01 00:00");
        var july = await town.Paid(aoi, shop, 600.Yen());
        await using var connection = await town.Db.Connect();
        await connection.ExecuteAsync(
            """
            insert into carried select owner, account_type, term, sum(amount) from posting where entry_id < @until group by owner, account_type, term;
            insert into detached_month select 202606, @until, count(*), 0, 0 from entry where id < @until;
            delete from posting where entry_id < @until;
            delete from entry where id < @until
            """, new { until = new HistoryMonth(202607).First });

        (await town.Refund(june.PaymentId, shop, 100.Yen())).Refusal.ShouldBe(RefundRefusal.NotRefundable);
        (await town.Refund(july.PaymentId, shop, 100.Yen())).Accepted.ShouldBeTrue();
    }
}
