using Ensen.Access;
using Ensen.Basics;
using Ensen.Cards;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Centres;
using Ensen.Tests.Support;

namespace Ensen.Tests.Cards;

/// <summary>Point cards: registered once, never detached, migrated once (attacks 57 and 59).</summary>
public class PointCardTests
{
    [Theory, BothEngines]
    public async Task What_is_no_card_is_refused(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");
        var card = await Card(town, "umeda");

        (await Register(town, aoi, "nowhere", card)).Refusal.ShouldBe(RegisterPointCardRefusal.InvalidRequest);
        (await Register(town, aoi, "umeda", card, membership: "perhaps")).Refusal.ShouldBe(RegisterPointCardRefusal.InvalidRequest);
        (await Register(town, aoi, "umeda", card with { Pin = "12" })).Refusal.ShouldBe(RegisterPointCardRefusal.InvalidRequest);
        foreach (var number in (string[])["", "x", card.Number + "0", card.Number[..^1] + (char)('0' + (card.Number[^1] - '0' + 1) % 10)])
            (await Register(town, aoi, "umeda", card with { Number = number })).Refusal.ShouldBe(RegisterPointCardRefusal.InvalidCode);
        (await Register(town, aoi, "umeda", card, key: "k")).Accepted.ShouldBeTrue();
        (await Register(town, aoi, "umeda", card, key: "k")).Replayed.ShouldBeTrue();
        (await Register(town, aoi, "umeda", await Card(town, "umeda"), key: "k")).Refusal.ShouldBe(RegisterPointCardRefusal.KeyReused);
        (await town.Get<MigratePointCard>().Run(aoi.Id, new PointCardId(Guid.CreateVersion7()))).Refusal
            .ShouldBe(MigratePointCardRefusal.NotFound);
        (await town.Count("select count(*) from point_card where last_four = @last", new { last = card.Number[^4..] })).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task What_a_guesser_learns_is_always_the_same(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");
        var lapsed = await Card(town, "umeda", state: "lapsed");
        var fresh = await Card(town, "umeda", state: "new");
        var wrong = lapsed.Pin == "0000" ? "1111" : "0000";

        (await Register(town, aoi, "umeda", lapsed with { Pin = wrong })).Refusal.ShouldBe(RegisterPointCardRefusal.CardRefused);
        (await Register(town, aoi, "umeda", fresh with { Pin = fresh.Pin == "0000" ? "1111" : "0000" })).Refusal
            .ShouldBe(RegisterPointCardRefusal.CardRefused);
        (await Register(town, aoi, "umeda", lapsed)).Refusal.ShouldBe(RegisterPointCardRefusal.Lapsed);
        (await Register(town, aoi, "umeda", fresh)).Refusal.ShouldBe(RegisterPointCardRefusal.NotEligible);
        (await Register(town, aoi, "umeda", fresh, "new")).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task A_card_without_a_pin_is_known_by_its_owners_name(Engine engine)
    {
        await using var town = await Town.On(engine);
        var ren = await town.Member("Ren").Unverified();
        (await Register(town, ren, "tennoji", await Card(town, "tennoji"))).Refusal.ShouldBe(RegisterPointCardRefusal.NotVerified);
    }

    // Attack 57.
    [Theory, BothEngines]
    public async Task Five_wrong_tries_a_day_at_a_card_and_twenty_at_a_device_are_looked_at(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi"), await town.Member("Ren"));
        var card = await Card(town, "umeda");
        var wrong = card with { Pin = card.Pin == "0000" ? "1111" : "0000" };
        for (var guess = 0; guess < 5; guess++)
            (await Register(town, guess % 2 == 0 ? aoi : ren, "umeda", wrong)).Refusal.ShouldBe(RegisterPointCardRefusal.CardRefused);

        (await Register(town, aoi, "umeda", card)).Refusal.ShouldBe(RegisterPointCardRefusal.TooManyRequests, "over all members");
        town.Clock.Move(TimeSpan.FromDays(1));
        (await Register(town, aoi, "umeda", card)).Accepted.ShouldBeTrue();

        var device = new SessionId(Guid.CreateVersion7());
        for (var guess = 0; guess < 20; guess++)
        {
            var other = await Card(town, "umeda");
            (await Register(town, ren, "umeda", other with { Pin = other.Pin == "0000" ? "1111" : "0000" }, device: device)).Refusal
                .ShouldBe(RegisterPointCardRefusal.CardRefused);
        }
        (await Register(town, ren, "umeda", await Card(town, "umeda"), device: device)).Refusal
            .ShouldBe(RegisterPointCardRefusal.TooManyRequests, "of one device");
    }

    [Theory, BothEngines]
    public async Task One_card_is_one_account_also_when_forty_want_it_at_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var who = new List<Resident>();
        for (var i = 0; i < 5; i++)
            who.Add(await town.Member($"Member {i}"));
        var card = await Card(town, "umeda");

        // Four at once of each: five tries of one card are looked at, and right ones are taken back.
        var answers = new List<Answer<PointCard, RegisterPointCardRefusal>>();
        for (var round = 0; round < 10; round++)
            answers.AddRange(await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(
                () => Register(town, who[(round + i) % 5], "umeda", card)))));

        answers.Count.ShouldBe(40);
        answers.Count(a => a.Accepted).ShouldBe(1);
        var owner = answers.Single(a => a.Accepted).Value!.MemberId;
        answers.Where(a => !a.Accepted).ShouldAllBe(a =>
            a.Refusal == RegisterPointCardRefusal.AlreadyLinked || a.Refusal == RegisterPointCardRefusal.AlreadyRegistered);
        answers.ShouldContain(a => a.Refusal == RegisterPointCardRefusal.AlreadyRegistered);
        (await town.Count("select count(*) from point_card where member_id = @owner", new { owner })).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_reissued_number_shows_after_a_reload_and_a_lapsed_card_is_gone(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi"), await Counter.In(town));
        var (reissued, lapsed) = (await Card(town, "umeda"), await Card(town, "namba"));
        var id = (await Register(town, aoi, "umeda", reissued)).Value!.Id;
        (await Register(town, aoi, "namba", lapsed)).Accepted.ShouldBeTrue();
        (await Sandbox(town).Event(reissued.Number, "reissued")).ShouldBeTrue();
        (await Sandbox(town).Event(lapsed.Number, "lapsed")).ShouldBeTrue();

        var cards = await town.Get<OwnPointCards>().Reload(aoi.Id);

        cards.Select(c => c.Id).ShouldBe([id]);
        var number = town.Get<CardNumbers>().Read(cards[0])!;
        number.ShouldNotBe(reissued.Number);
        cards[0].Masked.ShouldBe("****" + number[^4..]);
        (await counter.Award(number, 1_100, "r1")).Value!.Balance.ShouldBeNull("a card's number tells nothing of its owner");
        (await counter.Award(reissued.Number, 1_100, "r2")).Refusal.ShouldBe(Ensen.Centres.AwardRefusal.InvalidCode);
        (await counter.Award(lapsed.Number, 1_100, "r3")).Refusal.ShouldBe(Ensen.Centres.AwardRefusal.InvalidCode);
        (await counter.Spend(number, 1, "r4")).Refusal.ShouldBe(Ensen.Centres.SpendRefusal.NotEligible);
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 10");
    }

    [Theory, BothEngines]
    public async Task A_reissued_card_that_was_registered_again_by_its_new_number_is_one_card(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");
        var card = await Card(town, "umeda");
        (await Register(town, aoi, "umeda", card)).Accepted.ShouldBeTrue();
        await Sandbox(town).Event(card.Number, "reissued");
        var reissued = (await Sandbox(town).Reload("umeda", card.Number, TestContext.Current.CancellationToken))!.ReissuedAs!;
        var again = (await Register(town, aoi, "umeda", card with { Number = reissued })).Value!.Id;

        (await town.Get<OwnPointCards>().Reload(aoi.Id)).Select(c => c.Id).ShouldBe([again]);
        (await town.Get<OwnPointCards>().Reload(aoi.Id)).Select(c => c.Id).ShouldBe([again]);
    }

    [Theory, BothEngines]
    public async Task An_issuer_that_is_silent_is_asked_again(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");
        var card = await Card(town, "umeda", points: 120);
        await Sandbox(town).Event(card.Number, "silent");
        (await Register(town, aoi, "umeda", card)).Refusal.ShouldBe(RegisterPointCardRefusal.TryAgain);
        var id = (await Register(town, aoi, "umeda", card)).Value!.Id;
        await Sandbox(town).Event(card.Number, "silent");
        await Sandbox(town).Event(card.Number, "silent");

        (await town.Get<MigratePointCard>().Run(aoi.Id, id)).Value!.Points.ShouldBeNull("the issuer did it, and nobody heard of it");
        (await town.Get<MigratePointCard>().Run(aoi.Id, id)).Value!.Points.ShouldBeNull();
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 0");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => town.Get<MigratePointCard>().CarryOn())));

        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 120");
        (await town.Get<MigratePointCard>().Run(aoi.Id, id)).Value!.Points.ShouldBe(120.Points());
        (await town.Entries(EntryKind.CardMigration)).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_card_whose_issuer_never_answers_keeps_none_after_it_waiting(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (migrate, stuck, aoi) = (town.Get<MigratePointCard>(), await town.Member("Stuck"), await town.Member("Aoi"));
        migrate.MostAtOnce = 1;
        foreach (var (who, silences) in new[] { (stuck, 9), (aoi, 1) })
        {
            var card = await Card(town, "umeda", points: 120);
            var id = (await Register(town, who, "umeda", card)).Value!.Id;
            for (var i = 0; i < silences; i++)
                await Sandbox(town).Event(card.Number, "silent");
            (await migrate.Run(who.Id, id)).Value!.Points.ShouldBeNull();
            town.Clock.Move(TimeSpan.FromSeconds(1));
        }

        for (var run = 0; run < 2; run++)
        {
            await migrate.CarryOn();
            town.Clock.Move(TimeSpan.FromSeconds(1));
        }

        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 120");
        (await town.Holds(stuck)).ShouldBe("money 0, prepaid 0, points 0");
    }

    [Theory, BothEngines]
    public async Task Migrated_forty_times_at_once_a_card_brings_its_points_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");
        var id = (await Register(town, aoi, "umeda", await Card(town, "umeda", points: 120))).Value!.Id;

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(_ => Task.Run(() => town.Get<MigratePointCard>().Run(aoi.Id, id))));

        answers.ShouldAllBe(a => a.Accepted && a.Value!.Points == 120.Points());
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 120");
        (await town.Entries(EntryKind.CardMigration)).ShouldBe(1);
        (await town.Balance(Chart.Operator, AccountType.IssuerClearing)).ShouldBe(-120);
        (await town.Balance(Chart.Operator, AccountType.PointFunding)).ShouldBe(120);
    }

    [Theory, BothEngines]
    public async Task A_card_that_its_issuer_does_not_close_keeps_its_points(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");
        var card = await Card(town, "umeda", points: 120);
        var id = (await Register(town, aoi, "umeda", card)).Value!.Id;
        await Sandbox(town).Event(card.Number, "lapsed");

        (await town.Get<MigratePointCard>().Run(aoi.Id, id)).Refusal.ShouldBe(MigratePointCardRefusal.CardRefused);

        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 0");
        (await town.Get<OwnPointCards>().Known(aoi.Id)).Single().State.ShouldBe(PointCardState.InForce);
    }

    static SandboxPointCards Sandbox(Town town) => town.Get<SandboxPointCards>();

    static async Task<SandboxPointCard> Card(Town town, string issuer, long points = 0, string state = "existing") =>
        (await Sandbox(town).Make(issuer, null, null, points, state))!;

    static Task<Answer<PointCard, RegisterPointCardRefusal>> Register(
        Town town, Resident who, string issuer, SandboxPointCard card, string membership = "existing", string? key = null,
        SessionId? device = null) =>
        town.Get<RegisterPointCard>().Run(new RegisterPointCardRequest(
            who.Id, issuer, card.Number, card.Pin, membership, device ?? new SessionId(Guid.CreateVersion7()),
            Town.Key(who.Id, key, "card", issuer, card.Number, card.Pin, membership)));
}
