using Ensen.Access;
using Ensen.Basics;
using Ensen.Codes;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Operations;

/// <summary>A member freezes the own wallet in one press, and thaws it with a proof; what others decided stays.</summary>
public class ThawTests
{
    [Theory, BothEngines]
    public async Task A_frozen_wallet_does_nothing_until_its_member_thaws_it(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(5_000.Yen());
        var ren = await town.Member("Ren").With(5_000.Yen());
        var cafe = await town.Store("Café Loop");
        var caller = await SignedIn(town, aoi);
        var code = (await town.Get<ShowCode>().Run(aoi.Id, caller.Session, ct: Ct)).Value!;

        (await town.Get<Thaw>().Freeze(aoi.Id, "phone", Ct)).ShouldBe(new FreezeState(BySelf: true, ByOthers: false));

        (await town.Pay(aoi, cafe, 1.Yen())).Refusal.ShouldBe(PayRefusal.Frozen);
        (await town.Send(aoi, ren, 1.Yen())).Refusal.ShouldBe(TransferRefusal.Frozen);
        (await town.Send(ren, aoi, 1.Yen())).Refusal.ShouldBe(TransferRefusal.Frozen);
        (await town.Get<Charge>().Run(new ChargeRequest(aoi.Payer, ChargeSource.Card, 2_000.Yen(), Town.Key(aoi.Id, null)), Ct))
            .Refusal.ShouldBeOneOf(ChargeRefusal.Frozen, ChargeRefusal.NotAvailable);
        (await town.Get<ShowCode>().Run(aoi.Id, caller.Session, ct: Ct)).Refusal.ShouldBe(ShowCodeRefusal.Frozen);
        var till = new TillId(Id.New(town.Clock));
        (await town.Get<TakePayment>().Run(new TakeRequest(cafe.Id, till, code.Digits, 100.Yen(), "order-1",
            [Town.Key(cafe.Id, null)]), Ct)).Refusal.ShouldBe(PayRefusal.Frozen);

        (await Lift(town, aoi, caller)).Refusal.ShouldBe(ThawRefusal.StepUpRequired);
        await Prove(town, caller);
        (await Lift(town, aoi, caller)).Value.ShouldBe(new FreezeState(false, false));
        (await town.Pay(aoi, cafe, 1.Yen())).Accepted.ShouldBeTrue();
        // Asked for once more, by a press that was sent twice: there is nothing to thaw, and nothing to prove.
        (await Lift(town, aoi, await SignedIn(town, aoi))).Value.ShouldBe(new FreezeState(false, false));
    }

    [Theory, BothEngines]
    public async Task What_an_operator_froze_its_member_cannot_lift(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(5_000.Yen());
        var cafe = await town.Store("Café Loop");
        var caller = await SignedIn(town, aoi);
        await Prove(town, caller);
        var operators = await town.Freeze(aoi);

        (await Lift(town, aoi, caller)).Refusal.ShouldBe(ThawRefusal.Frozen);
        (await town.Get<Thaw>().Freeze(aoi.Id, "phone", Ct)).ShouldBe(new FreezeState(true, true));
        (await Lift(town, aoi, caller)).Refusal.ShouldBe(ThawRefusal.StepUpRequired, "a freeze takes back what was proven before it");
        await Prove(town, caller);
        (await Lift(town, aoi, caller)).Value.ShouldBe(new FreezeState(BySelf: false, ByOthers: true));
        (await town.Pay(aoi, cafe, 1.Yen())).Refusal.ShouldBe(PayRefusal.Frozen);
        await town.Get<LiftRestriction>().Run(new LiftRestrictionRequest(operators.Id, "found", await town.Operator("Ito")), Ct);
        (await town.Pay(aoi, cafe, 1.Yen())).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Of_forty_payments_and_transfers_beside_a_press_none_is_posted_after_its_answer(Engine engine)
    {
        await using var town = await Town.On(engine);
        await using var other = new GeneralLedger(town.Db, town.Clock);
        var cafe = await town.Store("Café Loop");
        var refused = 0;
        for (var round = 0; round < 8; round++)
        {
            var who = await town.Member($"Aoi {round}").With(40_000.Yen());
            var ren = await town.Member($"Ren {round}");
            var moving = Enumerable.Range(0, 40).Select(i => Task.Run(async () => i % 4 == 0
                ? (await town.Send(who, ren, 100.Yen(), node: i % 8 == 0 ? town.Ledger : other)).Accepted
                : (await town.Pay(Town.Payment(who, cafe, 100.Yen()), i % 2 == 0 ? town.Ledger : other)).Accepted, Ct)).ToList();
            await Task.WhenAny(moving);
            await town.Get<Thaw>().Freeze(who.Id, "phone", Ct);
            var posted = await Moved(town, who);
            var answers = await Task.WhenAll(moving);

            answers.Count(a => a).ShouldBe(posted);
            (await Moved(town, who)).ShouldBe(posted);
            refused += 40 - posted;
        }
        refused.ShouldBeGreaterThan(0, "no freeze came between the payments");
    }

    [Theory, BothEngines]
    public async Task Pressed_forty_times_at_once_there_is_one_and_a_proof_thaws_it_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");
        var caller = await SignedIn(town, aoi);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => town.Get<Thaw>().Freeze(aoi.Id, "phone", Ct), Ct)));
        (await town.Count("select count(*) from restriction where subject = @Id", new { aoi.Id })).ShouldBe(1);
        await Prove(town, caller);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => Lift(town, aoi, caller), Ct)));

        answers.ShouldAllBe(a => a.Accepted && !a.Value!.Frozen);
        (await town.Get<LiftRestriction>().InForce(10, ct: Ct)).ShouldBeEmpty();
        (await town.Count("select count(*) from restriction where subject = @Id and lifted_by_kind = 1 and by_kind = 1", new { aoi.Id }))
            .ShouldBe(1);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static Task<Answer<FreezeState, ThawRefusal>> Lift(Town town, Resident who, Caller caller) =>
        town.Get<Thaw>().Run(new ThawRequest(who.Id, new StepUpProof(caller), "phone"), Ct);

    static async Task<Caller> SignedIn(Town town, Resident who) =>
        (await town.Get<Sessions>().Open(Subject.Member(who.Id), "phone", lasting: true, ct: Ct)).Caller;

    static Task Prove(Town town, Caller caller) => town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, caller, Thaw.Purpose), Ct);

    static async Task<int> Moved(Town town, Resident who) =>
        (int)await town.Count("select count(*) from posting where owner = @Id and amount = -100", new { who.Id });
}
