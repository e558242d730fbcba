using System.Diagnostics;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Cards;
using Ensen.Members;
using Ensen.Sandbox;
using Ensen.Sandbox.Gateways;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Centres;
using Ensen.Tests.Support;

namespace Ensen.Tests.Cards;

/// <summary>Numbers of cards that leaked are taken out of use by two people, and who has such a card is told, once.</summary>
public class CardRevocationTests
{
    const string Reason = "Found for sale";

    [Theory, BothEngines]
    public async Task Two_people_take_a_card_out_of_use_and_its_member_is_told(Engine engine)
    {
        await using var town = await Mailing(engine);
        var (aoi, ren, counter) = (await Member(town, "aoi"), await Member(town, "ren"), await Counter.In(town));
        var (leaked, kept, nobodys) = (await Card(town, 120), await Card(town), await Card(town));
        var id = (await Register(town, aoi, leaked)).Value!.Id;
        (await Register(town, ren, kept)).Accepted.ShouldBeTrue();
        (await town.Get<MigratePointCard>().Run(aoi, id)).Value!.Points.ShouldBe(120.Points());
        var (suzuki, home, ito) = (await town.Operator("Suzuki"), await town.Operator("Suzuki at home", await town.Operator("Suzuki")),
            await town.Operator("Ito"));

        var proposed = (await Propose(town, $"number,found\r\n{Spaced(leaked.Number)},web\r\n\"{leaked.Number}\"\r\n\r\n{nobodys.Number}\r\nx",
            suzuki)).Value.ShouldNotBeNull();
        (proposed.Numbers, proposed.Unread, proposed.Cards).ShouldBe((2, 2, 1));
        foreach (var first in new[] { suzuki, home })
            (await Decide(town, proposed.Id, first)).Refusal.ShouldBe(DecideCardRevocationRefusal.SamePerson);
        (await counter.Award(leaked.Number, 1_100, "r1")).Accepted.ShouldBeTrue("nothing comes of it before");
        var approved = (await Decide(town, proposed.Id, ito)).Value.ShouldNotBeNull();

        (approved.State, approved.Cards, approved.Told).ShouldBe((CardRevocationState.Approved, 1, 1));
        (await counter.Award(leaked.Number, 1_100, "r2")).Refusal.ShouldBe(Ensen.Centres.AwardRefusal.InvalidCode);
        (await counter.Award(kept.Number, 1_100, "r3")).Accepted.ShouldBeTrue();
        (await town.Get<OwnPointCards>().Reload(aoi)).ShouldBeEmpty();
        (await town.Get<OwnPointCards>().Find(aoi, id)).ShouldBeNull();
        foreach (var (who, card) in new[] { (aoi, leaked), (ren, leaked), (ren, nobodys) })
            (await Register(town, who, card)).Refusal.ShouldBe(RegisterPointCardRefusal.CardRefused);
        await town.Get<RevokedCards>().CarryOn();
        (await Told(town, "CardRevoked")).ShouldBe(1);
        (await town.Get<OperatorLog>().List(10)).Select(row => (row.Act, row.Subject, row.Reason)).Take(2).ShouldBe([
            (OperatorAct.ApprovedCardRevocation, proposed.Id.ToString(), Reason),
            (OperatorAct.ProposedCardRevocation, proposed.Id.ToString(), Reason)]);
    }

    [Theory, BothEngines]
    public async Task Who_may_not_and_what_was_withdrawn_takes_nothing_out_of_use(Engine engine)
    {
        await using var town = await Mailing(engine);
        var (aoi, card) = (await Member(town, "aoi"), await Card(town));
        (await Register(town, aoi, card)).Accepted.ShouldBeTrue();
        var support = await town.Operator("Support", roles: OperatorRoles.Support);
        var (suzuki, ito) = (await town.Operator("Suzuki"), await town.Operator("Ito"));

        (await Propose(town, card.Number, support)).Refusal.ShouldBe(ProposeCardRevocationRefusal.Forbidden);
        (await Propose(town, "x", suzuki)).Refusal.ShouldBe(ProposeCardRevocationRefusal.InvalidCode);
        var proposed = (await Propose(town, card.Number, suzuki)).Value!;
        (await Decide(town, proposed.Id, support)).Refusal.ShouldBe(DecideCardRevocationRefusal.Forbidden);
        (await Decide(town, new CardRevocationId(Guid.CreateVersion7()), ito)).Refusal.ShouldBe(DecideCardRevocationRefusal.NotFound);
        (await Decide(town, proposed.Id, suzuki, approve: false)).Value!.State.ShouldBe(CardRevocationState.Withdrawn);
        (await Decide(town, proposed.Id, ito)).Refusal.ShouldBe(DecideCardRevocationRefusal.AlreadyDecided);

        (await town.Get<OwnPointCards>().Known(aoi)).ShouldHaveSingleItem();
        (await Told(town, "CardRevoked")).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task Cards_that_are_registered_in_the_same_moment_are_out_of_use_too_and_each_member_is_told_once(Engine engine)
    {
        await using var town = await Mailing(engine);
        var (suzuki, ito) = (await town.Operator("Suzuki"), await town.Operator("Ito"));
        var cards = new List<(MemberId Who, SandboxPointCard Card)>();
        for (var i = 0; i < 20; i++)
            cards.Add((await Member(town, $"m{i}"), await Card(town)));
        var proposed = (await Propose(town, string.Join('\n', cards.Select(c => c.Card.Number)), suzuki)).Value!;

        var registering = cards.Select(c => Task.Run(() => Register(town, c.Who, c.Card))).ToList();
        var deciding = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Decide(town, proposed.Id, ito))));
        await Task.WhenAll(registering);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => town.Get<RevokedCards>().CarryOn())));

        deciding.Count(a => a.Accepted).ShouldBe(1);
        deciding.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == DecideCardRevocationRefusal.AlreadyDecided);
        (await town.Count("select count(*) from point_card where number_hash is not null")).ShouldBe(0);
        (await Told(town, "CardRevoked")).ShouldBe((int)await town.Count("select count(*) from point_card"));
    }

    [Theory, BothEngines]
    public async Task Points_that_are_on_their_way_from_a_revoked_card_arrive(Engine engine)
    {
        await using var town = await Mailing(engine);
        var (aoi, card) = (await Member(town, "aoi"), await Card(town, 120));
        var id = (await Register(town, aoi, card)).Value!.Id;
        await town.Get<SandboxPointCards>().Event(card.Number, "silent");
        (await town.Get<MigratePointCard>().Run(aoi, id)).Value!.Points.ShouldBeNull();
        var proposed = (await Propose(town, card.Number, await town.Operator("Suzuki"))).Value!;
        (await Decide(town, proposed.Id, await town.Operator("Ito"))).Accepted.ShouldBeTrue();

        await town.Get<MigratePointCard>().CarryOn();

        (await town.Count("select coalesce(sum(points), 0) from card_migration where member_id = @aoi", new { aoi })).ShouldBe(120);
        (await town.Count("select state from point_card where id = @id", new { id })).ShouldBe((int)PointCardState.Revoked);
        (await town.Get<OwnPointCards>().Known(aoi)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task Ten_thousand_cards_are_out_of_use_and_their_members_told_within_a_minute(Engine engine)
    {
        const int cards = 10_000;
        await using var town = await Mailing(engine);
        var (aoi, ren) = (await Member(town, "aoi"), await Member(town, "ren"));
        var numbers = Enumerable.Range(0, cards).Select(i => FormattableString.Invariant($"63{i:0000000}")).ToList();
        var hashes = town.Get<CardNumbers>();
        await town.Db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            insert into point_card (id, member_id, issuer, number_hash, number_secret, last_four, state, registered_ms, changed_ms)
            values (@id, @who, 'namba', @hash, @secret, '0000', 1, 0, 0)
            """, numbers.Select((n, i) => new
            { id = Guid.CreateVersion7(), who = i % 2 == 0 ? aoi : ren, hash = hashes.Hash("namba", n), secret = new byte[] { 1 } }), tx));
        var (suzuki, ito) = (await town.Operator("Suzuki"), await town.Operator("Ito"));

        var clock = Stopwatch.StartNew();
        var proposed = (await Propose(town, string.Join("\r\n", numbers), suzuki)).Value!;
        var approved = (await Decide(town, proposed.Id, ito)).Value!;
        clock.Stop();

        (approved.Numbers, approved.Cards, approved.Told).ShouldBe((cards, cards, cards));
        (await Told(town, "CardRevoked")).ShouldBe(cards);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    [Theory, BothEngines]
    public async Task The_owner_is_told_once_a_day_that_somebody_else_tried_and_a_guesser_causes_nothing(Engine engine)
    {
        await using var town = await Mailing(engine);
        var (aoi, ren, card) = (await Member(town, "aoi"), await Member(town, "ren"), await Card(town));
        (await Register(town, aoi, card)).Accepted.ShouldBeTrue();

        (await Register(town, ren, card with { Pin = card.Pin == "0000" ? "1111" : "0000" })).Refusal.ShouldBe(
            RegisterPointCardRefusal.CardRefused);
        (await Register(town, aoi, card)).Refusal.ShouldBe(RegisterPointCardRefusal.AlreadyRegistered);
        (await Told(town, "CardTried")).ShouldBe(0);
        for (var i = 0; i < 3; i++)
            (await Register(town, ren, card)).Refusal.ShouldBe(RegisterPointCardRefusal.AlreadyLinked);
        (await town.Count("select count(*) from notice where what = 'CardTried' and member = @aoi", new { aoi })).ShouldBe(1);
        (await Told(town, "CardTried")).ShouldBe(1);
        town.Clock.Move(TimeSpan.FromDays(1));
        (await Register(town, ren, card)).Refusal.ShouldBe(RegisterPointCardRefusal.AlreadyLinked);
        (await Told(town, "CardTried")).ShouldBe(2);
    }

    [Theory, BothEngines]
    public async Task Under_one_key_it_is_proposed_once(Engine engine)
    {
        await using var town = await Mailing(engine);
        var (suzuki, card, other) = (await town.Operator("Suzuki"), await Card(town), await Card(town));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Under("k", card.Number))));

        answers.ShouldAllBe(a => a.Accepted);
        answers.Select(a => a.Value!.Id).Distinct().Count().ShouldBe(1);
        answers.Count(a => !a.Replayed).ShouldBe(1);
        (await Under("k", other.Number)).Refusal.ShouldBe(ProposeCardRevocationRefusal.KeyReused);
        (await town.Count("select count(*) from card_revocation")).ShouldBe(1);

        Task<Answer<CardRevocation, ProposeCardRevocationRefusal>> Under(string key, string number) =>
            town.Get<ProposeCardRevocation>().Run(new ProposeCardRevocationRequest(
                number, Reason, suzuki, IdempotencyKey.Of(suzuki, key, "card revocation", number)));
    }

    static async Task<Town> Mailing(Engine engine)
    {
        var town = await Town.On(engine);
        town.Get<Outbox>().On(Notice.Kind, (_, _) => Task.FromResult(OutboxResult.Done));
        return town;
    }

    static async Task<MemberId> Member(Town town, string name) =>
        (await town.Get<CreateVerifiedMember>().Run(new CreateVerifiedMemberRequest(name, true, $"{name}@example.com"))).Value!.Id;

    static async Task<SandboxPointCard> Card(Town town, long points = 0) =>
        (await town.Get<SandboxPointCards>().Make("umeda", null, null, points, "existing"))!;

    static Task<Answer<PointCard, RegisterPointCardRefusal>> Register(Town town, MemberId who, SandboxPointCard card) =>
        town.Get<RegisterPointCard>().Run(new RegisterPointCardRequest(who, "umeda", card.Number, card.Pin, RegisterPointCard.Existing,
            new SessionId(Guid.CreateVersion7()), Town.Key(who, null, "card", card.Number, card.Pin)));

    static Task<Answer<CardRevocation, ProposeCardRevocationRefusal>> Propose(Town town, string text, OperatorId by) =>
        town.Get<ProposeCardRevocation>().Run(new ProposeCardRevocationRequest(text, Reason, by));

    static Task<Answer<CardRevocation, DecideCardRevocationRefusal>> Decide(
        Town town, CardRevocationId id, OperatorId by, bool approve = true) => town.Get<DecideCardRevocation>().Run(id, approve, by);

    static async Task<int> Told(Town town, string what) =>
        (int)await town.Count("select count(*) from notice where what = @what", new { what });

    static string Spaced(string number) => $"{number[..4]} {number[4..]}";
}
