using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Operations;

/// <summary>
/// Who is frozen moves nothing from the answer on, whatever was decided before and on which node; and moves again once nothing is in force.
/// </summary>
public class RestrictionTests
{
    [Theory, BothEngines]
    public async Task A_frozen_member_neither_pays_nor_sends_nor_receives_but_is_refunded(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(5_000.Yen());
        var ren = await town.Member("Ren").With(5_000.Yen());
        var cafe = await town.Store("Café Loop");
        var paid = await town.Paid(aoi, cafe, 1_000.Yen());

        await town.Freeze(aoi);

        (await town.Pay(aoi, cafe, 1.Yen())).Refusal.ShouldBe(PayRefusal.Frozen);
        (await town.Send(aoi, ren, 1.Yen())).Refusal.ShouldBe(TransferRefusal.Frozen);
        (await town.Send(ren, aoi, 1.Yen())).Refusal.ShouldBe(TransferRefusal.Frozen);
        (await town.Refund(paid.PaymentId, cafe, 1_000.Yen())).Accepted.ShouldBeTrue();
        (await town.Wallet(aoi)).Frozen.ShouldBeTrue();
        (await town.Wallet(ren)).Frozen.ShouldBeFalse();
        (await town.Pay(ren, cafe, 1.Yen())).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Of_forty_payments_beside_a_freeze_none_is_posted_after_its_answer(Engine engine)
    {
        await using var town = await Town.On(engine);
        await using var other = new GeneralLedger(town.Db, town.Clock);
        var cafe = await town.Store("Café Loop");
        var refused = 0;
        for (var round = 0; round < 10; round++)
        {
            var who = await town.Member($"Aoi {round}").With(40_000.Yen());
            var paying = Enumerable.Range(0, 40).Select(i =>
                Task.Run(() => town.Pay(Town.Payment(who, cafe, 100.Yen()), i % 2 == 0 ? town.Ledger : other), Ct)).ToList();
            await Task.WhenAny(paying);
            await town.Freeze(who);
            var posted = await PaymentsOf(town, who);
            var answers = await Task.WhenAll(paying);
            var later = await Task.WhenAll(Enumerable.Range(0, 4)
                .Select(i => town.Pay(Town.Payment(who, cafe, 100.Yen()), i % 2 == 0 ? town.Ledger : other)));

            answers.Count(a => a.Accepted).ShouldBe(posted);
            answers.Concat(later).Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == PayRefusal.Frozen);
            later.ShouldAllBe(a => !a.Accepted);
            (await PaymentsOf(town, who)).ShouldBe(posted);
            refused += 40 - posted;
        }
        refused.ShouldBeGreaterThan(0, "no freeze came between the payments");
    }

    // The payment was decided, and is about to be committed, when the freeze comes.
    [Theory, BothEngines]
    public async Task What_was_decided_before_a_freeze_is_decided_again(Engine engine)
    {
        await using var town = await Town.On(engine, writers: 1);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var looked = 0;

        var answer = await town.Ledger.Post(new Move(Id.New(town.Clock), town.Clock.GetUtcNow(),
            Leg.Of(aoi.Id, AccountType.Money, (-100).Yen()), Leg.Of(Chart.Operator, AccountType.Suspense, 100.Yen()))
        {
            Meanwhile = state =>
            {
                state.Of(aoi.Id).IsFrozen.ShouldBe(++looked == 2);
                if (looked == 1)
                    town.Freeze(aoi).GetAwaiter().GetResult();
            },
        });

        looked.ShouldBe(2);
    }

    // PostgreSQL reads each table by a look of its own: one that comes between them may not be missed because the turn was read too late.
    [Fact]
    public async Task A_freeze_that_comes_while_a_writer_on_PostgreSQL_reads_is_seen()
    {
        await using var town = await Town.On(Engine.Postgres, writers: 1);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");
        await town.Paid(aoi, cafe, 100.Yen());
        Task<Answer<Paid, PayRefusal>>? paying = null;

        await town.Db.Transact(async tx =>
        {
            await tx.Connection!.ExecuteAsync("lock table spending_limit in access exclusive mode", transaction: tx);
            paying = town.Pay(aoi, cafe, 100.Yen());
            while (await town.Count("select count(*) from pg_locks where not granted and relation = 'spending_limit'::regclass") == 0)
                await Task.Delay(5, Ct);
            var now = town.Clock.Now();
            await Restrictions.Hold(tx, town.Db.Catalogue, aoi.Id, now);
            await Restrictions.Add(tx, new Restriction(Id.New<RestrictionId>(now), aoi.Id, RestrictionKind.Frozen, "theft", Decider.Operator("Suzuki"), now, null));
        }, Ct);

        (await paying!).Refusal.ShouldBe(PayRefusal.Frozen);
    }

    [Theory, BothEngines]
    public async Task One_whose_time_is_over_is_over_by_itself(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");
        town.Clock.Set("2026-06-10 10:00");
        await town.Freeze(aoi, until: JapanDay.Parse("2026-06-11").Start);

        town.Clock.Set("2026-06-10 23:59:59.999");
        (await town.Pay(aoi, cafe, 1.Yen())).Refusal.ShouldBe(PayRefusal.Frozen);
        (await town.Wallet(aoi)).Frozen.ShouldBeTrue();
        town.Clock.Set("2026-06-11 00:00");
        (await town.Pay(aoi, cafe, 1.Yen())).Accepted.ShouldBeTrue();
        (await town.Wallet(aoi)).Frozen.ShouldBeFalse();
        (await town.Get<LiftRestriction>().InForce(10, ct: Ct)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task Two_operators_freeze_and_both_have_to_lift(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");
        var (first, second) = (await town.Freeze(aoi, "theft"), await town.Freeze(aoi, "a court's order"));

        (await town.Get<LiftRestriction>().InForce(10, ct: Ct)).Select(r => r.Reason).ShouldBe(
            ["a court's order", "theft"], ignoreOrder: true);
        (await Lift(town, first)).ShouldBe(LiftRestrictionRefusal.None);
        (await town.Pay(aoi, cafe, 1.Yen())).Refusal.ShouldBe(PayRefusal.Frozen);
        (await Lift(town, first)).ShouldBe(LiftRestrictionRefusal.Ended);
        (await Lift(town, second)).ShouldBe(LiftRestrictionRefusal.None);
        (await town.Pay(aoi, cafe, 1.Yen())).Accepted.ShouldBeTrue();
        (await town.Get<LiftRestriction>().InForce(10, ct: Ct)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task Pressed_forty_times_at_once_there_is_one_and_it_is_lifted_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");

        var request = await Request(town, aoi);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => town.Get<Restrict>().Run(request, Ct))));
        var added = answers.Where(a => a.Accepted).ShouldHaveSingleItem().Value!;
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == RestrictRefusal.Restricted);
        await town.Operator("Ito");
        var lifted = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => Lift(town, added))));

        lifted.Count(r => r == LiftRestrictionRefusal.None).ShouldBe(1);
        lifted.Where(r => r != LiftRestrictionRefusal.None).ShouldAllBe(r => r == LiftRestrictionRefusal.Ended);
        await using var connection = await town.Db.Connect(Ct);
        var row = await Restrictions.Find(connection, town.Db.Catalogue, added.Id);
        (row!.Reason, row.By, row.Lifted!.By, row.Lifted.Reason).ShouldBe(
            ("theft", Decider.Operator(await town.Person("Suzuki")), Decider.Operator(await town.Person("Ito")), "found"));
    }

    [Theory, BothEngines]
    public async Task Nobody_who_is_no_member_is_restricted(Engine engine)
    {
        await using var town = await Town.On(engine);
        var cafe = await town.Store("Café Loop");

        (await town.Get<Restrict>().Run((await Request(town, await town.Member("Aoi"))) with { Member = new MemberId(cafe.Id) }, Ct))
            .Refusal.ShouldBe(RestrictRefusal.NotFound);
        (await Lift(town, new Restriction(Id.New<RestrictionId>(town.Clock), cafe.Id, RestrictionKind.Frozen, "", Decider.Operator(""), default, null)))
            .ShouldBe(LiftRestrictionRefusal.NotFound);
        (await town.Count("select count(*) from spending_limit where owner = @Id", new { cafe.Id })).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task Verify_names_one_that_no_writer_could_read(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");
        var added = await town.Freeze(aoi);

        await Write("update restriction set kind = 999");
        (await town.Complaints()).ShouldContain(c => c.Contains("is under a restriction of kind 999", StringComparison.Ordinal));
        await Write("update restriction set kind = 1, lifted_ms = 5");
        (await town.Complaints()).ShouldContain(c => c.Contains("lifted by nobody", StringComparison.Ordinal));
        await Write("update restriction set lifted_ms = null");

        async Task Write(string sql)
        {
            await using var connection = await town.Db.Connect(Ct);
            await connection.ExecuteAsync(sql + " where id = @Id", new { added.Id });
        }
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static async Task<RestrictRequest> Request(Town town, Resident who) =>
        RestrictRequest.ByOperator(await town.Operator("Suzuki"), who.Id, RestrictionKind.Frozen, "theft");

    static async Task<LiftRestrictionRefusal> Lift(Town town, Restriction restriction) =>
        (await town.Get<LiftRestriction>().Run(new LiftRestrictionRequest(restriction.Id, "found", await town.Operator("Ito")), Ct)).Refusal;

    static async Task<int> PaymentsOf(Town town, Resident who) =>
        (int)await town.Count("select count(*) from posting where owner = @Id and amount = -100", new { who.Id });
}
