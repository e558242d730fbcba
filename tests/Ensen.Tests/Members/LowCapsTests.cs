using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Members;

/// <summary>After what a thief would do first, little leaves the wallet for a while: paid and sent together, on every node at once.</summary>
public class LowCapsTests
{
    [Theory, BothEngines]
    public async Task They_hold_for_payments_and_transfers_together_and_end_by_themselves(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi").With(100_000.Yen()), await town.Member("Ren"));
        var cafe = await town.Store("Café Loop");
        town.Clock.Set("2026-06-10 10:00");
        await Begin(town, aoi, LowCapsCause.NewDevice);

        (await town.Pay(aoi, cafe, 10_001.Yen())).Refusal.ShouldBe(PayRefusal.OverLimit);
        (await town.Send(aoi, ren, 10_001.Yen())).Refusal.ShouldBe(TransferRefusal.OverLimit);
        await town.Paid(aoi, cafe, 10_000.Yen());
        (await town.Send(aoi, ren, 10_000.Yen())).Accepted.ShouldBeTrue();
        var wallet = await town.Wallet(aoi);
        (wallet.Caps.PerPayment, wallet.Caps.PerDay, wallet.Left.Today).ShouldBe((10_000, 30_000, 10_000));
        wallet.LowCaps.ShouldBe(new LowCapsInForce(LowCapsCause.NewDevice, town.Clock.GetUtcNow().AddHours(24)));
        await town.Paid(aoi, cafe, 10_000.Yen());
        (await town.Send(aoi, ren, 1.Yen())).Refusal.ShouldBe(TransferRefusal.OverLimit);
        (await town.Send(ren, aoi, 10_000.Yen())).Accepted.ShouldBeTrue("what arrives is not capped");

        town.Clock.Set("2026-06-11 09:59:59.999");
        (await town.Pay(aoi, cafe, 10_001.Yen())).Refusal.ShouldBe(PayRefusal.OverLimit);
        town.Clock.Set("2026-06-11 10:00");
        (await town.Pay(aoi, cafe, 10_001.Yen())).Accepted.ShouldBeTrue();
        (await town.Wallet(aoi)).LowCaps.ShouldBeNull();
    }

    [Theory, BothEngines]
    public async Task Of_several_the_last_to_end_holds_and_is_told(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(100_000.Yen());
        town.Clock.Set("2026-06-10 10:00");
        await Begin(town, aoi, LowCapsCause.TelephoneChanged);
        town.Clock.Set("2026-06-10 11:00");
        await Begin(town, aoi, LowCapsCause.NewDevice);
        await Begin(town, aoi, LowCapsCause.NewDevice);

        (await town.Get<LowCaps>().Find(aoi.Id, Ct)).ShouldBe(
            new LowCapsInForce(LowCapsCause.TelephoneChanged, town.Clock.GetUtcNow().AddHours(71)));
        (await town.Get<LiftRestriction>().InForce(10, ct: Ct)).Count.ShouldBe(2);
        town.Clock.Set("2026-06-12 12:00");
        await Begin(town, aoi, LowCapsCause.NewDevice);
        (await town.Get<LowCaps>().Find(aoi.Id, Ct))!.Until.ShouldBe(town.Clock.GetUtcNow().AddHours(24), "it begins anew");
    }

    // Forty at once on two nodes, with the caps coming between them: what was decided before and not committed is decided again.
    [Theory, BothEngines]
    public async Task Of_forty_payments_and_transfers_at_once_no_more_than_the_caps_pass(Engine engine)
    {
        await using var town = await Town.On(engine);
        await using var other = new GeneralLedger(town.Db, town.Clock);
        var cafe = await town.Store("Café Loop");
        var ren = await town.Member("Ren");
        var before = await town.Member("Aoi").With(80_000.Yen());
        await Begin(town, before, LowCapsCause.NewDevice);

        (await Spend(before)).Count(passed => passed).ShouldBe(15, "of 2,000 yen each");

        for (var round = 0; round < 5; round++)
        {
            var aoi = await town.Member($"Aoi {round}").With(80_000.Yen());
            var spending = Spend(aoi);
            await Begin(town, aoi, LowCapsCause.TelephoneChanged);
            var money = (await town.Wallet(aoi)).Money.Value;
            var passed = (await spending).Count(p => p);
            (passed * 2_000L).ShouldBeLessThanOrEqualTo(Math.Max(80_000 - money, 30_000));
            (await town.Pay(aoi, cafe, 10_001.Yen())).Refusal.ShouldBe(PayRefusal.OverLimit);
        }

        Task<bool[]> Spend(Resident who) => Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () => i % 2 == 0
            ? (await town.Pay(Town.Payment(who, cafe, 2_000.Yen()), i % 4 == 0 ? town.Ledger : other)).Accepted
            : (await town.Send(who, ren, 2_000.Yen(), node: i % 4 == 1 ? town.Ledger : other)).Accepted, Ct)));
    }

    [Theory, BothEngines]
    public async Task Begun_forty_times_at_once_they_are_one_row(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => Begin(town, aoi, LowCapsCause.NewDevice), Ct)));

        (await town.Get<LiftRestriction>().InForce(100, ct: Ct)).Count.ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_thaw_leaves_them_and_an_operator_who_lifts_them_stands_in_the_log(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(50_000.Yen());
        var cafe = await town.Store("Café Loop");
        await Begin(town, aoi, LowCapsCause.NewDevice);
        await town.Get<Thaw>().Freeze(aoi.Id, "a browser", Ct);
        await town.Freeze(aoi);
        ActingOperator suzuki = await town.Operator("Suzuki");

        var (refusal, lifted) = await town.Get<LiftRestriction>().All(aoi.Id, "found", suzuki, ct: Ct);

        (refusal, lifted).ShouldBe((LiftRestrictionRefusal.None, 2), "the two freezes");
        (await town.Pay(aoi, cafe, 10_001.Yen())).Refusal.ShouldBe(PayRefusal.OverLimit);
        var low = (await town.Get<LiftRestriction>().InForce(10, ct: Ct)).ShouldHaveSingleItem();
        low.Kind.ShouldBe(RestrictionKind.LowCaps);
        (await town.Get<LiftRestriction>().Run(new LiftRestrictionRequest(low.Id, "came to the counter", suzuki), Ct)).Accepted.ShouldBeTrue();
        (await town.Pay(aoi, cafe, 10_001.Yen())).Accepted.ShouldBeTrue();
        (await town.Count("select count(*) from operator_log where reason = 'came to the counter'")).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_programme_may_do_without_them(Engine engine)
    {
        await using var town = await Town.On(engine, new Programme { Membership = new() { NewDeviceHours = 0 } });
        var aoi = await town.Member("Aoi").With(50_000.Yen());

        await Begin(town, aoi, LowCapsCause.NewDevice);

        (await town.Get<LowCaps>().Find(aoi.Id, Ct)).ShouldBeNull();
    }

    static Task Begin(Town town, Resident who, LowCapsCause cause) =>
        town.Db.Transact(tx => town.Get<LowCaps>().Begin(tx, who.Id, cause), Ct);

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
