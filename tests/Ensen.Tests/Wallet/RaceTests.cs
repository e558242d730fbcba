using Ensen.Basics;
using Ensen.Codes;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>Everybody at once: whatever the order turns out to be, it is as if they had come one after the other.</summary>
public class RaceTests
{
    // Attack 23.
    [Theory, BothEngines]
    public async Task Of_50_payments_of_a_whole_balance_exactly_one_passes_200_times(Engine engine)
    {
        await using var town = await Town.On(engine);
        var cafe = await town.Store("Café Loop");

        await Rounds(await town.Crowd(200, 1_000.Yen()), async who =>
        {
            var answers = await AtOnce(50, _ => town.Pay(who, cafe, 1_000.Yen()));
            answers.Count(a => a.Accepted).ShouldBe(1);
            answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == PayRefusal.InsufficientBalance);
        });

        (await town.Entries(EntryKind.Payment)).ShouldBe(200);
        (await town.Balance(cafe.Id, AccountType.Payable)).ShouldBe(200_000);
    }

    // Attack 2.
    [Theory, BothEngines]
    public async Task A_code_at_two_tills_at_once_pays_at_one_of_them_200_times(Engine engine)
    {
        await using var town = await Town.On(engine);
        Shop[] tills = [await town.Store("Café Loop"), await town.Store("Bakery")];

        await Rounds(await town.Crowd(200, 1_000.Yen()), async who =>
        {
            var code = new SingleUse(SingleUseKind.CodeUsed, Id.New(town.Clock));
            var answers = await AtOnce(2, i => town.Pay(Town.Payment(who, tills[i], 400.Yen()) with { Spends = [code] }));
            answers.Count(a => a.Accepted).ShouldBe(1);
            answers.Single(a => !a.Accepted).Refusal.ShouldBe(PayRefusal.CodeUsed);
        });

        (await town.Count("select count(*) from single_use")).ShouldBe(200);
    }

    // Attack 28: a double tap, twenty fingers.
    [Theory, BothEngines]
    public async Task A_key_used_20_times_at_once_is_one_payment_200_times(Engine engine)
    {
        await using var town = await Town.On(engine);
        var cafe = await town.Store("Café Loop");

        await Rounds(await town.Crowd(200, 1_000.Yen()), async who =>
        {
            var answers = await AtOnce(20, _ => town.Pay(who, cafe, 300.Yen(), key: "k"));
            answers.ShouldAllBe(a => a.Accepted);
            answers.Select(a => a.Value).Distinct().Count().ShouldBe(1);
            answers.Count(a => !a.Replayed).ShouldBe(1);
        });

        (await town.Entries(EntryKind.Payment)).ShouldBe(200);
    }

    // Attack 24.
    [Theory, BothEngines]
    public async Task Transfers_that_cross_neither_lock_nor_lose(Engine engine)
    {
        await using var town = await Town.On(engine);
        var crowd = await town.Crowd(6, 1_000.Yen());

        var answers = await AtOnce(5_000, i =>
        {
            var (from, to) = (crowd[i % 6], crowd[(i % 6 + 1 + i / 6 % 5) % 6]);
            return town.Send(from, to, (1 + i % 7).Yen());
        });

        answers.ShouldAllBe(a => a.Accepted || a.Refusal == TransferRefusal.InsufficientBalance);
        answers.Count(a => a.Accepted).ShouldBeGreaterThan(2_000);
        (await Task.WhenAll(crowd.Select(who => town.Balance(who.Id, AccountType.Money)))).Sum().ShouldBe(6_000);
        await ShouldHaveHadNoDeadlock(town);
    }

    [Theory, BothEngines]
    public async Task Two_members_who_send_each_other_everything_never_hold_more_than_both_had(Engine engine)
    {
        await using var town = await Town.On(engine);
        var crowd = await town.Crowd(60, 500.Yen());

        await Rounds(crowd.Chunk(2), async pair =>
        {
            var answers = await AtOnce(40, i => town.Send(pair[i % 2], pair[1 - i % 2], 500.Yen()));
            answers.Count(a => a.Accepted).ShouldBeGreaterThan(1);
            (await town.Balance(pair[0].Id, AccountType.Money) + await town.Balance(pair[1].Id, AccountType.Money)).ShouldBe(1_000);
        });
    }

    // Attack 65.
    [Theory, BothEngines]
    public async Task Of_50_refunds_at_once_as_many_pass_as_there_was_paid(Engine engine)
    {
        await using var town = await Town.On(engine);
        var cafe = await town.Store("Café Loop");

        await Rounds(await town.Crowd(10, 10_000.Yen()), async who =>
        {
            var paid = await town.Paid(who, cafe, 1_000.Yen());
            var answers = await AtOnce(50, i => town.Refund(paid.PaymentId, cafe, (20 + i).Yen()));
            answers.ShouldAllBe(a => a.Accepted || a.Refusal == RefundRefusal.NotRefundable);

            var refunded = answers.Sum(a => a.Value?.Amount.Value ?? 0);
            refunded.ShouldBeInRange(1_000 - 69, 1_000);
            (await town.Balance(who.Id, AccountType.Money)).ShouldBe(9_000 + refunded);
        });
    }

    [Theory, BothEngines]
    public async Task One_refund_asked_for_20_times_at_once_is_made_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var cafe = await town.Store("Café Loop");

        await Rounds(await town.Crowd(20, 10_000.Yen()), async who =>
        {
            var paid = await town.Paid(who, cafe, 1_000.Yen());
            var answers = await AtOnce(20, _ => town.Refund(paid.PaymentId, cafe, 100.Yen(), key: who.Name));
            answers.Select(a => a.Value).Distinct().Count().ShouldBe(1);
            answers.Count(a => !a.Replayed).ShouldBe(1);
        });

        (await town.Entries(EntryKind.Refund)).ShouldBe(20);
    }

    [Theory, BothEngines]
    public async Task No_race_passes_the_cap_of_a_day_or_of_a_month(Engine engine)
    {
        await using var town = await Town.On(
            engine, new Programme { Payments = new PaymentRules { Verified = new Caps(1_000, 5_000, 8_000) } });
        var cafe = await town.Store("Café Loop");
        var crowd = await town.Crowd(40, 100_000.Yen());

        foreach (var (day, passes) in ((string, int)[])[("2026-06-01 12:00", 5), ("2026-06-02 12:00", 3), ("2026-06-03 12:00", 0), ("2026-07-01 12:00", 5)])
        {
            town.Clock.Set(day);
            await Rounds(crowd, async who =>
            {
                var answers = await AtOnce(20, _ => town.Pay(who, cafe, 1_000.Yen()));
                answers.Count(a => a.Accepted).ShouldBe(passes, day);
                answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == PayRefusal.OverLimit);
            });
        }
    }

    // Paying, sending, being refunded, all of one member, who has just enough for one of them.
    [Theory, BothEngines]
    public async Task Payments_and_transfers_of_one_balance_spend_it_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var cafe = await town.Store("Café Loop");
        var friend = (await town.Crowd(1, Yen.Zero))[0];

        await Rounds(await town.Crowd(60, 1_000.Yen()), async who =>
        {
            var paying = AtOnce(10, _ => town.Pay(who, cafe, 1_000.Yen()));
            var sending = AtOnce(10, _ => town.Send(who, friend, 1_000.Yen()));
            ((await paying).Count(a => a.Accepted) + (await sending).Count(a => a.Accepted)).ShouldBe(1);
        });
    }

    /// <summary>A few rounds beside each other, each with members of its own.</summary>
    static Task Rounds<T>(IEnumerable<T> each, Func<T, Task> round) =>
        Parallel.ForEachAsync(each, new ParallelOptions { MaxDegreeOfParallelism = 10 }, async (it, _) => await round(it));

    static Task<T[]> AtOnce<T>(int times, Func<int, Task<T>> what) =>
        Task.WhenAll(Enumerable.Range(0, times).Select(i => Task.Run(() => what(i))));

    static async Task ShouldHaveHadNoDeadlock(Town town)
    {
        if (town.Db.Engine == Engine.Postgres)
            (await town.Count("select deadlocks from pg_stat_database where datname = current_database()")).ShouldBe(0);
    }
}
