using Dapper;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Ledger;

/// <summary>
/// The lots of somebody who has many are written in one go (decision 0041), and each of them only if it is as it was read.
/// </summary>
public class ManyLotsTests
{
    const int Many = 40;
    static readonly JapanDay s_first = JapanDay.Parse("2026-07-01");

    [Theory, BothEngines]
    public async Task All_lots_are_taken_and_one_in_between_that_is_for_something_else_is_left(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, shop) = (await Rich(town), await town.Store("Café Loop"));
        var (inn, use) = (await town.Store("Inn"), default(PointUse));
        await town.Db.Transact(async tx => use = await PointUses.Add(
            tx, "別の店", "elsewhere", [SpendingPlace.Store(inn.Id)], town.Clock.GetUtcNow()));
        await town.Post(
            Lot.Campaign(Day(5), use!.Number).LegOf(aoi.Id, 7.Points()), Leg.Of(Chart.Operator, AccountType.PointLiability, (-7).Points()));

        await town.Paid(aoi, shop, (10 * Many).Yen(), (10 * Many).Points());

        (await Left(town, aoi)).ShouldBe($"{Lot.Campaign(Day(5), use.Number).Term}: 7");
    }

    [Theory, BothEngines]
    public async Task Some_are_emptied_and_one_keeps_what_was_not_needed(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, shop) = (await Rich(town), await town.Store("Café Loop"));

        await town.Paid(aoi, shop, (10 * Many - 13).Yen(), (10 * Many - 13).Points());

        (await Left(town, aoi)).ShouldBe("260808000: 3, 260809000: 10");
    }

    [Theory]
    [BothEngines(0)]
    [BothEngines(17)]
    [BothEngines(Many - 1)]
    public async Task When_one_of_them_is_not_as_it_was_read_nothing_is_taken_and_it_is_decided_again(Engine engine, int lot)
    {
        await using var town = await Town.On(engine);
        var (aoi, looked) = (await Rich(town), 0);
        // Nobody takes the owner's turn here: the row itself must tell.
        Task Change(int by) => town.Db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update account set balance = balance + @by where owner = @Id and account_type = @Number and term = @Term",
            new { by, aoi.Id, AccountType.CampaignPoints.Number, Lot.Campaign(Day(lot)).Term }, tx));

        var moved = await town.Ledger.Post(new Move(Id.New(town.Clock), town.Clock.GetUtcNow(),
        [
            .. Enumerable.Range(0, Many).Select(i => Lot.Campaign(Day(i)).LegOf(aoi.Id, -10.Points())),
            Leg.Of(Chart.Operator, AccountType.PointLiability, (10 * Many).Points()),
        ])
        {
            Careless = true,
            Meanwhile = _ =>
            {
                looked++;
                if (looked < 3)
                    Change(looked == 1 ? 1 : -1).GetAwaiter().GetResult();
            },
        });

        moved.Accepted.ShouldBeTrue();
        looked.ShouldBe(3);
        (await Left(town, aoi)).ShouldBe("");
    }

    // At two nodes at once, for each point that is there.
    [Theory, BothEngines]
    public async Task Two_devices_at_two_nodes_do_not_spend_a_lot_twice(Engine engine)
    {
        await using var town = await Town.On(engine);
        await using var db = engine == Engine.Postgres ? Database.Open(town.Address, SandboxModule.Catalogue) : null;
        await using var other = new GeneralLedger(db ?? town.Db, town.Clock);
        var aoi = await Rich(town);

        var paid = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(async () =>
            (await (i % 2 == 0 ? town.Ledger : other).Post(new Move(Id.New(town.Clock), town.Clock.GetUtcNow(),
            [
                .. Enumerable.Range(0, 20).Select(n => Lot.Campaign(Day((i % 3 * 10) + n)).LegOf(aoi.Id, -2.Points())),
                Leg.Of(Chart.Operator, AccountType.PointLiability, 40.Points()),
            ]))).Accepted)));

        var held = await town.Count("select cast(coalesce(sum(balance), 0) as bigint) from account where owner = @Id and account_type = @Number",
            new { aoi.Id, AccountType.CampaignPoints.Number });
        held.ShouldBe(10 * Many - 40 * paid.Count(p => p));
        paid.Count(p => p).ShouldBeInRange(5, 10);
    }

    [Fact]
    public void Of_whom_only_limits_were_read_nothing_else_is_decided()
    {
        var state = new AccountState();
        var counter = state.OpenCounter(Guid.NewGuid());

        Should.Throw<InvalidOperationException>(() => state.Apply(Leg.Of(counter.Owner, AccountType.Money, 1.Yen())));
        Should.Throw<InvalidOperationException>(() => counter.IsFrozen);
        Should.Throw<InvalidOperationException>(() => counter.Apply(new LimitUse(counter.Owner, LimitKind.Pay, 1, Day(0))));
        counter.Apply(new LimitUse(counter.Owner, LimitKind.CampaignDay, 1, Day(0)));
        state.Open(counter.Owner).ShouldBeSameAs(counter);
    }

    static JapanDay Day(int lot) => new(s_first.Date.AddDays(lot));

    static async Task<Resident> Rich(Town town)
    {
        var aoi = await town.Member("Aoi");
        await town.Ledger.Post(new Move(Id.New(town.Clock), town.Clock.GetUtcNow(),
        [
            .. Enumerable.Range(0, Many).Select(i => Lot.Campaign(Day(i)).LegOf(aoi.Id, 10.Points())),
            Leg.Of(Chart.Operator, AccountType.PointLiability, (-10 * Many).Points()),
        ]));
        return aoi;
    }

    static async Task<string> Left(Town town, Resident who)
    {
        await using var connection = await town.Db.Connect();
        return string.Join(", ", (await connection.QueryAsync<(int Term, long Balance)>(
            "select term, balance from account where owner = @Id and account_type = @Number and balance <> 0 order by term",
            new { who.Id, AccountType.CampaignPoints.Number })).Select(l => $"{l.Term}: {l.Balance}"));
    }
}
