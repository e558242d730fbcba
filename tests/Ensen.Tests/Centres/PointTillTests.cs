using System.Text;
using Ensen.Basics;
using Ensen.Centres;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Centres;

/// <summary>Points given and spent at a shopping centre's point till. Each town's books are looked through when its test ends.</summary>
public class PointTillTests
{
    [Theory, BothEngines]
    public async Task A_purchase_earns_a_point_for_each_110_yen(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi"), await Counter.In(town));
        var number = await counter.NumberOf(aoi);

        var answers = new List<string>();
        foreach (var amount in (long[])[109, 110, 219, 220, 1_100, 1_000_000])
            answers.Add($"{amount}: {(await counter.Award(number, amount, $"r{amount}")).Value!.Points}");

        answers.ShouldBe(["109: 0", "110: 1", "219: 1", "220: 2", "1100: 10", "1000000: 9090"]);
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 9104");
        (await town.Balance(Chart.Operator, AccountType.PointLiability)).ShouldBe(-9_104);
        (await town.Balance(aoi.Id, AccountType.Points, 20280331)).ShouldBe(9_104);
        var told = (await town.History(aoi))[0];
        (told.Kind, told.Party, told.Points).ShouldBe((EntryKind.PointAward, "なんばモール", 9_090.Points()));
    }

    [Theory, BothEngines]
    public async Task The_members_number_is_the_same_for_all_who_ask_at_once_and_tells_nothing(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi"), await town.Member("Ren"));

        var numbers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => town.Get<MemberCodes>().Of(aoi.Id)));

        numbers.Distinct().Count().ShouldBe(1);
        numbers[0].ShouldMatch("^80[0-9]{10}$");
        Luhn.IsRight(numbers[0]).ShouldBeTrue();
        (await town.Get<MemberCodes>().Of(ren.Id)).ShouldNotBe(numbers[0]);
        MemberCode.TryRead(numbers[0][..^1] + (char)('0' + (numbers[0][^1] - '0' + 1) % 10), out _).ShouldBeFalse();
    }

    // Attack 58.
    [Theory, BothEngines]
    public async Task The_members_number_earns_and_never_spends(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi").With(100.Points()), await Counter.In(town));

        (await counter.Spend(await counter.NumberOf(aoi), 1, "r1")).Refusal.ShouldBe(SpendRefusal.NotEligible);

        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 100");
        (await town.Entries(EntryKind.PointSpending)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task What_is_no_award_is_refused_and_moves_nothing(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi").With(100.Points()), await Counter.In(town));
        var number = await counter.NumberOf(aoi);

        foreach (var amount in (long[])[0, -1, 1_000_000_000, long.MaxValue, long.MinValue])
        {
            (await counter.Award(number, amount, "r")).Refusal.ShouldBe(AwardRefusal.InvalidAmount);
            (await counter.Spend(await counter.CodeOf(aoi), amount, "r")).Refusal.ShouldBe(SpendRefusal.InvalidAmount);
        }
        foreach (var receipt in (string[])["", new string('r', 101), "a\nb", " a", "a ", "a\u3000", "a/b", @"a\b", "a?b", "a#b", "a%2Fb", ".", ".."])
        {
            (await counter.Award(number, 1_100, receipt)).Refusal.ShouldBe(AwardRefusal.InvalidRequest);
            (await counter.Spend(await counter.CodeOf(aoi), 1, receipt)).Refusal.ShouldBe(SpendRefusal.InvalidRequest);
        }
        foreach (var code in (string[])["", "x", "4901234567894", "800000000000", "'; drop table member_code; --"])
        {
            (await counter.Award(code, 1_100, "r")).Refusal.ShouldBe(AwardRefusal.InvalidCode);
            (await counter.Spend(code, 1, "r")).Refusal.ShouldBe(SpendRefusal.InvalidCode);
        }
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 100");
        (await town.Count("select count(*) from point_award")).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task A_purchase_of_more_than_the_most_is_a_slip_and_earns_nothing(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi"), await Counter.In(town));
        var number = await counter.NumberOf(aoi);

        (await counter.Award(number, 1_000_001, "r1")).Refusal.ShouldBe(AwardRefusal.InvalidAmount);
        var file = await town.Get<TakePointFile>().Run(counter.Centre, counter.Till, Encoding.UTF8.GetBytes(
            $"code,amount,receipt\n{number},1000001,f1\n{number},1100,a/b\n{number},1100,f3{number}\n{number},1100,f4\ntotal,1003301,4\n"));

        file.Refused.Select(r => (r.Line, r.Fault)).ShouldBe(
            [(2, PointFileFault.InvalidAmount), (3, PointFileFault.InvalidReceipt), (4, PointFileFault.InvalidReceipt)]);
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 0");
    }

    [Theory, BothEngines]
    public async Task A_receipt_that_ends_in_the_number_shown_with_it_is_none(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi").With(100.Points()), await Counter.In(town));
        var (number, code) = (await counter.NumberOf(aoi), await counter.CodeOf(aoi));

        (await counter.Award(number, 1_100, "A-1" + number)).Refusal.ShouldBe(AwardRefusal.InvalidRequest);
        (await counter.Award(code, 1_100, "A-1" + code)).Refusal.ShouldBe(AwardRefusal.InvalidRequest);
        (await counter.Spend(code, 10, "A-1" + code)).Refusal.ShouldBe(SpendRefusal.InvalidRequest);
        (await counter.Award(number, 1_100, "4901234567894")).Accepted.ShouldBeTrue("the bar code of a receipt");

        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 110");
    }

    [Theory, BothEngines]
    public async Task After_twenty_misses_a_point_till_waits(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi"), await Counter.In(town));
        for (var miss = 0; miss < 20; miss++)
            (await counter.Award("800000000000", 1_100, "r")).Refusal.ShouldBe(AwardRefusal.InvalidCode);

        (await counter.Award(await counter.NumberOf(aoi), 1_100, "r")).Refusal.ShouldBe(AwardRefusal.TooManyRequests);
        (await counter.Spend(await counter.CodeOf(aoi), 1, "r")).Refusal.ShouldBe(SpendRefusal.TooManyRequests);
        (await (await Counter.In(town)).Award(await counter.NumberOf(aoi), 1_100, "r")).Accepted.ShouldBeTrue("another till is not blocked");
    }

    [Theory, BothEngines]
    public async Task A_code_that_lapsed_earns_and_spends_nothing(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi").With(100.Points()), await Counter.In(town));
        var code = await counter.CodeOf(aoi);
        town.Clock.Move(TimeSpan.FromMinutes(5));

        (await counter.Award(code, 1_100, "r")).Refusal.ShouldBe(AwardRefusal.CodeExpired);
        (await counter.Spend(code, 1, "r")).Refusal.ShouldBe(SpendRefusal.CodeExpired);
    }

    [Theory, BothEngines]
    public async Task The_same_receipt_is_the_same_award_and_other_content_is_refused(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren, counter) = (await town.Member("Aoi").With(100.Points()), await town.Member("Ren"), await Counter.In(town));
        var number = await counter.NumberOf(aoi);
        var first = await counter.Award(number, 1_100, "r1", "k");

        (await counter.Award(number, 1_100, "r1", "k")).ShouldBe(first.AsReplay());
        (await counter.Award(number, 1_100, "r1")).ShouldBe(first.AsReplay(), "another key, the same receipt");
        (await counter.Award(number, 1_100, "r2", "k")).Refusal.ShouldBe(AwardRefusal.KeyReused);
        (await counter.Award(number, 1_101, "r1")).Refusal.ShouldBe(AwardRefusal.OrderConflict);
        (await counter.Award(await counter.NumberOf(ren), 1_100, "r1")).Refusal.ShouldBe(AwardRefusal.OrderConflict);
        (await counter.Spend(await counter.CodeOf(aoi), 10, "r1")).Refusal.ShouldBe(SpendRefusal.OrderConflict);
        var other = await Counter.In(town);
        (await other.Award(number, 1_100, "r1")).Replayed.ShouldBeFalse("another centre counts its own receipts");

        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 120");
    }

    [Theory, BothEngines]
    public async Task One_receipt_asked_for_forty_times_at_once_is_one_award(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi"), await Counter.In(town));
        var number = await counter.NumberOf(aoi);

        for (var round = 0; round < 20; round++)
        {
            var receipt = $"r{round}";
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 40).Select(i => Task.Run(() => counter.Award(number, i % 4 == 3 ? 2_200 : 1_100, receipt))));
            var given = answers.First(a => a.Accepted).Value!.Points;
            answers.Where(a => a.Accepted).ShouldAllBe(a => a.Value!.Points == given);
            answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == AwardRefusal.OrderConflict);
            answers.Count(a => a.Accepted).ShouldBe(given == 10.Points() ? 30 : 10);
        }

        (await town.Entries(EntryKind.PointAward)).ShouldBe(20);
    }

    [Theory, BothEngines]
    public async Task A_spending_takes_points_once_and_owes_the_centre(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi").With(30.Points(), "2027-03-31").With(100.Points()), await Counter.In(town));
        var code = await counter.CodeOf(aoi);
        var spent = await counter.Spend(code, 50, "r1", "k");

        (spent.Value!.Points, spent.Value.Balance).ShouldBe((50.Points(), 80.Points()));
        (await counter.Spend(code, 50, "r1")).ShouldBe(spent.AsReplay());
        (await counter.Spend(code, 51, "r1")).Refusal.ShouldBe(SpendRefusal.OrderConflict);
        (await counter.Spend(code, 50, "r2", "k")).Refusal.ShouldBe(SpendRefusal.KeyReused);
        (await counter.Spend(code, 50, "r2")).Refusal.ShouldBe(SpendRefusal.CodeUsed);
        (await counter.Spend(await counter.CodeOf(aoi), 81, "r2")).Refusal.ShouldBe(SpendRefusal.InsufficientPoints);

        (await town.Balance(counter.Centre, AccountType.CentrePayable)).ShouldBe(50);
        (await town.Balance(Chart.Operator, AccountType.PointFunding)).ShouldBe(-50);
        (await town.Balance(aoi.Id, AccountType.Points, 20270331)).ShouldBe(0, "soonest to lapse first");
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 80");
    }

    [Theory, BothEngines]
    public async Task A_code_at_two_point_tills_at_once_spends_at_one_and_a_balance_is_spent_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        Counter[] counters = [await Counter.In(town), await Counter.In(town, "天王寺プラザ")];
        var who = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i => await town.Member($"Member {i}").With(100.Points())));

        foreach (var (one, round) in who.Select((one, round) => (one, round)))
        {
            var code = await counters[0].CodeOf(one);
            var sameCode = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(
                () => counters[i % 2].Spend(code, 20, $"c{round}-{i}"))));
            sameCode.Count(a => a.Accepted).ShouldBe(1);
            sameCode.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == SpendRefusal.CodeUsed);
            var codes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => counters[0].CodeOf(one)));
            var wholeBalance = await Task.WhenAll(codes.Select((own, i) => Task.Run(
                () => counters[i % 2].Spend(own, 80, $"b{round}-{i}"))));
            wholeBalance.Count(a => a.Accepted).ShouldBe(1);
            wholeBalance.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == SpendRefusal.InsufficientPoints);
        }

        (await town.Balance(Chart.Operator, AccountType.PointFunding)).ShouldBe(-2_000);
    }

    [Theory, BothEngines]
    public async Task A_cancelled_spending_goes_back_to_its_lots_and_lapses_where_they_have(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi").With(30.Points(), "2026-06-30").With(100.Points()), await Counter.In(town));
        await counter.Spend(await counter.CodeOf(aoi), 50, "r1");
        town.Clock.Move(TimeSpan.FromDays(40));

        var cancelled = await counter.Cancel("r1");

        (cancelled.Value!.Points, cancelled.Value.Balance, cancelled.Value.Withheld).ShouldBe((50.Points(), 100.Points(), Yen.Zero));
        (await town.Balance(Chart.Operator, AccountType.Breakage)).ShouldBe(30);
        (await town.Balance(counter.Centre, AccountType.CentrePayable)).ShouldBe(0);
        (await town.Balance(Chart.Operator, AccountType.PointFunding)).ShouldBe(0);
        (await counter.Cancel("r1")).ShouldBe(cancelled.AsReplay());
    }

    [Theory, BothEngines]
    public async Task A_cancelled_award_takes_back_what_is_there_and_keeps_the_rest_from_the_money(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi"), await Counter.In(town));
        await counter.Award(await counter.NumberOf(aoi), 1_100, "r1");
        await counter.Award(await counter.NumberOf(aoi), 1_100, "r2");
        await counter.Spend(await counter.CodeOf(aoi), 14, "r3");

        var cancelled = await counter.Cancel("r1", "k");

        (cancelled.Value!.Points, cancelled.Value.Balance, cancelled.Value.Withheld).ShouldBe((new PointAmount(-10), 0.Points(), 4.Yen()));
        (await town.Balance(counter.Centre, AccountType.CentrePayable)).ShouldBe(10);
        (await town.Balance(Chart.Operator, AccountType.PointFunding)).ShouldBe(-10);
        (await counter.Cancel("r2", "k")).Refusal.ShouldBe(CancelPointsRefusal.KeyReused);
        (await town.Get<PointReceipts>().Totals(counter.Centre, town.Today)).ShouldBe(new PointTotals(
            2, 2_200.Yen(), 20.Points(), 1, 14.Points(), 1, 10.Points(), 0.Points()));
    }

    [Theory, BothEngines]
    public async Task Cancelled_forty_times_at_once_it_is_cancelled_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi").With(100.Points()), await Counter.In(town));
        await counter.Spend(await counter.CodeOf(aoi), 50, "r1");

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => counter.Cancel("r1"))));

        answers.ShouldAllBe(a => a.Accepted && a.Value!.Points == 50.Points());
        (await town.Entries(EntryKind.PointCancellation)).ShouldBe(1);
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 100");
    }

    [Theory, BothEngines]
    public async Task Another_centres_receipt_is_not_found(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter, other) = (await town.Member("Aoi"), await Counter.In(town), await Counter.In(town));
        await counter.Award(await counter.NumberOf(aoi), 1_100, "r1");

        foreach (var receipt in (string[])["r1", "", "r2"])
            (await other.Cancel(receipt)).Refusal.ShouldBe(CancelPointsRefusal.NotFound);
        (await town.Get<PointReceipts>().Find(other.Centre, "r1")).ShouldBeNull();
        (await town.Get<PointReceipts>().Find(counter.Centre, "r1"))!.Points.ShouldBe(10.Points());
    }
}
