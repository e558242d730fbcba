using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>A member's own caps: lower at once, higher a day later to the millisecond, whoever pays meanwhile.</summary>
public class OwnCapsTests
{
    [Theory, BothEngines]
    public async Task A_lower_cap_holds_at_once_and_a_higher_one_a_day_later(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(100_000.Yen());
        var cafe = await town.Store("Café Loop");
        town.Clock.Set("2026-06-10 10:00");

        var lowered = await Ask(town, aoi, perDay: 1_000);
        (lowered.Value!.Caps.PerDay, lowered.Value.Ahead).ShouldBe((1_000, null));
        (await town.Pay(aoi, cafe, 1_001.Yen())).Refusal.ShouldBe(PayRefusal.OverLimit);
        await town.Paid(aoi, cafe, 1_000.Yen());

        (await Ask(town, aoi, perDay: 5_000)).Refusal.ShouldBe(ChangeOwnCapsRefusal.StepUpRequired);
        var raised = await Ask(town, aoi, perDay: 5_000, proof: await Proven(town, aoi));
        (raised.Value!.Caps.PerDay, raised.Value.Ahead!.Caps.PerDay).ShouldBe((1_000, 5_000));
        raised.Value.Ahead.From.ShouldBe(town.Clock.GetUtcNow().AddHours(24));
        (await town.Wallet(aoi)).Caps.PerDay.ShouldBe(1_000);

        town.Clock.Set("2026-06-11 09:59:59.999");
        (await town.Pay(aoi, cafe, 1_001.Yen())).Refusal.ShouldBe(PayRefusal.OverLimit);
        (await town.Wallet(aoi)).Left.Today.ShouldBe(1_000);
        town.Clock.Set("2026-06-11 10:00");
        await town.Paid(aoi, cafe, 5_000.Yen());
        (await town.Pay(aoi, cafe, 1.Yen())).Refusal.ShouldBe(PayRefusal.OverLimit);
        var then = await town.Get<ChangeOwnCaps>().Read(aoi.Payer, Ct);
        (then.Caps.PerDay, then.Ahead).ShouldBe((5_000, null));
    }

    [Theory, BothEngines]
    public async Task What_waits_is_cancelled_and_a_lower_cap_wins_over_it(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(100_000.Yen());
        var cafe = await town.Store("Café Loop");
        town.Clock.Set("2026-06-10 10:00");
        await Ask(town, aoi, perPayment: 1_000);
        var proof = await Proven(town, aoi);

        await Ask(town, aoi, perPayment: null, proof: proof);
        (await Ask(town, aoi, perPayment: 1_000)).Value!.Ahead.ShouldBeNull();
        await Ask(town, aoi, perPayment: null, proof: proof);
        (await Ask(town, aoi, perPayment: 500)).Value!.Ahead.ShouldBeNull();
        town.Clock.Set("2026-06-12 10:00");
        (await town.Pay(aoi, cafe, 501.Yen())).Refusal.ShouldBe(PayRefusal.OverLimit);
        await town.Paid(aoi, cafe, 500.Yen());

        // The same request once more waits no longer than the first, and needs no further proof.
        proof = await Proven(town, aoi);
        var first = await Ask(town, aoi, perPayment: 900, proof: proof);
        town.Clock.Set("2026-06-12 15:00");
        (await Ask(town, aoi, perPayment: 900)).Value.ShouldBe(first.Value);
        town.Clock.Set("2026-06-13 10:00");
        await town.Paid(aoi, cafe, 900.Yen());
    }

    [Theory, BothEngines]
    public async Task No_own_cap_is_above_the_programmes(Engine engine)
    {
        await using var town = await Town.On(engine);
        var ren = await town.Member("Ren").Unverified().WithPrepaid(100_000.Yen());
        var cafe = await town.Store("Café Loop");

        (await Ask(town, ren, perDay: 50_001, proof: await Proven(town, ren))).Refusal.ShouldBe(ChangeOwnCapsRefusal.OverLimit);
        (await Ask(town, ren, perDay: 50_000)).Value!.Caps.PerDay.ShouldBe(50_000);
        // Written by somebody who asked nobody: the programme's cap holds all the same.
        await town.ChangeSpendingLimit(ren, LimitKind.Pay, l => l with { PerDay = 900_000, PerMovement = 900_000 });
        (await town.Pay(ren, cafe, 50_001.Yen())).Refusal.ShouldBe(PayRefusal.OverLimit);
        (await town.Wallet(ren)).Caps.PerDay.ShouldBe(50_000);
    }

    // Forty pay while the moment passes at which the higher cap begins to hold: what was paid before it stays under the lower one.
    [Theory, BothEngines]
    public async Task A_raised_cap_never_holds_before_its_time(Engine engine)
    {
        await using var town = await Town.On(engine);
        await using var other = new GeneralLedger(town.Db, town.Clock);
        var cafe = await town.Store("Café Loop");
        var (early, late) = (0, 0);
        for (var round = 0; round < 8; round++)
        {
            town.Clock.Set($"2026-07-{10 + round} 10:00");
            var who = await town.Member($"Aoi {round}").With(100_000.Yen());
            await Ask(town, who, perDay: 1_000);
            var from = (await Ask(town, who, perDay: 3_000, proof: await Proven(town, who))).Value!.Ahead!.From;
            town.Clock.Set($"2026-07-{11 + round} 09:59:59.999");

            var paying = Enumerable.Range(0, 40).Select(i => Task.Run(() =>
            {
                if (i == 20)
                    town.Clock.Set($"2026-07-{11 + round} 10:00");
                return town.Pay(Town.Payment(who, cafe, 100.Yen()), i % 2 == 0 ? town.Ledger : other);
            }, Ct)).ToList();
            var paid = (await Task.WhenAll(paying)).Where(a => a.Accepted).Select(a => a.Value!).ToList();
            while ((await town.Pay(Town.Payment(who, cafe, 100.Yen()))).Value is { } more)
                paid.Add(more);

            paid.Where(p => p.PaidAt < from).Sum(p => p.Amount.Value).ShouldBeLessThanOrEqualTo(1_000);
            paid.Sum(p => p.Amount.Value).ShouldBe(3_000);
            early += paid.Count(p => p.PaidAt < from);
            late += paid.Count(p => p.PaidAt >= from);
        }
        (early > 0 && late > 0).ShouldBeTrue("nobody paid on either side of the moment");
    }

    [Theory, BothEngines]
    public async Task Of_forty_payments_beside_a_lower_cap_none_passes_it_after_the_answer(Engine engine)
    {
        await using var town = await Town.On(engine);
        await using var other = new GeneralLedger(town.Db, town.Clock);
        var cafe = await town.Store("Café Loop");
        for (var round = 0; round < 5; round++)
        {
            var who = await town.Member($"Aoi {round}").With(100_000.Yen());
            var paying = Enumerable.Range(0, 40).Select(i =>
                Task.Run(() => town.Pay(Town.Payment(who, cafe, 100.Yen()), i % 2 == 0 ? town.Ledger : other), Ct)).ToList();
            await Task.WhenAny(paying);
            await Ask(town, who, perPayment: 99);
            var posted = await PaymentsOf(town, who);
            var answers = await Task.WhenAll(paying);

            answers.Count(a => a.Accepted).ShouldBe(posted);
            (await PaymentsOf(town, who)).ShouldBe(posted);
        }
    }

    [Theory, BothEngines]
    public async Task Of_forty_changes_at_once_each_is_one_after_the_other(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");
        await Ask(town, aoi, perDay: 1_000);
        var proofs = new List<StepUpProof>();
        while (proofs.Count < 40)
            proofs.Add(await Proven(town, aoi));

        var answers = await Task.WhenAll(proofs.Select((proof, i) => Task.Run(async () => i % 2 == 0
            ? await Ask(town, aoi, perDay: 2_000 + i, proof: proof)
            : await Ask(town, aoi, perDay: 1_000 - i, proof: proof), Ct)));

        answers.ShouldAllBe(a => a.Accepted);
        var then = await town.Get<ChangeOwnCaps>().Read(aoi.Payer, Ct);
        // Whoever was last: a lower cap leaves nothing that waits, and no cap is above one that was asked for at once.
        then.Caps.PerDay.ShouldBe(961);
        if (then.Ahead is { } ahead)
            ahead.Caps.PerDay.ShouldBeInRange(962, 2_038);
    }

    [Theory, BothEngines]
    public async Task A_challenge_raises_once_however_many_send_it(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");
        await Ask(town, aoi, perDay: 1_000);
        var caller = await SignedIn(town, aoi);
        await town.Db.Transact(tx => Credentials.Set(tx, aoi.Id, CredentialKind.Password, "a hash", town.Clock.GetUtcNow()), Ct);
        var challenge = (await town.Get<StepUp>().Begin(caller, ChangeOwnCaps.Purpose, ProofMethod.Password, ct: Ct)).Value!;
        await town.Db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update challenge set passed_ms = 1 where id = @Id", new { challenge.Id }, tx), Ct);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(
            () => Ask(town, aoi, perDay: 2_000 + i, proof: new StepUpProof(caller, challenge.Id)), Ct)));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ChangeOwnCapsRefusal.StepUpRequired);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static Task<Answer<CapsInForce, ChangeOwnCapsRefusal>> Ask(
        Town town, Resident who, long? perPayment = null, long? perDay = null, StepUpProof? proof = null) =>
        town.Get<ChangeOwnCaps>().Run(new OwnCapsRequest(
            who.Payer, new OwnCaps(perPayment?.Yen(), perDay?.Yen(), null),
            proof ?? new StepUpProof(new Caller(new SessionId(Guid.Empty), Subject.Member(who.Id), who.Id))), Ct);

    static async Task<Caller> SignedIn(Town town, Resident who) =>
        (await town.Get<Sessions>().Open(Subject.Member(who.Id), "phone", lasting: true, ct: Ct)).Caller;

    static async Task<StepUpProof> Proven(Town town, Resident who)
    {
        var caller = await SignedIn(town, who);
        await town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, caller, ChangeOwnCaps.Purpose), Ct);
        return new StepUpProof(caller);
    }

    static async Task<int> PaymentsOf(Town town, Resident who) =>
        (int)await town.Count("select count(*) from posting where owner = @Id and amount = -100", new { who.Id });
}
