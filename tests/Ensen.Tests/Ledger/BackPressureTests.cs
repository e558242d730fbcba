using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Ledger;

/// <summary>
/// When somebody has waited for too long, what is new is turned away and nothing of it happens; what was asked before learns its answer.
/// </summary>
public class BackPressureTests
{
    static readonly TimeSpan s_most = TimeSpan.FromMilliseconds(150);

    [Theory, BothEngines]
    public async Task What_is_new_is_turned_away_while_somebody_waits_for_too_long(Engine engine)
    {
        await using var town = await Town.On(engine);
        var store = new StalledStore(StalledStore.Real(town.Db));
        await using var node = new GeneralLedger(town.Db, town.Clock, [store]) { MostWait = s_most };
        var (aoi, ben) = (await town.Member("Aoi").With(1_000.Yen()), await town.Member("Ben").With(1_000.Yen()));
        var cafe = await town.Store("Café Loop");

        Task<Answer<Paid, PayRefusal>> first;
        using (store.Stall())
        {
            first = town.Pay(Town.Payment(aoi, cafe, 100.Yen(), key: "a"), node);
            (await Until(() => node.OldestWaiting > s_most)).ShouldBeTrue();

            await Should.ThrowAsync<LedgerBusyException>(town.Pay(Town.Payment(ben, cafe, 200.Yen(), key: "b"), node));
            node.QueueLength.ShouldBe(0, "a draft that was turned away does not wait");
        }
        (await first).Accepted.ShouldBeTrue();
        node.OldestWaiting.ShouldBe(TimeSpan.Zero);

        (await town.Wallet(ben)).Money.ShouldBe(1_000.Yen());
        var again = await town.Pay(Town.Payment(ben, cafe, 200.Yen(), key: "b"), node);
        (again.Accepted, again.Replayed).ShouldBe((true, false));
    }

    [Theory, BothEngines]
    public async Task A_repeat_of_what_is_under_way_waits_with_it_and_a_repeat_of_what_is_known_is_answered_at_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var store = new StalledStore(StalledStore.Real(town.Db));
        await using var node = new GeneralLedger(town.Db, town.Clock, [store]) { MostWait = s_most };
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var ben = await town.Member("Ben").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");
        var known = await town.Pay(Town.Payment(ben, cafe, 50.Yen(), key: "known"), node);
        (await town.Pay(Town.Payment(ben, cafe, 5_000.Yen(), key: "refused"), node)).Refusal.ShouldBe(PayRefusal.InsufficientBalance);

        Task<Answer<Paid, PayRefusal>> first, twin;
        using (store.Stall())
        {
            first = town.Pay(Town.Payment(aoi, cafe, 100.Yen(), key: "a"), node);
            (await Until(() => node.OldestWaiting > s_most)).ShouldBeTrue();

            var repeat = await town.Pay(Town.Payment(ben, cafe, 50.Yen(), key: "known"), node);
            (repeat.Replayed, repeat.Value).ShouldBe((true, known.Value));
            (await town.Pay(Town.Payment(ben, cafe, 5_000.Yen(), key: "refused"), node)).Refusal.ShouldBe(PayRefusal.InsufficientBalance);
            (await town.Pay(Town.Payment(ben, cafe, 51.Yen(), key: "known"), node)).Refusal.ShouldBe(PayRefusal.KeyReused);

            twin = town.Pay(Town.Payment(aoi, cafe, 100.Yen(), key: "a"), node);
            (await Until(() => node.QueueLength == 1)).ShouldBeTrue("the twin waits in the line");
        }
        var (answer, same) = (await first, await twin);
        (same.Replayed, same.Value).ShouldBe((true, answer.Value));
        (await town.Wallet(aoi)).Money.ShouldBe(900.Yen());
    }

    [Fact]
    public async Task What_nobody_waits_for_at_a_till_is_taken_all_the_same()
    {
        await using var town = await Town.On(Engine.Sqlite);
        var store = new StalledStore(StalledStore.Real(town.Db));
        await using var node = new GeneralLedger(town.Db, town.Clock, [store]) { MostWait = s_most };
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var ben = await town.Member("Ben").With(30.Points(), lastDay: "2026-03-31");

        Task<Answer<Expired, ExpireRefusal>> lapse;
        using (store.Stall())
        {
            var first = town.Pay(Town.Payment(aoi, await town.Store("Café Loop"), 100.Yen()), node);
            (await Until(() => node.OldestWaiting > s_most)).ShouldBeTrue();
            lapse = node.Post(new Expire.ExpiryDraft(ben.Id, new Lot(LotKind.Basic, 20260331), Id.New(town.Clock), town.Clock.GetUtcNow()));
            (await Until(() => node.QueueLength == 1)).ShouldBeTrue();
        }
        (await lapse).Value.ShouldBe(new Expired(1, 30.Points()));
    }

    [Fact]
    public async Task Closing_does_not_wait_for_a_database_that_never_answers()
    {
        await using var town = await Town.On(Engine.Sqlite);
        var store = new StalledStore(StalledStore.Real(town.Db));
        var node = new GeneralLedger(town.Db, town.Clock, [store]) { MostClosing = TimeSpan.FromMilliseconds(200) };
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        using var stalled = store.Stall();
        var paying = town.Pay(Town.Payment(aoi, await town.Store("Café Loop"), 100.Yen()), node);

        await node.DisposeAsync();
        paying.IsCompleted.ShouldBeFalse("nobody knows what became of it, so nobody is told anything");
        stalled.Dispose();
        (await paying).Accepted.ShouldBeTrue();
    }

    static async Task<bool> Until(Func<bool> so)
    {
        for (var looks = 0; looks < 1_000; looks++)
        {
            if (so())
                return true;
            await Task.Delay(10);
        }
        return false;
    }
}
