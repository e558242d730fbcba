using Ensen.Access;
using Ensen.Basics;
using Ensen.Cards;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Centres;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A card came with a new number, and it was registered by that number before the old one was looked after: then the old one could not take
/// the new number, and none of its owner's cards were shown any more, for good.
/// </summary>
public class AReissuedNumberWasTypedIn
{
    [Theory, BothEngines]
    public async Task By_its_owner_the_card_is_there_once_under_its_new_number(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi"), await Counter.In(town));
        var (old, other) = (await Card(town), await Card(town));
        (await Register(town, aoi, old)).Accepted.ShouldBeTrue();
        (await Register(town, aoi, other)).Accepted.ShouldBeTrue();
        var reissued = await Reissued(town, old);
        var id = (await Register(town, aoi, reissued)).Value!.Id;

        foreach (var _ in Enumerable.Range(0, 2))
            (await town.Get<OwnPointCards>().Reload(aoi.Id)).Select(c => town.Get<CardNumbers>().Read(c))
                .ShouldBe([other.Number, reissued.Number], ignoreOrder: true);

        (await counter.Award(reissued.Number, 1_100, "r1")).Accepted.ShouldBeTrue();
        (await counter.Award(old.Number, 1_100, "r2")).Refusal.ShouldBe(Ensen.Centres.AwardRefusal.InvalidCode);
        (await town.Get<MigratePointCard>().Run(aoi.Id, id)).Value!.Points.ShouldBe(120.Points());
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 130");
    }

    /// <summary>Whoever took the points over already was told that the card could not be confirmed, and to check its PIN.</summary>
    [Theory, BothEngines]
    public async Task Once_its_points_were_taken_over_they_are_and_do_not_come_again(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi"), await town.Member("Ren"));
        var old = await Card(town);
        var first = (await Register(town, aoi, old)).Value!.Id;
        (await town.Get<MigratePointCard>().Run(aoi.Id, first)).Value!.Points.ShouldBe(120.Points());
        var reissued = await Reissued(town, old);
        var again = (await Register(town, aoi, reissued)).Value!.Id;

        (await town.Get<MigratePointCard>().Run(aoi.Id, again)).ShouldSatisfyAllConditions(
            a => a.Replayed.ShouldBeTrue(), a => a.Value!.Points.ShouldBe(PointAmount.Zero, "they came with the earlier number"));

        (await town.Get<OwnPointCards>().Reload(aoi.Id)).Select(c => (c.Id, c.State)).ShouldBe([(again, PointCardState.Migrated)]);
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 120");
        var next = await Reissued(town, reissued);
        var others = (await Register(town, ren, next)).Value!.Id;
        (await town.Get<MigratePointCard>().Run(ren.Id, others)).Refusal.ShouldBe(MigratePointCardRefusal.CardRefused, "of another account");
    }

    [Theory, BothEngines]
    public async Task By_somebody_else_it_is_theirs_and_gone_for_whoever_had_the_old_one(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi"), await town.Member("Ren"));
        var old = await Card(town);
        (await Register(town, aoi, old)).Accepted.ShouldBeTrue();
        var reissued = await Reissued(town, old);
        (await Register(town, ren, reissued)).Accepted.ShouldBeTrue();

        (await town.Get<OwnPointCards>().Reload(aoi.Id)).ShouldBeEmpty();
        (await town.Get<OwnPointCards>().Reload(ren.Id)).Single().LastFour.ShouldBe(reissued.Number[^4..]);
        (await town.Count("select count(*) from point_card where number_hash is not null")).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task Forty_that_look_while_it_is_typed_in_see_it_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        for (var round = 0; round < 5; round++)
        {
            var aoi = await town.Member($"Aoi {round}");
            var old = await Card(town);
            (await Register(town, aoi, old)).Accepted.ShouldBeTrue();
            var reissued = await Reissued(town, old);

            await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
            {
                if (i % 20 == 7)
                    (await Register(town, aoi, reissued)).Refusal.ShouldBeOneOf(
                        RegisterPointCardRefusal.None, RegisterPointCardRefusal.AlreadyRegistered);
                else
                    await town.Get<OwnPointCards>().Reload(aoi.Id);
            })));

            (await town.Get<OwnPointCards>().Reload(aoi.Id)).Single().LastFour.ShouldBe(reissued.Number[^4..]);
        }
    }

    static async Task<SandboxPointCard> Card(Town town) => (await town.Get<SandboxPointCards>().Make("umeda", null, null, 120, "existing"))!;

    static async Task<SandboxPointCard> Reissued(Town town, SandboxPointCard card)
    {
        (await town.Get<SandboxPointCards>().Event(card.Number, "reissued")).ShouldBeTrue();
        var number = (await town.Get<SandboxPointCards>().Reload("umeda", card.Number, TestContext.Current.CancellationToken))!.ReissuedAs!;
        return card with { Number = number };
    }

    static Task<Answer<PointCard, RegisterPointCardRefusal>> Register(Town town, Resident who, SandboxPointCard card) =>
        town.Get<RegisterPointCard>().Run(new RegisterPointCardRequest(
            who.Id, "umeda", card.Number, card.Pin, RegisterPointCard.Existing, new SessionId(Guid.CreateVersion7()),
            Town.Key(who.Id, null, "card", "umeda", card.Number, card.Pin)));
}
