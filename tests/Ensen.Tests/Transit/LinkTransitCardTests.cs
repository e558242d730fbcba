using Ensen.Basics;
using Ensen.Cards;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Transit;

namespace Ensen.Tests.Transit;

/// <summary>A transit card is linked by whoever can show that it is theirs, to one account.</summary>
public class LinkTransitCardTests
{
    internal static RefusalTable<LinkCardRefusal> Table { get; } = new("""
        refusal             typed   company
        None                -       there
        InvalidRequest      number  away
        InvalidRequest      proof   there
        NotAvailable        -       away
        TooManyRequests     before  LinkTransitCardTests.Guessing_at_a_card_comes_to_an_end
        CardRefused         before  LinkTransitCardTests.Whatever_the_company_refuses_is_told_the_same
        TryAgain            before  LinkTransitCardTests.Whatever_the_company_refuses_is_told_the_same
        AlreadyLinked       before  LinkTransitCardTests.Of_forty_members_one_gets_the_card
        OverLimit           before  LinkTransitCardTests.A_member_has_so_many_at_most
        KeyReused           before  LinkTransitCardTests.A_card_is_linked_once_for_its_key
        MemberLeft          before  LinkTransitCardTests.Whoever_has_left_links_nothing
        """);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row => LinkTransitCard.Decide(
        row.In("typed").Say("number") ? "1234" : "ＪＷ12 3456-7890", row.In("typed").Say("proof") ? " " : "1234", row.In("company").Say("there")));

    [Theory, BothEngines]
    public async Task A_card_is_linked_once_for_its_key(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, card) = (await station.Member(), await station.Card());

        var linked = (await station.Link(aoi, card, key: "k")).Value!;

        linked.LastFour.ShouldBe(card.Number[^4..]);
        (await station.Link(aoi, card, key: "k")).ShouldSatisfyAllConditions(
            a => a.Replayed.ShouldBeTrue(), a => a.Value!.Id.ShouldBe(linked.Id));
        (await station.Link(aoi, await station.Card(), key: "k")).Refusal.ShouldBe(LinkCardRefusal.KeyReused);
        (await station.Link(aoi, card)).Value!.Id.ShouldBe(linked.Id, "the same card is the same link");
        (await station.Count("select count(*) from transit_card")).ShouldBe(1);
        (await station.Count("select count(*) from transit_card where token like @number", new { number = $"%{card.Number}%" })).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task Whatever_the_company_refuses_is_told_the_same(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, card) = (await station.Member(), await station.Card());
        (await station.Link(aoi, card, proof: "000")).Refusal.ShouldBe(LinkCardRefusal.CardRefused);
        (await station.Link(aoi, card with { Number = "JW0000000000" })).Refusal.ShouldBe(LinkCardRefusal.CardRefused);
        await station.World.Moods.Set(Gateway.Transit, FaultMode.Refuse, 1, ct: Ct);
        (await station.Link(aoi, card)).Refusal.ShouldBe(LinkCardRefusal.CardRefused);
        await station.World.Moods.Set(Gateway.Transit, FaultMode.Lost, 1, ct: Ct);
        (await station.Link(aoi, card)).Refusal.ShouldBe(LinkCardRefusal.TryAgain);
        (await station.Link(aoi, card)).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Guessing_at_a_card_comes_to_an_end(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var card = await station.Card();
        for (var i = 0; i < 5; i++)
            (await station.Link(await station.Member($"m{i}"), card, proof: $"{i}")).Refusal.ShouldBe(LinkCardRefusal.CardRefused);
        (await station.Link(await station.Member(), card)).Refusal.ShouldBe(LinkCardRefusal.TooManyRequests);
        station.Clock.Move(TimeSpan.FromDays(1));
        (await station.Link(await station.Member("next"), card)).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Of_forty_members_one_gets_the_card(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var card = await station.Card();
        var members = new List<MemberId>();
        for (var i = 0; i < 40; i++)
            members.Add(await station.Member($"m{i}"));

        var answers = await Task.WhenAll(members.Select((member, i) => Task.Run(() => station.Link(member, card), Ct)));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a =>
            a.Refusal == LinkCardRefusal.AlreadyLinked || a.Refusal == LinkCardRefusal.TooManyRequests);
        (await station.Count("select count(*) from transit_card where removed_ms is null")).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_member_has_so_many_at_most(Engine engine)
    {
        await using var station = await Station.Open(engine, new Programme { Transit = new TransitRules { MostCards = 2 } });
        var aoi = await station.Member();
        (await station.Link(aoi, await station.Card())).Accepted.ShouldBeTrue();
        var second = (await station.Link(aoi, await station.Card())).Value!;
        var third = await station.Card();
        (await station.Link(aoi, third, key: "k")).Refusal.ShouldBe(LinkCardRefusal.OverLimit);
        (await station.Get<UnlinkCard<TransitCard, TransitCardId>>().Run(aoi, second.Id, Ct)).Accepted.ShouldBeTrue();
        (await station.Link(aoi, third, key: "k")).Accepted.ShouldBeTrue("a refusal is not kept");
    }

    [Theory, BothEngines]
    public async Task Whoever_has_left_links_nothing(Engine engine)
    {
        await using var station = await Station.Open(engine);
        (await station.Link(new MemberId(Guid.CreateVersion7()), await station.Card())).Refusal.ShouldBe(LinkCardRefusal.MemberLeft);
    }

    [Theory, BothEngines]
    public async Task A_card_that_was_unlinked_goes_to_whoever_shows_it_next(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, ren, card) = (await station.Member(), await station.Member("ren"), await station.Card());
        var linked = (await station.Link(aoi, card)).Value!;
        (await station.Get<UnlinkCard<TransitCard, TransitCardId>>().Run(ren, linked.Id, Ct)).Refusal.ShouldBe(UnlinkCardRefusal.NotFound);
        (await station.Get<UnlinkCard<TransitCard, TransitCardId>>().Run(aoi, linked.Id, Ct)).Accepted.ShouldBeTrue();
        (await station.Get<UnlinkCard<TransitCard, TransitCardId>>().Run(aoi, linked.Id, Ct)).Refusal.ShouldBe(UnlinkCardRefusal.NotFound);
        (await station.Link(ren, card)).Value!.CountsFromMs.ShouldBe(station.Clock.GetUtcNow().ToUnixTimeMilliseconds(), "rides before were hers");
    }

    [Theory, BothEngines]
    public async Task A_card_that_nobody_uses_lapses_after_25_months_and_its_points_do_not(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, card) = (await station.Member(), await station.Card());
        await station.Link(aoi, card);
        await station.Feed([.. Enumerable.Range(1, 5).Select(i => Station.Ride(card.Number, $"2026-06-0{i} 12:00"))]);
        station.Clock.Set("2028-07-01 12:00");
        await station.Post();
        (await station.Get<LapseTransitCards>().Run(Ct)).ShouldBe(0, "its last ride was in June 2026");
        station.Clock.Set("2028-07-04 12:00");
        (await station.Get<LapseTransitCards>().Run(Ct)).ShouldBe(0);
        station.Clock.Set("2028-07-05 13:00");
        (await station.Get<LapseTransitCards>().Run(Ct)).ShouldBe(1);
        (await station.Get<OwnTransitCards>().Of(aoi, Ct)).ShouldHaveSingleItem().Lapsed.ShouldBeTrue();
        (await station.Points(aoi)).ShouldBe(34);
        (await station.Link(aoi, card)).Accepted.ShouldBeTrue();
    }
}
