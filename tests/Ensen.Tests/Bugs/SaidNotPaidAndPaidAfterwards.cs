using System.Text.RegularExpressions;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Tests.Ledger;
using Ensen.Tests.Support;
using Ensen.Tests.Tidy;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A phone that hears nothing for three quarters of a minute says "not paid", and its member pays again. So a payment that waited for so
/// long (a writer whose database stood still, tries that began anew) is never made after all.
/// </summary>
public partial class SaidNotPaidAndPaidAfterwards
{
    static readonly TimeSpan s_decidedWithin = TimeSpan.FromSeconds(3);

    [Theory, BothEngines]
    public async Task What_waited_for_too_long_is_not_decided_any_more_and_what_was_decided_in_time_is_found(Engine engine)
    {
        await using var town = await Town.On(engine);
        var store = new StalledStore(StalledStore.Real(town.Db));
        await using var node = new GeneralLedger(town.Db, town.Clock, [store], decidedWithin: s_decidedWithin);
        var (aoi, ben) = (await town.Member("Aoi").With(1_000.Yen()), await town.Member("Ben").With(1_000.Yen()));
        var cafe = await town.Store("Café Loop");
        var cleo = await town.Member("Cleo").With(30.Points(), lastDay: "2026-03-31");
        var known = await town.Pay(Town.Payment(ben, cafe, 50.Yen(), key: "known"), node);

        Task<Answer<Paid, PayRefusal>> inTime, late, repeat;
        Task<Answer<Expired, ExpireRefusal>> lapse;
        using (store.Stall())
        {
            inTime = town.Pay(Town.Payment(aoi, cafe, 100.Yen(), key: "in time"), node);
            await Waits(node, 0);
            late = town.Pay(Town.Payment(ben, cafe, 200.Yen(), key: "late"), node);
            repeat = town.Pay(Town.Payment(ben, cafe, 50.Yen(), key: "known"), node);
            lapse = node.Post(new Expire.ExpiryDraft(cleo.Id, new Lot(LotKind.Basic, 20260331), Id.New(town.Clock), town.Clock.GetUtcNow()));
            await Waits(node, 3);
            while (node.OldestWaiting < 2 * s_decidedWithin)
                await Task.Delay(100);
        }

        (await inTime).Accepted.ShouldBeTrue("it was decided when it was young");
        await Should.ThrowAsync<LedgerUnavailableException>(late);
        (await repeat).Value.ShouldBe(known.Value, "what was answered before is answered again");
        (await lapse).Accepted.ShouldBeTrue("nobody holds a phone in the night's work");
        (await town.Wallet(ben)).Money.ShouldBe(950.Yen());
        var again = await town.Pay(Town.Payment(ben, cafe, 200.Yen(), key: "late"), node);
        (again.Accepted, again.Replayed).ShouldBe((true, false));
    }

    [Theory, BothEngines]
    public async Task A_try_that_begins_anew_too_late_finds_what_it_committed_or_commits_nothing(Engine engine)
    {
        await using var town = await Town.On(engine);
        var store = new StalledStore(StalledStore.Real(town.Db));
        await using var node = new GeneralLedger(town.Db, town.Clock, [store], decidedWithin: TimeSpan.FromMilliseconds(50));
        var (aoi, cafe) = (await town.Member("Aoi").With(1_000.Yen()), await town.Store("Café Loop"));

        store.Fail(new TimeoutException()); // and the next try comes 100 ms later
        await Should.ThrowAsync<LedgerUnavailableException>(town.Pay(Town.Payment(aoi, cafe, 100.Yen()), node));

        (await town.Wallet(aoi)).Money.ShouldBe(1_000.Yen());
    }

    [Fact]
    public void Whoever_says_not_paid_waits_for_longer_than_a_payment_can_take()
    {
        var script = SourceTree.Repository.Under("src/Ensen.Web/wwwroot/js/", ".js").Single(f => f.Path.EndsWith("/pay.js", StringComparison.Ordinal)).Text;
        var lostAfter = int.Parse(LostAfter().Match(script).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

        TimeSpan.FromMilliseconds(lostAfter).ShouldBeGreaterThan(GeneralLedger.OutcomeKnownWithin);
    }

    static async Task Waits(GeneralLedger node, int waiting)
    {
        for (var looks = 0; (node.QueueLength != waiting || node.OldestWaiting == TimeSpan.Zero) && looks < 500; looks++)
            await Task.Delay(5);
        node.QueueLength.ShouldBe(waiting);
    }

    [GeneratedRegex("lostAfter = ([0-9]+);")]
    private static partial Regex LostAfter();
}
