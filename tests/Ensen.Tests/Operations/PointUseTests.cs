using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Settlement;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Campaigns;
using Ensen.Tests.Support;

namespace Ensen.Tests.Operations;

/// <summary>What points of campaigns are for: an operator says it once, a campaign names it, and its points are spent on nothing else.</summary>
public class PointUseTests
{
    [Theory, BothEngines]
    public async Task Points_of_a_campaign_that_names_it_are_spent_there_and_nowhere_else(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(10_000.Yen());
        var (bakery, inn) = (await town.Store("Bakery"), await town.Store("Inn"));
        var use = (await Make(town, Asked([bakery.Id], await town.Operator("Suzuki")))).Value!;
        use.Number.ShouldBe(1);
        await town.Running(t => t with { Gift = new GiftRule(GiftKind.Fixed, 100), Uses = use.Number });

        await town.Pay(aoi, inn, 1_000.Yen());

        var held = await town.Get<PointsHeld>().Of(aoi.Id, Ct);
        held.Lots.ShouldContain(l => l.Lot.Uses == use.Number && l.Points == 100.Points());
        held.Uses.Find(use.Number)!.EnglishName.ShouldBe("Only at the bakery");
        held.Uses.Allows(held.Lots.Single(l => l.Lot.Uses > 0).Lot, SpendingPlace.Store(bakery.Id)).ShouldBeTrue();
        held.Uses.Allows(held.Lots.Single(l => l.Lot.Uses > 0).Lot, SpendingPlace.Store(inn.Id)).ShouldBeFalse();
        (await town.Count("select count(*) from operator_log where act = 63")).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task Made_by_thirty_at_once_each_has_a_number_of_its_own(Engine engine)
    {
        await using var town = await Town.On(engine);
        var who = await town.Operator("Suzuki");

        var made = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() =>
            Make(town, Asked([], who, whole: [SpendingKind.Reward]) with { Name = $"使いみち {i}", EnglishName = $"Use {i}" }))));

        made.ShouldAllBe(m => m.Accepted);
        made.Select(m => m.Value!.Number).Order().ShouldBe(Enumerable.Range(1, 30));
    }

    // Two of one name stood in the list of a campaign, and nobody could tell which was which.
    [Theory, BothEngines]
    public async Task Of_one_name_there_is_one_also_when_thirty_make_it_at_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var who = await town.Operator("Suzuki");
        var asked = Asked([], who, whole: [SpendingKind.Reward]) with { Name = "特典 A", EnglishName = "Rewards A" };

        var made = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() =>
            Make(town, i % 2 == 0 ? asked with { EnglishName = $"Use {i}" } : asked with { Name = "特典 Ａ" }))));

        made.Count(m => m.Accepted).ShouldBe(1);
        made.Where(m => !m.Accepted).ShouldAllBe(m => m.Refusal == MakePointUseRefusal.AlreadyRegistered);
        (await Make(town, asked with { Name = "別の名前", EnglishName = "rewards a" })).Accepted.ShouldBe(
            made.Single(m => m.Accepted).Value!.EnglishName != "Rewards A");
        (await town.Count("select count(*) from operator_log where act = 63")).ShouldBe(await town.Count("select count(*) from point_use"));
    }

    [Theory, BothEngines]
    public async Task Under_one_key_it_is_made_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var who = await town.Operator("Suzuki");
        var asked = Asked([(await town.Store("Bakery")).Id], who) with { Key = "k" };

        var made = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Make(town, asked))));

        made.ShouldAllBe(m => m.Accepted && m.Value!.Number == 1);
        made.Count(m => !m.Replayed).ShouldBe(1);
        (await Make(town, asked with { EnglishName = "Elsewhere" })).Refusal.ShouldBe(MakePointUseRefusal.KeyReused);
        (await town.Count("select count(*) from point_use")).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_use_of_a_store_that_there_is_not_is_none(Engine engine)
    {
        await using var town = await Town.On(engine);
        var who = await town.Operator("Suzuki");
        (await Make(town, Asked([new StoreId(Guid.NewGuid())], who))).Refusal.ShouldBe(MakePointUseRefusal.NotFound);
        (await town.Count("select count(*) from point_use")).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task Whoever_may_not_makes_none(Engine engine)
    {
        await using var town = await Town.On(engine);
        var who = await town.Operator("Suzuki", roles: OperatorRoles.Corrections);
        (await Make(town, Asked([], who, whole: [SpendingKind.Reward]))).Refusal.ShouldBe(MakePointUseRefusal.Forbidden);
    }

    [Theory, BothEngines]
    public async Task When_all_numbers_are_taken_none_is_made(Engine engine)
    {
        await using var town = await Town.On(engine);
        await town.Count("insert into point_use (number, name, english_name, made_ms) values (999, 'x', 'x', 0) returning number");
        var answer = await Make(town, Asked([], await town.Operator("Suzuki"), whole: [SpendingKind.Reward]));
        answer.Refusal.ShouldBe(MakePointUseRefusal.NotAvailable);
    }

    [Theory, BothEngines]
    public async Task A_campaign_names_only_stores_areas_and_uses_that_there_are(Engine engine)
    {
        await using var town = await Town.On(engine);
        var bakery = await town.Store("Bakery");
        var area = (await town.Get<Stores>().Find(bakery.Id, Ct))!.Area;
        (await Faults(t => t with { Stores = [bakery.Id], Areas = area == "" ? [] : [area] })).ShouldBeEmpty();
        (await Faults(t => t with { Stores = [new StoreId(Guid.NewGuid())] })).ShouldBe([CampaignField.Stores]);
        (await Faults(t => t with { Areas = ["Atlantis"] })).ShouldBe([CampaignField.Areas]);
        (await Faults(t => t with { Uses = 7 })).ShouldBe([CampaignField.Uses]);
        (await town.Get<ProposeCampaign>().Run(new ProposeCampaignRequest(
            town.Terms(t => t with { Areas = ["Atlantis"] }), await town.Operator("Suzuki")), Ct)).Refusal
            .ShouldBe(ProposeCampaignRefusal.InvalidRequest);

        Task<IReadOnlyList<CampaignField>> Faults(Func<CampaignTerms, CampaignTerms> with) =>
            town.Get<ProposeCampaign>().Faults(town.Terms(with), Ct);
    }

    [Theory, BothEngines]
    public async Task A_store_is_found_by_letters_of_its_name_and_by_its_number(Engine engine)
    {
        await using var town = await Town.On(engine);
        var bakery = await town.Store("Bakery 50%_off");
        await town.Store("Inn");
        var number = (await town.Get<Stores>().Find(bakery.Id, Ct))!.Number;
        foreach (var letters in new[] { "bakery", " 50%_", number, number[2..] })
            (await town.Get<Stores>().Search(letters, 10, Ct)).Select(s => s.Id).ShouldContain(bakery.Id, letters);
        (await town.Get<Stores>().Search("50%off", 10, Ct)).ShouldBeEmpty();
        var cafe = await town.Store("ＣＡＦÉ鶴橋");
        foreach (var letters in new[] { "ＣＡＦ", "É鶴" })
        {
            (await town.Get<Stores>().Search(letters, 10, Ct)).Select(s => s.Id).ShouldBe([cafe.Id], letters);
            (await town.Get<PayOutAccounts>().Search(letters, 10, Ct)).ShouldHaveSingleItem().Store.ShouldContain("ＣＡＦÉ鶴橋");
        }
        (await town.Get<Stores>().Search("", 1, Ct)).Count.ShouldBe(1);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static Task<Answer<PointUse, MakePointUseRefusal>> Make(Town town, MakePointUseRequest request) =>
        town.Get<MakePointUse>().Run(request, Ct);

    static MakePointUseRequest Asked(IReadOnlyList<StoreId> stores, OperatorId by, IReadOnlyList<SpendingKind>? whole = null) =>
        new("パン屋だけ", "Only at the bakery", stores, [], whole ?? [], by);
}
