using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

public class ChargeTests
{
    [Theory]
    [BothEngines(ChargeSource.Bank, true, "money")]
    [BothEngines(ChargeSource.Card, true, "prepaid")]
    [BothEngines(ChargeSource.Card, false, "prepaid")]
    public async Task A_charge_is_completed_at_once_and_goes_where_its_source_says(
        Engine engine, ChargeSource source, bool verified, string accountType)
    {
        await using var teller = await Teller.Open(engine);

        var answer = await teller.Run(source, 5_000, verified);

        answer.Refusal.ShouldBe(ChargeRefusal.None);
        answer.Value!.State.ShouldBe(ChargeState.Completed);
        (answer.Value.Amount, answer.Value.Balance).ShouldBe((5_000.Yen(), 5_000.Yen()));
        (await teller.Balance(WalletModule.Spendable.Single(t => t.Word == accountType))).ShouldBe(5_000);
    }

    [Theory]
    //           source             verified  yen      refusal
    [BothEngines(ChargeSource.Bank, true, 0, ChargeRefusal.InvalidAmount)]
    [BothEngines(ChargeSource.Bank, true, -1, ChargeRefusal.InvalidAmount)]
    [BothEngines(ChargeSource.Bank, true, 499, ChargeRefusal.InvalidAmount)]
    [BothEngines(ChargeSource.Bank, true, 500, ChargeRefusal.None)]
    [BothEngines(ChargeSource.Bank, true, 200_000, ChargeRefusal.None)]
    [BothEngines(ChargeSource.Bank, true, 200_001, ChargeRefusal.OverLimit)]
    [BothEngines(ChargeSource.Bank, true, 9_007_199_254_740_993, ChargeRefusal.InvalidAmount)]
    [BothEngines(ChargeSource.Bank, false, 5_000, ChargeRefusal.NotVerified)]
    [BothEngines(ChargeSource.Card, false, 1_999, ChargeRefusal.InvalidAmount)]
    [BothEngines(ChargeSource.Card, false, 2_000, ChargeRefusal.None)]
    [BothEngines(ChargeSource.Card, false, 50_000, ChargeRefusal.None)]
    [BothEngines(ChargeSource.Card, false, 50_001, ChargeRefusal.OverLimit)]
    [BothEngines(ChargeSource.Atm, true, 1_500, ChargeRefusal.InvalidAmount)]
    [BothEngines(ChargeSource.Atm, true, 1_000, ChargeRefusal.None)]
    [BothEngines(ChargeSource.Atm, true, 51_000, ChargeRefusal.OverLimit)]
    public async Task The_bounds_of_each_source_hold(Engine engine, ChargeSource source, bool verified, long yen, ChargeRefusal refusal)
    {
        await using var teller = await Teller.Open(engine);

        var answer = await teller.Run(source, yen, verified);

        answer.Refusal.ShouldBe(refusal);
        answer.Accepted.ShouldBe(refusal == ChargeRefusal.None);
        if (!answer.Accepted)
            (await teller.Balance(AccountType.Money) + await teller.Balance(AccountType.Prepaid)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task The_cap_of_the_day_counts_what_was_charged_and_starts_again_at_midnight_in_Japan(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        (await teller.Run(ChargeSource.Card, 30_000)).Accepted.ShouldBeTrue();

        (await teller.Run(ChargeSource.Card, 20_001)).Refusal.ShouldBe(ChargeRefusal.OverLimit);
        (await teller.Run(ChargeSource.Bank, 20_001)).Accepted.ShouldBeTrue("each source has a cap of its own");
        teller.Clock.Move(new TimeSpan(14, 59, 59));
        (await teller.Run(ChargeSource.Card, 20_001)).Refusal.ShouldBe(ChargeRefusal.OverLimit);
        teller.Clock.Move(TimeSpan.FromSeconds(1));
        (await teller.Run(ChargeSource.Card, 50_000)).Accepted.ShouldBeTrue();
    }

    [Theory]
    [BothEngines(true, 1_000_000)]
    [BothEngines(false, 100_000)]
    public async Task The_balance_cap_counts_what_is_on_its_way(Engine engine, bool verified, long cap)
    {
        await using var teller = await Teller.Open(engine);
        (await teller.Deposit.Run(teller.Member, (cap - 10_000).Yen(), Teller.Ct)).Value!.State.ShouldBe(ChargeState.Completed);
        (await teller.Run(ChargeSource.Atm, 6_000, verified)).Value!.State.ShouldBe(ChargeState.Requested);

        (await teller.Run(ChargeSource.Card, 4_001, verified)).Refusal.ShouldBe(ChargeRefusal.OverLimit);
        (await teller.Run(ChargeSource.Card, 4_000, verified)).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task A_frozen_member_charges_nothing(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        await teller.Run(ChargeSource.Card, 2_000);
        await teller.Db.Transact(async tx =>
        {
            var now = teller.Clock.Now();
            await Restrictions.Hold(tx, teller.Db.Catalogue, teller.Member, now);
            await Restrictions.Add(tx, new Restriction(Id.New<RestrictionId>(now), teller.Member, RestrictionKind.Frozen, "theft", Decider.Operator("Suzuki"), now, null));
        }, Teller.Ct);

        (await teller.Run(ChargeSource.Bank, 5_000)).Refusal.ShouldBe(ChargeRefusal.Frozen);
    }

    [Theory, BothEngines]
    public async Task Forty_charges_at_once_do_not_pass_the_cap_of_the_day(Engine engine)
    {
        await using var teller = await Teller.Open(engine);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => teller.Run(ChargeSource.Card, 4_000))));

        answers.Count(a => a.Value?.State == ChargeState.Completed).ShouldBe(12);
        answers.Count(a => a.Refusal == ChargeRefusal.OverLimit).ShouldBe(28);
        (await teller.Balance(AccountType.Prepaid)).ShouldBe(48_000);
    }

    [Theory, BothEngines]
    public async Task Thirty_charges_at_once_from_three_sources_do_not_pass_the_balance_cap(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        await teller.Deposit.Run(teller.Member, 990_000.Yen(), Teller.Ct);
        ChargeSource[] sources = [ChargeSource.Bank, ChargeSource.Card, ChargeSource.Atm];

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() => teller.Run(sources[i % 3], 3_000))));

        answers.Count(a => a.Accepted).ShouldBe(3);
    }

    [Theory]
    [BothEngines(FaultMode.Accept)]
    [BothEngines(FaultMode.LateAccept)]
    public async Task One_key_twenty_times_at_once_is_one_charge_with_one_answer(Engine engine, FaultMode mood)
    {
        await using var teller = await Teller.Open(engine);
        await teller.FaultMode(Gateway.Bank, mood);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => Task.Run(() => teller.Run(ChargeSource.Bank, 5_000, key: "k"))));

        answers.Select(a => a.Value).Distinct().ShouldHaveSingleItem()!.State
            .ShouldBe(mood == FaultMode.Accept ? ChargeState.Completed : ChargeState.Requested);
        answers.Count(a => !a.Replayed).ShouldBe(1);
        await teller.Pass(TimeSpan.FromSeconds(30));
        (await teller.Balance(AccountType.Money)).ShouldBe(5_000);
    }

    [Theory, BothEngines]
    public async Task A_key_answers_as_before_and_only_for_its_request(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        var first = await teller.Run(ChargeSource.Bank, 5_000, key: "k");

        var again = await teller.Run(ChargeSource.Bank, 5_000, key: "k");
        var other = await teller.Run(ChargeSource.Bank, 6_000, key: "k");
        var somebodyElse = await teller.Run(ChargeSource.Bank, 6_000, key: "k", member: new MemberId(Guid.CreateVersion7()));

        (again.Value, again.Replayed).ShouldBe((first.Value, true));
        other.Refusal.ShouldBe(ChargeRefusal.KeyReused);
        (somebodyElse.Accepted, somebodyElse.Replayed).ShouldBe((true, false));
        (await teller.Balance(AccountType.Money)).ShouldBe(5_000);
    }

    [Theory, BothEngines]
    public async Task The_answer_that_was_given_first_stands_whatever_became_of_the_charge(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        await teller.FaultMode(Gateway.Bank, FaultMode.LateAccept);
        (await teller.Run(ChargeSource.Bank, 5_000, key: "k")).Value!.State.ShouldBe(ChargeState.Requested);
        await teller.Pass(TimeSpan.FromMinutes(1));

        var kept = await teller.Db.Transact(tx => IdempotencyKeys.AnswerFirst(tx, teller.Member, "k", "=another"), Teller.Ct);
        var again = await teller.Run(ChargeSource.Bank, 5_000, key: "k");

        kept.ShouldNotBe("=another");
        (again.Value!.State, again.Replayed).ShouldBe((ChargeState.Requested, true));
        (await teller.Charge.Read(again.Value.ChargeId, Teller.Ct)).State.ShouldBe(ChargeState.Completed);
    }

    [Theory, BothEngines]
    public async Task A_refusal_is_an_answer_too(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        await teller.Run(ChargeSource.Card, 50_000);
        await teller.Run(ChargeSource.Card, 2_000, key: "late");
        teller.Clock.Move(TimeSpan.FromDays(1));

        var again = await teller.Run(ChargeSource.Card, 2_000, key: "late");

        (again.Refusal, again.Replayed).ShouldBe((ChargeRefusal.OverLimit, true));
    }

    [Theory, BothEngines]
    public async Task The_sandboxs_money_comes_from_the_bank_outside_the_caps_of_charging(Engine engine)
    {
        await using var teller = await Teller.Open(engine);

        (await teller.Deposit.Run(teller.Member, 1_000_000.Yen(), Teller.Ct)).Value!.Balance.ShouldBe(1_000_000.Yen());

        (await teller.Deposit.Run(teller.Member, 1.Yen(), Teller.Ct)).Refusal.ShouldBe(ChargeRefusal.OverLimit);
        (await teller.Deposit.Run(teller.Member, 1_000_001.Yen(), Teller.Ct)).Refusal.ShouldBe(ChargeRefusal.InvalidAmount);
        (await teller.LeftToday(LimitKind.ChargeBank, 200_000)).ShouldBe(200_000);
        (await teller.Balance(AccountType.Money)).ShouldBe(1_000_000);
    }

    [Theory, BothEngines]
    public async Task The_limits_shown_are_the_limits_that_hold(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        var limits = new ChargeLimits(teller.Db, teller.Sandbox.Outside, teller.Programme, teller.Clock);
        await teller.Deposit.Run(teller.Member, 900_000.Yen(), Teller.Ct);
        await teller.Run(ChargeSource.Card, 30_500);
        await teller.Run(ChargeSource.Atm, 20_000);

        var shown = await limits.Of(new Payer(teller.Member, Verified: true), Teller.Ct);

        shown.Select(l => (l.Source, l.Open, l.Most)).ShouldBe(
        [
            (ChargeSource.Bank, true, 49_500),
            (ChargeSource.Card, true, 19_500),
            (ChargeSource.Atm, true, 30_000),
        ]);
        (await limits.Of(new Payer(teller.Member, Verified: false), Teller.Ct)).Select(l => (l.Open, l.Most))
            .ShouldBe([(false, 0), (true, 0), (true, 0)]);
        foreach (var limit in shown)
            (await teller.Run(limit.Source, limit.Most + limit.Step)).Refusal.ShouldBe(ChargeRefusal.OverLimit);
        (await teller.Run(ChargeSource.Bank, 49_500)).Accepted.ShouldBeTrue();
    }
}
