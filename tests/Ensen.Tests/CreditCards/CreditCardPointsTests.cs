using Dapper;
using Ensen.Basics;
using Ensen.Cards;
using Ensen.CreditCards;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Tests.CreditCards;

/// <summary>What a month's purchases bring is posted once in the next one, and corrected when they are.</summary>
public class CreditCardPointsTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_months_points_are_posted_once_in_the_first_days_of_the_next(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, _, card) = await desk.Holder();
        await desk.Take(card, "2026-06", 1, "A-1 2026-06-03 12999", "A-2 2026-06-04 3000 transit", "A-3 2026-06-30 150");
        desk.Clock.Set("2026-07-01 23:59");
        (await desk.Post()).Cards.ShouldBe(0);

        desk.Clock.Set("2026-07-02 00:00");
        (await desk.Post()).ShouldBe(new CreditCardPointsPosted(1, new PointAmount(65 + 45)), "13,149 at 0.5 %, 3,000 at 1.5 %, each rounded down once");
        (await desk.Post()).Cards.ShouldBe(0);
        (await desk.Points(aoi)).ShouldBe(110);
        var month = await desk.Month(aoi, 202606);
        (month.Points.Value, month.Posted.Value, month.Owed.Value).ShouldBe((110, 110, 0));
        month.Purchases.Select(p => p.Judged.Points.Value).ShouldBe([1, 45, 64]);
        (await desk.Count("select max(term) from account where account_type = 1 or owner = @aoi", new { aoi })).ShouldBe(20280331, "basic points");
    }

    [Theory, BothEngines]
    public async Task A_corrected_file_posts_the_difference(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, _, card) = await desk.Holder();
        await desk.Take(card, "2026-06", 1, "A-1 2026-06-03 20000", "A-2 2026-06-04 10000");
        desk.Clock.Set("2026-07-02 12:00");
        await desk.Post();
        (await desk.Points(aoi)).ShouldBe(150);
        // One is withdrawn, one is another sum, one was forgotten, one given back.
        await desk.Take(card, "2026-06", 2, "A-1 2026-06-03 0", "A-2 2026-06-04 12000", "A-3 2026-06-05 2000", "A-4 2026-06-06 -1000");
        (await desk.Post()).Points.Value.ShouldBe(65 - 150);
        (await desk.Points(aoi)).ShouldBe(65);
        var month = await desk.Month(aoi, 202606);
        (month.Points.Value, month.Posted.Value, month.Owed.Value).ShouldBe((65, 65, 0));
    }

    [Theory, BothEngines]
    public async Task What_was_spent_is_made_up_for_by_the_next_purchases_and_by_nothing_else(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, _, card) = await desk.Holder();
        await desk.Take(card, "2026-06", 1, "A-1 2026-06-03 20000");
        desk.Clock.Set("2026-07-02 12:00");
        await desk.Post();
        await desk.Move(aoi, Lot.Basic(JapanDay.Parse("2028-03-31")), -70);
        await desk.Move(aoi, Lot.ChargeOnly, 500);
        await desk.Take(card, "2026-06", 2, "A-1 2026-06-03 0");
        (await desk.Post()).Points.Value.ShouldBe(-30);
        (await desk.Points(aoi)).ShouldBe(0);
        (await desk.Month(aoi, 202606)).Owed.Value.ShouldBe(70);
        await desk.Move(aoi, Lot.Basic(JapanDay.Parse("2028-03-31")), 40);
        (await desk.Post()).Cards.ShouldBe(0);
        (await desk.Points(aoi)).ShouldBe(40, "points from elsewhere are left alone");

        await desk.Take(card, "2026-07", 1, "B-1 2026-07-03 10000");
        desk.Clock.Set("2026-08-02 12:00");
        (await desk.Post()).ShouldBe(new CreditCardPointsPosted(1, PointAmount.Zero));
        (await desk.Month(aoi, 202607)).ShouldSatisfyAllConditions(m => m.Points.Value.ShouldBe(50), m => m.Posted.Value.ShouldBe(0), m => m.Owed.Value.ShouldBe(20));
        await desk.Take(card, "2026-07", 2, "B-2 2026-07-04 10000");
        (await desk.Post()).Points.Value.ShouldBe(30);
        (await desk.Points(aoi)).ShouldBe(70);
    }

    [Theory, BothEngines]
    public async Task Unlinking_between_a_purchase_and_its_return_keeps_no_points(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, link, card) = await desk.Holder();
        await desk.Take(card, "2026-06", 1, "A-1 2026-06-03 20000");
        desk.Clock.Set("2026-07-02 12:00");
        await desk.Post();
        await desk.Get<UnlinkCard<CreditCard, CreditCardId>>().Run(aoi, link.Id, Ct);
        await desk.Take(card, "2026-07", 1, "A-2 2026-07-10 -20000", "A-3 2026-07-11 50000");
        desk.Clock.Set("2026-08-02 12:00");
        (await desk.Post()).Points.Value.ShouldBe(-100, "what was bought afterwards brings nothing");
        (await desk.Points(aoi)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task Two_holders_of_a_card_in_one_month_get_each_their_own(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, link, card) = await desk.Holder();
        var ren = await desk.Member("ren");
        desk.Clock.Set("2026-06-10 00:00");
        await desk.Get<UnlinkCard<CreditCard, CreditCardId>>().Run(aoi, link.Id, Ct);
        desk.Clock.Set("2026-06-20 00:00");
        await desk.Link(ren, (await desk.World.CreditCards.Issue(card, Ct)).LinkToken);
        await desk.Take(card, "2026-06", 1, "A-0 2026-05-31 9000", "A-1 2026-06-03 20000", "A-2 2026-06-15 30000", "A-3 2026-06-20 40000");
        desk.Clock.Set("2026-07-02 12:00");
        (await desk.Post()).Cards.ShouldBe(2);
        (await desk.Points(aoi)).ShouldBe(100, "what was bought before the month in which she linked it is not hers");
        (await desk.Points(ren)).ShouldBe(350, "his are those since she let go of it");
        (await desk.Month(ren, 202606)).Purchases.Count.ShouldBe(2);
    }

    [Theory, BothEngines]
    public async Task Thirty_runs_at_once_post_once_also_for_a_member_with_several_cards(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var members = new List<MemberId>();
        var lines = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            members.Add(await desk.Member($"m{i}"));
            for (var n = 0; n < 3; n++)
            {
                var card = await desk.Card();
                await desk.Link(members[i], card.LinkToken);
                lines.Add(CardDesk.Line(card.Reference, "A-1 2026-06-03 10000"));
            }
        }
        await desk.Take(CardDesk.Text("2026-06", 1, lines));
        desk.Clock.Set("2026-07-02 12:00");
        var runs = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(desk.Post, Ct)));
        runs.Sum(r => r.Points.Value).ShouldBe(6 * 3 * 50);
        foreach (var member in members)
            (await desk.Points(member)).ShouldBe(150);
        (await desk.Post()).Cards.ShouldBe(0);
        (await desk.Count("select count(*) from purchase_month where posted_version <> read_version")).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task Corrections_beside_runs_and_spending_come_out_right(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, _, card) = await desk.Holder();
        await desk.Take(card, "2026-06", 1, [.. Enumerable.Range(0, 20).Select(i => $"A-{i} 2026-06-03 10000")]);
        desk.Clock.Set("2026-07-02 12:00");
        await desk.Post();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(n => Task.Run(async () =>
        {
            if (n % 2 == 0)
                await desk.Take(card, "2026-06", 2, $"A-{n / 2} 2026-06-03 0");
            else
                await desk.Post();
        }, Ct)));
        await desk.Post();
        (await desk.Points(aoi)).ShouldBe(0);
        (await desk.Month(aoi, 202606)).ShouldSatisfyAllConditions(m => m.Posted.Value.ShouldBe(0), m => m.Owed.Value.ShouldBe(0));
    }

    [Theory, BothEngines]
    public async Task A_run_that_died_half_way_is_finished_by_the_next_page_by_page(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var lines = new List<string>();
        for (var i = 0; i < 9; i++)
        {
            var (_, _, card) = await desk.Holder($"m{i}");
            lines.AddRange(Enumerable.Range(0, 3 + i).Select(n => CardDesk.Line(card, $"A-{n} 2026-06-03 2000")));
        }
        await desk.Take(CardDesk.Text("2026-06", 1, lines));
        desk.Clock.Set("2026-07-02 12:00");
        var small = new PostCreditCardPoints(desk.Db, desk.Get<GeneralLedger>(), new Programme(), desk.Clock,
            NullLogger<PostCreditCardPoints>.Instance)
        { Page = 2 };
        (await small.Run(Ct)).ShouldBe(new CreditCardPointsPosted(9, new PointAmount(10 * Enumerable.Range(0, 9).Sum(i => 3 + i))));
        await desk.Db.Transact(tx => tx.Connection!.ExecuteAsync("update purchase_month set posted_version = 0", transaction: tx), Ct);
        (await desk.Post()).Cards.ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task A_correction_is_judged_by_the_rules_of_its_month(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, _, card) = await desk.Holder();
        await desk.Take(card, "2026-06", 1, "A-1 2026-06-03 20000");
        desk.Clock.Set("2026-07-02 12:00");
        await desk.Post();
        await desk.Take(card, "2026-06", 2, "A-1 2026-06-03 30000");
        var dearer = new PostCreditCardPoints(desk.Db, desk.Get<GeneralLedger>(),
            new Programme { CreditCards = new CreditCardRules { BasePermille = 100 } }, desk.Clock, NullLogger<PostCreditCardPoints>.Instance);
        (await dearer.Run(Ct)).Points.Value.ShouldBe(50);
        (await desk.Month(aoi, 202606)).Points.Value.ShouldBe(150);
    }

    /// <summary>Three hundred months at random: what is shown item by item is the month, and a purchase with its return is nothing.</summary>
    [Fact]
    public void Item_by_item_it_adds_up_to_the_month()
    {
        var random = new Random(7);
        var rules = new PurchaseRules(5, 15);
        for (var round = 0; round < 300; round++)
        {
            var items = Enumerable.Range(0, random.Next(1, 30)).Select(i => new Purchase(202606, Guid.Empty, Guid.NewGuid(),
                random.Next(3) == 0 ? PurchaseClass.TransitCharge : PurchaseClass.Purchase, random.Next(1_000), random.Next(-3_000, 9_000))).ToList();
            rules.Judge(items).Sum(j => j.Points.Value).ShouldBe(rules.Total(items).Value);
            rules.Total([.. items, .. items.Select(i => i with { Amount = -i.Amount })]).Value.ShouldBe(0);
            foreach (var item in items)
                (rules.Total([item]) + rules.Total([item with { Amount = -item.Amount }])).Value.ShouldBe(0);
        }
    }
}
