using Ensen.CreditCards;
using Ensen.Storage;
using Ensen.Tests.CreditCards;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A purchase of the last days of a month was named in that month's file and in the next one's, and brought its points twice: items were
/// known by month. They are known by card and number.
/// </summary>
public class APurchaseStoodInTwoMonthsFiles
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task It_is_known_and_brings_points_once(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, _, card) = await desk.Holder();
        await desk.Take(card, "2026-06", 1, "A-1 2026-06-30 100000");
        desk.Clock.Set("2026-07-15 12:00");
        await desk.Post();
        var july = await desk.Take(card, "2026-07", 1, "A-1 2026-06-30 100000", "A-2 2026-07-01 2000");
        (july.Accepted, july.Fresh, july.Corrected).ShouldBe((2, 1, 0));
        desk.Clock.Set("2026-08-15 12:00");
        await desk.Post();
        (await desk.Points(aoi)).ShouldBe(510);
        (await desk.Month(aoi, 202606)).Purchases.Count.ShouldBe(1);
        (await desk.Month(aoi, 202607)).Purchases.Count.ShouldBe(1);
        (await PurchaseCheck.Broken(await desk.Db.Connect(Ct))).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task The_next_months_file_corrects_its_amount_in_its_own_month(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, _, card) = await desk.Holder();
        await desk.Take(card, "2026-06", 7, "A-1 2026-06-30 100000");
        desk.Clock.Set("2026-07-15 12:00");
        await desk.Post();
        (await desk.Take(card, "2026-07", 1, "A-1 2026-06-30 60000")).Corrected.ShouldBe(1);
        (await desk.Post()).Points.Value.ShouldBe(-200, "June is looked at again");
        (await desk.Take(card, "2026-06", 8, "A-1 2026-06-30 90000")).Corrected.ShouldBe(0, "the later month's file is right");
        (await desk.Post()).Cards.ShouldBe(0);
        desk.Clock.Set("2026-08-15 12:00");
        await desk.Post();
        (await desk.Points(aoi)).ShouldBe(300);
        (await desk.Month(aoi, 202607)).Purchases.ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task The_months_may_come_the_other_way_round(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, _, card) = await desk.Holder();
        desk.Clock.Set("2026-07-15 12:00");
        await desk.Take(card, "2026-07", 1, "A-1 2026-06-30 100000");
        (await desk.Take(card, "2026-06", 1, "A-1 2026-06-30 100000", "A-0 2026-06-01 2000")).Fresh.ShouldBe(1);
        desk.Clock.Set("2026-08-15 12:00");
        await desk.Post();
        (await desk.Points(aoi)).ShouldBe(510);
    }

    [Theory, BothEngines]
    public async Task A_number_that_another_purchase_has_refuses_the_file(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, _, card) = await desk.Holder();
        await desk.Take(card, "2026-06", 1, "1 2026-06-03 20000");
        desk.Clock.Set("2026-07-15 12:00");
        var july = await desk.Take(card, "2026-07", 1, "1 2026-07-03 5000", "2 2026-07-03 5000");
        july.Refused.ShouldBe([new PurchaseRefusal(2, PurchaseFault.OtherItem)]);
        (await desk.Take(card, "2026-07", 1, "1 2026-06-03 -20000")).Refused.Count.ShouldBe(1, "what is given back has a number of its own");
        await desk.Get<TakePurchaseFile>().Clear(Ct);
        (await desk.Count("select count(*) from card_purchase")).ShouldBe(1);
        (await desk.Month(aoi, 202606)).Points.Value.ShouldBe(100);
    }

    [Theory, BothEngines]
    public async Task Files_of_two_months_at_once_count_it_once(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, _, card) = await desk.Holder();
        desk.Clock.Set("2026-07-15 12:00");
        var items = Enumerable.Range(0, 20).Select(i => $"A-{i} 2026-06-30 10000").ToArray();
        var taken = await Task.WhenAll(Enumerable.Range(0, 30).Select(n => Task.Run(() =>
            desk.Take(card, n % 2 == 0 ? "2026-06" : "2026-07", 1, [.. items.Skip(n % 15), $"B-{n} 2026-06-29 10000"]), Ct)));
        taken.ShouldAllBe(t => t.Refused.Count == 0);
        taken.Sum(t => t.Fresh).ShouldBe(50);
        desk.Clock.Set("2026-08-15 12:00");
        await desk.Post();
        (await desk.Points(aoi)).ShouldBe(50 * 50);
        await desk.Get<TakePurchaseFile>().Clear(Ct);
        (await desk.Month(aoi, 202606)).Purchases.Count.ShouldBe(50 - (await desk.Month(aoi, 202607)).Purchases.Count);
    }
}
