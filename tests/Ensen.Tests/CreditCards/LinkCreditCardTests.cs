using Ensen.Basics;
using Ensen.Cards;
using Ensen.CreditCards;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.CreditCards;

/// <summary>A credit card is linked by a token of its company, once and to one account, and its number is nowhere.</summary>
public class LinkCreditCardTests
{
    internal static RefusalTable<LinkCardRefusal> Table { get; } = new("""
        refusal            typed    company
        None               -        there
        InvalidRequest     nothing  away
        InvalidRequest     number   there
        NotAvailable       -        away
        TooManyRequests    before   LinkCreditCardTests.Guessing_comes_to_an_end
        CardRefused        before   LinkCreditCardTests.Whatever_the_company_says_no_to_links_nothing
        TryAgain           before   LinkCreditCardTests.Whatever_the_company_says_no_to_links_nothing
        AlreadyLinked      before   LinkCreditCardTests.Of_forty_members_with_one_token_one_gets_the_card
        OverLimit          before   LinkCreditCardTests.A_member_has_so_many_at_most
        KeyReused          before   LinkCreditCardTests.A_card_is_linked_once_for_its_key
        MemberLeft         before   LinkCreditCardTests.Whoever_has_left_links_nothing
        """);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row => LinkCreditCard.Decide(
        row.In("typed").Say("nothing") ? " " : row.In("typed").Say("number") ? "4111 1111-1111 1111" : " link_12 ",
        row.In("company").Say("there")));

    [Theory, BothEngines]
    public async Task A_card_is_linked_once_for_its_key(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, card) = (await desk.Member(), await desk.Card());

        var linked = (await desk.Link(aoi, card.LinkToken, key: "k")).Value!;

        linked.Masked.ShouldBe($"{card.Brand} ****{card.LastFour}");
        (await desk.Link(aoi, card.LinkToken, key: "k")).ShouldSatisfyAllConditions(
            a => a.Replayed.ShouldBeTrue(), a => a.Value!.Id.ShouldBe(linked.Id));
        (await desk.Link(aoi, (await desk.Card()).LinkToken, key: "k")).Refusal.ShouldBe(LinkCardRefusal.KeyReused);
        (await desk.Link(aoi, card.LinkToken)).Value!.Id.ShouldBe(linked.Id, "whoever lost the answer asks again");
        (await desk.Link(aoi, (await desk.World.CreditCards.Issue(card.Reference, Ct)).LinkToken)).Value!.Id.ShouldBe(linked.Id, "the same card");
        (await desk.Count("select count(*) from credit_card")).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task Whatever_the_company_says_no_to_links_nothing(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, card) = (await desk.Member(), await desk.Card());
        (await desk.Link(aoi, "link_nonsense")).Refusal.ShouldBe(LinkCardRefusal.CardRefused);
        await desk.World.Moods.Set(Gateway.CreditCard, FaultMode.Lost, 1, ct: Ct);
        (await desk.Link(aoi, card.LinkToken)).Refusal.ShouldBe(LinkCardRefusal.TryAgain);
        await desk.World.Moods.Set(Gateway.CreditCard, FaultMode.Refuse, 1, ct: Ct);
        (await desk.Link(aoi, card.LinkToken)).Refusal.ShouldBe(LinkCardRefusal.CardRefused);
        (await desk.Link(aoi, card.LinkToken)).Accepted.ShouldBeTrue();
    }

    /// <summary>The company must not tell a number, nor more than its last digits.</summary>
    [Theory]
    [InlineData("4111111111111111", "1111")]
    [InlineData("4111-1111-1111-1111", "1111")]
    [InlineData("card_1", "41111111")]
    public async Task A_number_is_not_heard_even_from_the_company(string reference, string lastFour)
    {
        await using var desk = await CardDesk.Open(Engine.Sqlite);
        var link = new LinkCreditCard(desk.Get<LinkCard<CreditCard, CreditCardId>>(),
            ExternalGateways.Nobody with { CreditCard = new Careless(reference, lastFour) }, new Programme(), desk.Clock);
        var aoi = await desk.Member();
        (await link.Run(new LinkCreditCardRequest(aoi, "t", Town.Key(aoi, null, "t")), Ct)).Refusal.ShouldBe(LinkCardRefusal.CardRefused);
        (await desk.Count("select count(*) from credit_card")).ShouldBe(0);
    }

    sealed class Careless(string reference, string lastFour) : ICreditCardCompany
    {
        public Task<CreditCardLinkReply> Link(CreditCardLinkOrder order, CancellationToken ct) =>
            Task.FromResult(new CreditCardLinkReply(Reply.Accepted, new NamedCreditCard(reference, "Card", lastFour)));
    }

    [Theory, BothEngines]
    public async Task Guessing_comes_to_an_end(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var aoi = await desk.Member();
        for (var i = 0; i < 20; i++)
            (await desk.Link(aoi, $"link_{i}")).Refusal.ShouldBe(LinkCardRefusal.CardRefused);
        (await desk.Link(aoi, (await desk.Card()).LinkToken)).Refusal.ShouldBe(LinkCardRefusal.TooManyRequests);
    }

    [Theory, BothEngines]
    public async Task Of_forty_members_with_one_token_one_gets_the_card(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var card = await desk.Card();
        var members = new List<MemberId>();
        for (var i = 0; i < 40; i++)
            members.Add(await desk.Member($"m{i}"));
        var answers = await Task.WhenAll(members.Select(m => Task.Run(() => desk.Link(m, card.LinkToken), Ct)));
        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == LinkCardRefusal.AlreadyLinked);
    }

    [Theory, BothEngines]
    public async Task Of_forty_tokens_for_one_card_one_links_it(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var card = await desk.Card();
        var tries = new List<(MemberId Member, string Token)>();
        for (var i = 0; i < 40; i++)
            tries.Add((await desk.Member($"m{i}"), (await desk.World.CreditCards.Issue(card.Reference, Ct)).LinkToken));
        var answers = await Task.WhenAll(tries.Select(t => Task.Run(() => desk.Link(t.Member, t.Token), Ct)));
        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == LinkCardRefusal.AlreadyLinked);
        (await desk.Count("select count(*) from credit_card_claim")).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_member_has_so_many_at_most(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine, new Programme { CreditCards = new CreditCardRules { MostCards = 2 } });
        var aoi = await desk.Member();
        var first = (await desk.Link(aoi, (await desk.Card()).LinkToken)).Value!;
        await desk.Link(aoi, (await desk.Card()).LinkToken);
        (await desk.Link(aoi, (await desk.Card()).LinkToken)).Refusal.ShouldBe(LinkCardRefusal.OverLimit);
        await desk.Get<UnlinkCard<CreditCard, CreditCardId>>().Run(aoi, first.Id, Ct);
        (await desk.Link(aoi, (await desk.Card()).LinkToken)).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Whoever_has_left_links_nothing(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        (await desk.Link(new MemberId(Guid.CreateVersion7()), (await desk.Card()).LinkToken)).Refusal.ShouldBe(LinkCardRefusal.MemberLeft);
    }

    [Theory, BothEngines]
    public async Task A_card_that_was_unlinked_goes_to_whoever_has_the_next_token(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, linked, reference) = await desk.Holder();
        var ren = await desk.Member("ren");
        (await desk.Get<UnlinkCard<CreditCard, CreditCardId>>().Run(ren, linked.Id, Ct)).Refusal.ShouldBe(UnlinkCardRefusal.NotFound);
        (await desk.Get<UnlinkCard<CreditCard, CreditCardId>>().Run(aoi, linked.Id, Ct)).Accepted.ShouldBeTrue();
        (await desk.Get<UnlinkCard<CreditCard, CreditCardId>>().Run(aoi, linked.Id, Ct)).Refusal.ShouldBe(UnlinkCardRefusal.NotFound);
        (await desk.Link(ren, (await desk.World.CreditCards.Issue(reference, Ct)).LinkToken)).Value!.CountsFromMs
            .ShouldBe(desk.Clock.GetUtcNow().ToUnixTimeMilliseconds(), "purchases before were hers");
    }
}
