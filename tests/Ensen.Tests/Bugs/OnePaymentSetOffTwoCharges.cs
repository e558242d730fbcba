using Ensen.AutoCharges;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.AutoCharges;
using Ensen.Tests.Support;
using Ensen.Tests.Withdrawals;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A node that had looked at a wallet and was held up took a second charge on for the same payments when the first had arrived; one that gave
/// a charge up at the moment at which another asked for it took it out of the month; and everybody who only waited was looked at each minute.
/// </summary>
public class OnePaymentSetOffTwoCharges
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A node looked, was held up, and goes on when another one's charge for the same payments has come to its end.</summary>
    [Theory, BothEngines]
    public async Task Who_looked_before_a_charge_ended_takes_on_no_second_one(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var (aoi, ken) = (await counter.With(400), await counter.With(400, name: "ken"));
        var looked = new Dictionary<MemberId, AutoCharge>();
        foreach (var member in new[] { aoi, ken })
            looked[member] = (await AutoChargeTests.Set(counter, member, new AutoChargeTerms(1_000.Yen(), 5_000.Yen(), 50_000.Yen()))).Setting!;
        await counter.World.Moods.Set(Gateway.Bank, FaultMode.Refuse, 1, ct: Ct);
        await counter.Get<ChargeByItself>().Run(Ct);
        (await counter.Count("select count(*) from charge")).ShouldBe(2);

        foreach (var (member, setting) in looked)
            (await counter.Db.Transact(
                tx => AutoChargeRows.Claim(tx, setting, AutoChargeTests.Key, counter.Clock.GetUtcNow(), mark: 0), Ct)).ShouldBeFalse();
    }

    [Theory, BothEngines]
    public async Task Who_only_waits_for_a_payment_or_a_day_is_not_looked_at(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var (aoi, store) = (await counter.With(400), await counter.Store());
        await AutoChargeTests.Set(counter, aoi, new AutoChargeTerms(100_000.Yen(), 500.Yen(), 50_000.Yen()));
        for (var charges = 1; charges <= ChargeByItself.MostADay; charges++)
        {
            (await Due(counter)).ShouldBe([aoi]);
            await counter.Get<ChargeByItself>().Run(Ct);
            (await Due(counter)).ShouldBeEmpty();
            (await counter.Pay(aoi, store, 100)).Accepted.ShouldBeTrue();
        }
        (await Due(counter)).ShouldBeEmpty("the day's charges are used");
        counter.Clock.Move(TimeSpan.FromDays(1));
        (await Due(counter)).ShouldBe([aoi]);
    }

    static async Task<IReadOnlyList<MemberId>> Due(BankCounter counter)
    {
        await using var connection = await counter.Db.Connect(Ct);
        return await AutoChargeRows.Due(
            connection, default, WalletModule.Spendable.Select(t => t.Number), counter.Clock.GetUtcNow(), 10);
    }

    /// <summary>
    /// One node asks for the charge at the moment at which another gives it up, as the member has a new device since: what was asked for
    /// counts in the month.
    /// </summary>
    [Theory, BothEngines]
    public async Task What_is_asked_for_while_somebody_gives_it_up_counts_in_its_month(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(400);
        await AutoChargeTests.Claimed(counter, aoi);
        var now = counter.Clock.GetUtcNow();
        await counter.Db.Transact(tx => Restrictions.Add(tx, new Restriction(Id.New<RestrictionId>(now), aoi, RestrictionKind.LowCaps,
            "for an hour", new Decider(InitiatorKind.Job, "test"), now, now.AddHours(1))), Ct);
        var givingUp = Task.CompletedTask;

        (await counter.Get<Charge>().Run(new ChargeRequest(
            new Payer(aoi, true), ChargeSource.Bank, 5_000.Yen(), IdempotencyKey.Of(aoi, AutoChargeTests.Key, "auto charge", 5_000L))
        {
            Alongside = async tx =>
            {
                (await AutoChargeRows.Holds(tx, aoi, AutoChargeTests.Key)).ShouldBeTrue();
                givingUp = Task.Run(() => counter.Get<ChargeByItself>().Run(Ct), Ct);
                await Task.Delay(500, Ct); // The other one is to wait for this transaction, which shows in nothing but time.
            },
        }, Ct)).Accepted.ShouldBeTrue();
        await givingUp;
        await counter.Get<ChargeByItself>().Run(Ct);

        (await counter.Money(aoi)).ShouldBe(5_400);
        (await counter.Get<SetAutoCharge>().Read(aoi, Ct)).ShouldSatisfyAllConditions(
            s => s.Setting!.ChargeKey.ShouldBeNull(), s => s.UsedThisMonth.ShouldBe(5_000.Yen()));
    }
}
