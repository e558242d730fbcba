using Ensen.AutoCharges;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Tests.Withdrawals;
using Ensen.Wallet;

namespace Ensen.Tests.AutoCharges;

/// <summary>A wallet that is charged by itself: once for what set it off, within the month's cap, and never in a loop.</summary>
public class AutoChargeTests
{
    internal static RefusalTable<SetAutoChargeRefusal> Table { get; } = new("""
        refusal         terms                       member      frozen  bank
        None            below:1000 amount:500 month:500  -      -       there linked
        None            below:1000000 amount:200000 month:999999999  -  -  there linked
        InvalidAmount   below:0 amount:500 month:500  unverified  frozen  -
        InvalidAmount   below:1000001 amount:500 month:500  -   -       there linked
        InvalidAmount   below:1 amount:499 month:500  -         -       there linked
        InvalidAmount   below:1 amount:200001 month:300000  -   -       there linked
        InvalidAmount   below:1 amount:501 month:500  -         -       there linked
        NotVerified     below:1 amount:500 month:500  unverified  frozen  -
        Frozen          below:1 amount:500 month:500  -         frozen  -
        NotAvailable    below:1 amount:500 month:500  -         -       linked
        NoBankAccount   below:1 amount:500 month:500  -         -       there
        StepUpRequired  before                      AutoChargeTests.It_is_off_until_the_member_proves_who_they_are
        """);

    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_setting_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var (terms, bank) = (row.In("terms"), row.In("bank"));
        return SetAutoCharge.Decide(
            new SetAutoChargeRequest(new Payer(s_member, !row.In("member").Say("unverified")),
                new AutoChargeTerms(terms.Named("below")!.Value.Yen(), terms.Named("amount")!.Value.Yen(), terms.Named("month")!.Value.Yen()),
                BankCounter.Nobody(s_member)),
            row.In("frozen").Say("frozen"), bank.Say("there"), bank.Say("linked"), new Programme());
    });

    [Theory, BothEngines]
    public async Task It_is_off_until_the_member_proves_who_they_are(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(400);
        var terms = new AutoChargeTerms(1_000.Yen(), 5_000.Yen(), 10_000.Yen());
        var set = counter.Get<SetAutoCharge>();
        (await set.Run(new SetAutoChargeRequest(new Payer(aoi, true), terms, BankCounter.Nobody(aoi)), Ct)).Refusal
            .ShouldBe(SetAutoChargeRefusal.StepUpRequired);
        await counter.Get<ChargeByItself>().Run(Ct);
        (await counter.Money(aoi)).ShouldBe(400);

        (await Set(counter, aoi, terms)).Setting!.State.ShouldBe(AutoChargeState.On);
        await counter.Get<ChargeByItself>().Run(Ct);
        (await counter.Money(aoi)).ShouldBe(5_400);
        (await set.Run(new SetAutoChargeRequest(new Payer(aoi, true), null, BankCounter.Nobody(aoi)), Ct)).Value!.Setting!.State
            .ShouldBe(AutoChargeState.Off);
    }

    [Theory, BothEngines]
    public async Task The_member_is_told_of_each_change_once(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(40_000);
        await counter.Reaches(aoi);
        var terms = new AutoChargeTerms(1_000.Yen(), 5_000.Yen(), 10_000.Yen());

        await Set(counter, aoi, terms);
        await Set(counter, aoi, terms);
        await Set(counter, aoi, terms with { Amount = 7_000.Yen() });
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => counter.Get<SetAutoCharge>().Run(
            new SetAutoChargeRequest(new Payer(aoi, true), null, BankCounter.Nobody(aoi)), Ct), Ct)));

        var told = await counter.Told();
        told.Select(n => n.What).ShouldBe([NoticeKind.AutoChargeSet, NoticeKind.AutoChargeChanged, NoticeKind.AutoChargeOff]);
        told[1].Terms.ShouldBe(new NoticedTerms(1_000, 7_000, 10_000));
        told[0].Account!.ShouldEndWith((await counter.Get<SetAutoCharge>().Read(aoi, Ct)).Account!.LastFour);
    }

    [Theory, BothEngines]
    public async Task The_history_knows_which_charge_nobody_asked_for(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(400);
        await Set(counter, aoi, new AutoChargeTerms(1_000.Yen(), 5_000.Yen(), 10_000.Yen()));
        await counter.Get<ChargeByItself>().Run(Ct);
        await counter.Get<Charge>().Run(new ChargeRequest(
            new Payer(aoi, true), ChargeSource.Bank, 3_000.Yen(), Town.Key(aoi, null, "charge", 3_000)), Ct);

        var charges = (await counter.Get<History>().Of(aoi, null, 10, Ct)).Where(item => item.ChargeId is not null).ToList();
        charges.Select(c => c.Yen.Value).ShouldBe([3_000, 5_000]);
        (await counter.Get<OwnAutoCharges>().Among(aoi, [.. charges.Select(c => c.ChargeId!.Value)], Ct))
            .ShouldBe([charges[1].ChargeId!.Value]);
    }

    [Fact]
    public void Each_amount_that_cannot_be_is_named()
    {
        Named(1_000, 5_000, 10_000).ShouldBe("");
        Named(0, 5_000, 10_000).ShouldBe("below");
        Named(99_999_999, 100, 50).ShouldBe("below amount perMonth");
        Named(1_000, 5_000, 4_999).ShouldBe("perMonth");
        Named(1_000, 499, 10_000).ShouldBe("amount");

        static string Named(long below, long amount, long month) => string.Join(' ', SetAutoCharge.Faults(
            new AutoChargeTerms(below.Yen(), amount.Yen(), month.Yen()), new Programme()));
    }

    /// <summary>Forty payments at once, and eight nodes that look at once: one charge.</summary>
    [Theory, BothEngines]
    public async Task Forty_payments_at_once_set_off_one_charge(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var (aoi, store) = (await counter.With(40_000), await counter.Store());
        await Set(counter, aoi, new AutoChargeTerms(10_000.Yen(), 20_000.Yen(), 30_000.Yen()));
        var looks = Enumerable.Range(0, 8).Select(_ => Task.Run(() => counter.Get<ChargeByItself>().Run(Ct), Ct));

        var paid = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => counter.Pay(aoi, store, 900), Ct)));
        await Task.WhenAll(looks);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => counter.Get<ChargeByItself>().Run(Ct), Ct)));

        paid.ShouldAllBe(p => p.Accepted);
        (await counter.Money(aoi)).ShouldBe(40_000 - 36_000 + 20_000);
        (await counter.Count("select count(*) from charge")).ShouldBe(1);

        // The month has 10,000 left, which is no charge of 20,000: nothing more, however often somebody looks, until the next one.
        (await counter.Pay(aoi, store, 20_000)).Accepted.ShouldBeTrue();
        await counter.Get<ChargeByItself>().Run(Ct);
        (await counter.Money(aoi)).ShouldBe(4_000);
        counter.Clock.Move(TimeSpan.FromDays(31));
        await counter.Get<ChargeByItself>().Run(Ct);
        (await counter.Money(aoi)).ShouldBe(24_000);
        await counter.AgreesWithBank();
    }

    [Theory, BothEngines]
    public async Task What_the_bank_refuses_turns_it_off_and_counts_in_no_month(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(400);
        await Set(counter, aoi, new AutoChargeTerms(1_000.Yen(), 5_000.Yen(), 10_000.Yen()));
        await counter.World.Moods.Set(Gateway.Bank, FaultMode.Refuse, 1, ct: Ct);

        for (var i = 0; i < 5; i++)
            await counter.Get<ChargeByItself>().Run(Ct);

        (await counter.Get<SetAutoCharge>().Read(aoi, Ct)).ShouldSatisfyAllConditions(
            s => s.Setting!.State.ShouldBe(AutoChargeState.Stopped), s => s.Setting!.Reason.ShouldBe("refused_by_issuer"),
            s => s.UsedThisMonth.ShouldBe(Yen.Zero));
        (await counter.Count("select count(*) from charge")).ShouldBe(1);
        (await counter.Money(aoi)).ShouldBe(400);
    }

    /// <summary>No answer is no refusal: one is under way, and no second one meanwhile, whatever node looks.</summary>
    [Theory, BothEngines]
    public async Task While_the_bank_is_silent_one_is_under_way_and_no_other(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        counter.Get<Charge>().Patience = TimeSpan.Zero;
        var aoi = await counter.With(400);
        await Set(counter, aoi, new AutoChargeTerms(1_000.Yen(), 5_000.Yen(), 50_000.Yen()));
        await counter.World.Moods.Set(Gateway.Bank, FaultMode.TimeOutThenAccept, 1, TimeSpan.FromMinutes(3), Ct);

        for (var i = 0; i < 5; i++)
            await counter.Get<ChargeByItself>().Run(Ct);
        (await counter.Count("select count(*) from charge")).ShouldBe(1);
        (await counter.Get<SetAutoCharge>().Read(aoi, Ct)).UsedThisMonth.ShouldBe(5_000.Yen());
        await counter.Pass(TimeSpan.FromMinutes(10));
        await counter.Get<ChargeByItself>().Run(Ct);

        (await counter.Money(aoi)).ShouldBe(5_400);
        (await counter.Get<SetAutoCharge>().Read(aoi, Ct)).Setting!.ChargeKey.ShouldBeNull();
    }

    /// <summary>What is charged is less than what is wanted to be there: it is not charged again before something has left.</summary>
    [Theory, BothEngines]
    public async Task It_never_loops_and_rests_while_the_wallet_is_frozen_or_new_on_a_device(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var (aoi, store) = (await counter.With(400), await counter.Store());
        await Set(counter, aoi, new AutoChargeTerms(100_000.Yen(), 500.Yen(), 50_000.Yen()));
        for (var i = 0; i < 5; i++)
            await counter.Get<ChargeByItself>().Run(Ct);
        (await counter.Money(aoi)).ShouldBe(900);

        (await counter.Pay(aoi, store, 100)).Accepted.ShouldBeTrue();
        foreach (var kind in new[] { RestrictionKind.LowCaps, RestrictionKind.Frozen })
        {
            var now = counter.Clock.GetUtcNow();
            await counter.Db.Transact(tx => Restrictions.Add(tx, new Restriction(Id.New<RestrictionId>(now), aoi, kind, "for an hour",
                new Decider(InitiatorKind.Job, "test"), now, now.AddHours(1))), Ct);
            await counter.Get<ChargeByItself>().Run(Ct);
            (await counter.Money(aoi)).ShouldBe(800);
            counter.Clock.Move(TimeSpan.FromHours(2));
        }
        await counter.Get<ChargeByItself>().Run(Ct);
        (await counter.Money(aoi)).ShouldBe(1_300);
    }

    [Theory, BothEngines]
    public async Task Without_an_account_it_is_turned_off_and_a_full_day_only_rests(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(400);
        await Set(counter, aoi, new AutoChargeTerms(500_000.Yen(), 150_000.Yen(), 900_000.Yen()));
        await counter.Get<ChargeByItself>().Run(Ct);
        var store = await counter.Store();
        (await counter.Pay(aoi, store, 1_000)).Accepted.ShouldBeTrue();
        await counter.Get<ChargeByItself>().Run(Ct);
        (await counter.Money(aoi)).ShouldBe(149_400, "the bank's day is used");
        (await counter.Get<SetAutoCharge>().Read(aoi, Ct)).Setting!.State.ShouldBe(AutoChargeState.On);

        foreach (var account in await counter.Get<OwnBankAccounts>().Of(aoi, Ct))
            await counter.Get<UnlinkBankAccount>().Run(aoi, account.Id, Ct);
        counter.Clock.Move(TimeSpan.FromDays(1));
        await counter.Get<ChargeByItself>().Run(Ct);
        (await counter.Get<SetAutoCharge>().Read(aoi, Ct)).Setting.ShouldSatisfyAllConditions(
            s => s!.State.ShouldBe(AutoChargeState.Stopped), s => s!.Reason.ShouldBe("no_bank_account"));
    }

    /// <summary>What is charged by hand meanwhile, and paid, does not silence it.</summary>
    [Theory, BothEngines]
    public async Task After_a_charge_by_hand_it_still_charges_when_payments_leave_too_little(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var (aoi, store) = (await counter.With(0), await counter.Store());
        await Set(counter, aoi, new AutoChargeTerms(10_000.Yen(), 5_000.Yen(), 100_000.Yen()));
        await counter.Get<ChargeByItself>().Run(Ct);
        await counter.Get<ChargeByItself>().Run(Ct);
        (await counter.Money(aoi)).ShouldBe(5_000);
        await counter.Give(aoi, 50_000);

        (await counter.Pay(aoi, store, 47_000)).Accepted.ShouldBeTrue();
        await counter.Get<ChargeByItself>().Run(Ct);

        (await counter.Money(aoi)).ShouldBe(13_000);
        await counter.AgreesWithBank();
    }

    /// <summary>Ten withdrawals of all there is: the same bank account is not debited to fill the wallet up again.</summary>
    [Theory, BothEngines]
    public async Task What_leaves_otherwise_than_by_paying_sets_nothing_off(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var (aoi, ren) = (await counter.With(10_000), await counter.With(0, name: "ren"));
        await Set(counter, aoi, new AutoChargeTerms(5_000.Yen(), 5_000.Yen(), 1_000_000.Yen()));
        async Task Empty()
        {
            var there = await counter.Money(aoi);
            (await counter.Withdraw(aoi, there / 2)).Accepted.ShouldBeTrue();
            (await counter.Get<Transfer>().Run(new TransferRequest(new Payer(aoi, true), new Payer(ren, true), (there - there / 2).Yen(), null,
                Initiator.Member(aoi), [Town.Key(aoi, null, "t")]), Ct)).Accepted.ShouldBeTrue();
            await counter.Get<ChargeByItself>().Run(Ct);
        }
        async Task<long> Charges() => await counter.Count("select count(*) from charge");

        for (var i = 0; i < 10; i++)
        {
            await Empty();
            (await counter.Money(aoi)).ShouldBe(0);
            await counter.Give(aoi, 10_000);
        }
        (await Charges()).ShouldBe(0);
        await counter.AgreesWithBank();
    }

    /// <summary>Whoever cannot be looked at is heard of, and charges nobody after them any later.</summary>
    [Theory, BothEngines]
    public async Task One_member_who_cannot_be_charged_starves_nobody(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        MemberId[] all = [await counter.With(400), await counter.With(400, name: "ren"), await counter.With(400, name: "mio")];
        foreach (var member in all)
            await Set(counter, member, new AutoChargeTerms(1_000.Yen(), 5_000.Yen(), 10_000.Yen()));
        var first = all.MinBy(m => m.ToString(), StringComparer.Ordinal);
        // A row in which nothing can be reckoned.
        await Used(long.MaxValue, -10_000);

        await Should.ThrowAsync<AggregateException>(() => counter.Get<ChargeByItself>().Run(Ct));

        foreach (var member in all)
            (await counter.Money(member)).ShouldBe(member == first ? 400 : 5_400);
        await Used(10_000, 0);

        Task Used(long most, long used) => counter.Db.Transact(tx => Dapper.SqlMapper.ExecuteAsync(tx.Connection!,
            "update auto_charge set per_month_yen = @most, month = @month, month_yen = @used where member = @first",
            new { most, used, month = JapanDay.Of(counter.Clock.GetUtcNow()).Month, first }, tx), Ct);
    }

    /// <summary>The node dies between taking a charge on and asking for it, and the member turns it off.</summary>
    [Theory, BothEngines]
    public async Task What_was_turned_off_before_it_was_asked_for_is_not_charged(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(400);
        await Claimed(counter, aoi);
        await TurnOff(counter, aoi);

        await counter.Get<ChargeByItself>().Run(Ct);

        (await counter.Count("select count(*) from charge")).ShouldBe(0);
        (await counter.Get<SetAutoCharge>().Read(aoi, Ct)).ShouldSatisfyAllConditions(
            s => s.Setting!.ChargeKey.ShouldBeNull(), s => s.UsedThisMonth.ShouldBe(Yen.Zero));
    }

    [Theory, BothEngines]
    public async Task Turned_off_while_eight_nodes_look_it_charges_once_and_counts_that_or_not_at_all(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(400);
        await Claimed(counter, aoi);

        await Task.WhenAll([.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => counter.Get<ChargeByItself>().Run(Ct), Ct)),
            Task.Run(() => TurnOff(counter, aoi), Ct)]);
        await counter.Get<ChargeByItself>().Run(Ct);

        var charges = await counter.Count("select count(*) from charge");
        charges.ShouldBeInRange(0, 1);
        (await counter.Money(aoi)).ShouldBe(400 + 5_000 * charges);
        (await counter.Get<SetAutoCharge>().Read(aoi, Ct)).ShouldSatisfyAllConditions(
            s => s.Setting!.ChargeKey.ShouldBeNull(), s => s.UsedThisMonth.ShouldBe((5_000 * charges).Yen()));
    }

    internal const string Key = "auto-charge test";

    /// <summary>Turned on, and a charge taken on that nobody has asked for yet.</summary>
    internal static async Task Claimed(BankCounter counter, MemberId member)
    {
        var setting = (await Set(counter, member, new AutoChargeTerms(1_000.Yen(), 5_000.Yen(), 10_000.Yen()))).Setting!;
        (await counter.Db.Transact(tx => AutoChargeRows.Claim(tx, setting, Key, counter.Clock.GetUtcNow(), mark: 0), Ct)).ShouldBeTrue();
    }

    static Task TurnOff(BankCounter counter, MemberId member) =>
        counter.Get<SetAutoCharge>().Run(new SetAutoChargeRequest(new Payer(member, true), null, BankCounter.Nobody(member)), Ct);

    internal static async Task<AutoChargeSeen> Set(BankCounter counter, MemberId member, AutoChargeTerms terms) =>
        (await counter.Get<SetAutoCharge>().Run(new SetAutoChargeRequest(
            new Payer(member, true), terms, await counter.Proof(member, SetAutoCharge.Purpose)), Ct)).Value!;
}
