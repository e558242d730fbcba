using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Ledger;

/// <summary>Caps: what counts, when it begins anew, and whose word is last.</summary>
public class SpendingLimitTests
{
    static readonly Caps s_caps = new(300, 500, 1_000);
    static readonly Programme s_programme = new() { Payments = new PaymentRules { Verified = s_caps, Unverified = s_caps } };

    [Theory, BothEngines]
    public async Task Day_and_month_begin_anew_at_midnight_in_Tokyo(Engine engine)
    {
        await using var town = await Town.On(engine, s_programme);
        var aoi = await town.Member("Aoi").With(50_000.Yen());
        var cafe = await town.Store("Café Loop");

        (string At, int Yen, PayRefusal Answer)[] days =
        [
            ("2026-05-30 23:00",        301, PayRefusal.OverLimit), // more than one payment may be
            ("2026-05-30 23:00",        300, PayRefusal.None),
            ("2026-05-30 23:59:59.999", 201, PayRefusal.OverLimit), // 300 of the day's 500 are used
            ("2026-05-30 23:59:59.999", 200, PayRefusal.None),
            ("2026-05-30 23:59:59.999",   1, PayRefusal.OverLimit),
            ("2026-05-31 00:00",        300, PayRefusal.None),      // a new day, the same month: 800
            ("2026-05-31 09:00",        200, PayRefusal.None),      // 1,000; in London this is still the day before midnight
            ("2026-05-31 23:59:59.999",   1, PayRefusal.OverLimit),
            ("2026-06-01 00:00",        300, PayRefusal.None),      // a new month
            ("2026-06-01 00:00",        200, PayRefusal.None),
            ("2026-06-01 00:00",          1, PayRefusal.OverLimit),
            ("2026-05-31 23:59",          1, PayRefusal.OverLimit), // a node whose clock is late counts into the newer day
            ("2026-06-02 00:00",        300, PayRefusal.None),
        ];
        foreach (var (at, yen, answer) in days)
        {
            town.Clock.Set(at);
            (await town.Pay(aoi, cafe, yen.Yen())).Refusal.ShouldBe(answer, $"{yen} yen at {at}");
        }
    }

    [Theory, BothEngines]
    public async Task The_wallet_shows_what_is_left_of_the_stricter_caps(Engine engine)
    {
        await using var town = await Town.On(engine, s_programme);
        var aoi = await town.Member("Aoi").With(50_000.Yen());
        var cafe = await town.Store("Café Loop");
        await town.ChangeSpendingLimit(aoi, LimitKind.Pay, a => a with { PerDay = 400, PerMonth = 99_999 });

        await town.Paid(aoi, cafe, 150.Yen());
        var wallet = await town.Wallet(aoi);

        wallet.Caps.ShouldBe(new Caps(300, 400, 1_000));
        wallet.Left.ShouldBe(new LimitLeft(300, 250, 850));
    }

    // Attack 26: the balance was looked at, then the cap is lowered, then the payment is booked.
    [Theory]
    [BothEngines(false)]
    [BothEngines(true)]
    public async Task The_cap_in_force_at_commit_decides(Engine engine, bool hadCapsBefore)
    {
        await using var town = await Town.On(engine, writers: 1);
        var aoi = await town.Member("Aoi").With(50_000.Yen());
        if (hadCapsBefore)
            await town.ChangeSpendingLimit(aoi, LimitKind.Pay, a => a with { PerDay = 40_000 });
        var looked = 0;

        var answer = await town.Ledger.Post(Spending(town, aoi, 1_000, _ =>
        {
            if (++looked == 1)
                town.ChangeSpendingLimit(aoi, LimitKind.Pay, a => a with { PerDay = 999 }).GetAwaiter().GetResult();
        }));

        answer.Refusal.ShouldBe(MoveRefusal.OverLimit);
        looked.ShouldBe(2);
        (await town.Balance(aoi.Id, AccountType.Money)).ShouldBe(50_000);
    }

    [Theory, BothEngines]
    public async Task Lowering_a_cap_waits_for_no_payment_and_loses_none(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(50_000.Yen());
        await town.ChangeSpendingLimit(aoi, LimitKind.Pay, a => a with { PerDay = 40_000 });

        var paying = Enumerable.Range(0, 60).Select(_ => town.Ledger.Post(Spending(town, aoi, 500, null))).ToList();
        var changed = 0;
        for (var cap = 39_999; cap > 39_980; cap--)
            changed += await TryLower(town, aoi, cap) ? 1 : 0;
        var answers = await Task.WhenAll(paying);

        answers.ShouldAllBe(a => a.Accepted);
        await using var connection = await town.Db.Connect();
        var limit = await SpendingLimits.Find(connection, aoi.Id, LimitKind.Pay);
        limit.DayUsed.ShouldBe(30_000);
        (limit.PerDay < 40_000).ShouldBe(changed > 0);
    }

    [Theory, BothEngines]
    public async Task Two_who_change_the_same_allowance_do_not_overwrite_each_other(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");
        await using var connection = await town.Db.Connect();
        var read = await SpendingLimits.Find(connection, aoi.Id, LimitKind.Pay);

        (await town.Db.Transact(tx => SpendingLimits.Keep(tx, read with { PerDay = 100 }))).ShouldBeTrue();
        (await town.Db.Transact(tx => SpendingLimits.Keep(tx, read with { PerDay = 200 }))).ShouldBeFalse();

        (await town.Wallet(aoi)).Caps.PerDay.ShouldBe(100);
    }

    static Move Spending(Town town, Resident who, long yen, Action<AccountState>? meanwhile) =>
        new(Id.New(town.Clock), town.Clock.GetUtcNow(),
        Leg.Of(who.Id, AccountType.Money, new Yen(-yen)), Leg.Of(Chart.Operator, AccountType.Suspense, new Yen(yen)))
        {
            Use = new LimitUse(who.Id, LimitKind.Pay, yen, town.Today),
            Meanwhile = meanwhile,
        };

    static Task<bool> TryLower(Town town, Resident who, long cap) => town.Db.Transact(async tx =>
        await SpendingLimits.Keep(tx, await SpendingLimits.Find(tx.Connection!, who.Id, LimitKind.Pay, tx) with { PerDay = cap }));
}
