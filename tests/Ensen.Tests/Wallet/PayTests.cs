using System.Globalization;
using Ensen.Basics;
using Ensen.Codes;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>Paying a store: what is taken from where, what is earned, and what is refused.</summary>
public class PayTests
{
    // What a member has, what is paid (of it with points), the answer, what the member has then, and what the payment earned.
    const string Table =
        """
        money    prepaid   points    pays      with points   answer                money    prepaid   points   earned
        1,000    0         0         300       0             paid                  700      0         1        1
        1,000    0         0         199       0             paid                  801      0         0        0
        1,000    0         0         200       0             paid                  800      0         1        1
        1,000    0         0         1,000     0             paid                  0        0         5        5
        1,000    0         0         1,001     0             InsufficientBalance   1,000    0         0        0
        1,000    500       0         300       0             paid                  1,000    200       1        1
        1,000    500       0         500       0             paid                  1,000    0         2        2
        1,000    500       0         501       0             paid                  999      0         2        2
        1,000    500       0         1,500     0             paid                  0        0         7        7
        1,000    500       0         1,501     0             InsufficientBalance   1,000    500       0        0
        0        500       0         500       0             paid                  0        0         2        2
        1,000    0         300       300       300           paid                  1,000    0         0        0
        1,000    0         300       500       300           paid                  800      0         1        1
        1,000    0         300       500       299           paid                  799      0         2        1
        1,000    0         300       500       301           InsufficientPoints    1,000    0         300      0
        0        0         300       300       300           paid                  0        0         0        0
        0        0         300       301       300           InsufficientBalance   0        0         300      0
        0        0         300       301       301           InsufficientPoints    0        0         300      0
        1,000    0         300       200       201           InvalidAmount         1,000    0         300      0
        1,000    0         300       200       -1            InvalidAmount         1,000    0         300      0
        1,000    0         300       500       most          paid                  800      0         1        1
        1,000    0         300       100       most          paid                  1,000    0         200      0
        1,000    0         0         500       most          paid                  500      0         2        2
        100      0         300       500       most          InsufficientBalance   100      0         300      0
        1,000    0         0         0         0             InvalidAmount         1,000    0         0        0
        1,000    0         0         -1        0             InvalidAmount         1,000    0         0        0
        1,000    0         0         -1        -1            InvalidAmount         1,000    0         0        0
        1,000    0         0         1,000,000,000           0                        InvalidAmount   1,000    0   0   0
        1,000    0         0         9,223,372,036,854,775,807   0                    InvalidAmount   1,000    0   0   0
        1,000    0         0         -9,223,372,036,854,775,808  0                    InvalidAmount   1,000    0   0   0
        1,000    0         300       200       9,223,372,036,854,775,807              InvalidAmount   1,000    0   300   0
        1,000    0         300       200       -9,223,372,036,854,775,808             InvalidAmount   1,000    0   300   0
        900,000  0         0         500,000   0             paid                  400,000  0         2,500    2,500
        900,000  0         0         500,001   0             OverLimit             900,000  0         0        0
        900,000  0         0         999,999,999             0                        OverLimit       900,000  0   0   0
        """;

    [Theory, BothEngines]
    public async Task Payments_take_prepaid_before_money_and_points_as_asked(Engine engine)
    {
        await using var town = await Town.On(engine);
        var cafe = await town.Store("Café Loop");
        var rows = Table.Split('\n').Skip(1).Select(
            l => l.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();

        var said = await Task.WhenAll(rows.Select(async row =>
        {
            var who = await town.Member("Aoi").With(Number(row[0]).Yen()).WithPrepaid(Number(row[1]).Yen()).With(Number(row[2]).Points());
            var most = row[4] == "most";
            var answer = await town.Pay(
                Town.Payment(who, cafe, Number(row[3]).Yen(), (most ? 999_999 : Number(row[4])).Points()) with { PointsAreMost = most });
            var wallet = await town.Wallet(who);
            return (IReadOnlyList<string>)
            [
                .. row[..5], answer.Accepted ? "paid" : answer.Refusal.ToString(),
                Text(wallet.Money.Value), Text(wallet.Prepaid.Value), Text(wallet.Points.Value),
                Text(answer.Value?.PointsEarned.Value ?? 0),
            ];
        }));

        said.Select(s => string.Join("  ", s)).ShouldBe(rows.Select(r => string.Join("  ", r)));
        (await town.Entries(EntryKind.Payment)).ShouldBe(rows.Count(r => r[5] == "paid"));
    }

    [Theory, BothEngines]
    public async Task A_payment_says_what_it_was_and_the_books_agree(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen()).WithPrepaid(300.Yen()).With(100.Points());
        var cafe = await town.Store("Café Loop");

        var paid = await town.Paid(aoi, cafe, 900.Yen(), 100.Points());

        paid.ShouldBe(new Paid(paid.PaymentId, aoi.Id, cafe.Id, "Café Loop", 900.Yen(), 800.Yen(), 100.Points(), 4.Points(), town.Clock.GetUtcNow()));
        paid.ReceiptNumber.ShouldMatch("^[0-9A-HJKMNP-TV-Z]{3}-[0-9]{4}$");
        (await town.Holds(aoi)).ShouldBe("money 500, prepaid 0, points 4");
        (await town.Balance(cafe.Id, AccountType.Payable)).ShouldBe(900);
        (await town.Balance(Chart.Operator, AccountType.PointFunding)).ShouldBe(-100);
        (await town.Balance(Chart.Operator, AccountType.PointLiability)).ShouldBe(-4);
    }

    [Theory, BothEngines]
    public async Task Points_leave_the_lot_that_lapses_soonest_and_never_one_that_has(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(30.Points(), "2028-03-31").With(10.Points(), "2026-05-31").With(20.Points(), "2027-03-31")
            .With(5.Points(), "2026-06-01");
        var cafe = await town.Store("Café Loop");

        (await town.Pay(aoi, cafe, 56.Yen(), 56.Points())).Refusal.ShouldBe(PayRefusal.InsufficientPoints); // ten lapsed yesterday
        await town.Paid(aoi, cafe, 32.Yen(), 32.Points());

        (await town.Wallet(aoi)).Lots.ShouldBe([new LotBalance(Lot.Basic(JapanDay.Parse("2028-03-31")), 23.Points())]);
        (await town.Balance(aoi.Id, AccountType.Points, 20260531)).ShouldBe(10);
    }

    [Theory, BothEngines]
    public async Task Before_verification_only_prepaid_is_spent_and_the_caps_are_low(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(90_000.Yen()).WithPrepaid(90_000.Yen()).Unverified();
        var cafe = await town.Store("Café Loop");

        (await town.Pay(aoi, cafe, 50_001.Yen())).Refusal.ShouldBe(PayRefusal.OverLimit);
        (await town.Pay(aoi, cafe, 50_000.Yen())).Accepted.ShouldBeTrue();
        (await town.Pay(aoi, cafe, 1.Yen())).Refusal.ShouldBe(PayRefusal.OverLimit);
        town.Clock.Move(TimeSpan.FromDays(1));
        // there is money, but it needs verification
        (await town.Pay(aoi, cafe, 40_001.Yen())).Refusal.ShouldBe(PayRefusal.InsufficientBalance);
        (await town.Pay(aoi, cafe, 40_000.Yen())).Accepted.ShouldBeTrue();
        town.Clock.Move(TimeSpan.FromDays(1));
        (await town.Pay(aoi, cafe, 10_001.Yen())).Refusal.ShouldBe(PayRefusal.OverLimit); // of the month

        (await town.Holds(aoi)).ShouldBe("money 90000, prepaid 0, points 450");
    }

    // Attack 73: the year of earning is Tokyo's, and points live through the whole of their last day.
    [Theory]
    [BothEngines("2026-03-31 23:59:59.999", "2027-03-31")]
    [BothEngines("2026-04-01 00:00", "2028-03-31")]
    [BothEngines("2026-03-31 00:00", "2027-03-31")]
    [BothEngines("2028-02-29 12:00", "2029-03-31")]
    public async Task Points_live_until_the_end_of_March_of_the_next_fiscal_year(Engine engine, string paidAt, string lastDay)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(2_000.Yen());
        var cafe = await town.Store("Café Loop");

        town.Clock.Set(paidAt);
        await town.Paid(aoi, cafe, 2_000.Yen());
        (await town.Wallet(aoi)).Lots.ShouldBe([new LotBalance(Lot.Basic(JapanDay.Parse(lastDay)), 10.Points())]);

        town.Clock.Set(lastDay + " 23:59:59.999");
        (await town.Pay(aoi, cafe, 4.Yen(), 4.Points())).Accepted.ShouldBeTrue();
        town.Clock.Move(TimeSpan.FromMilliseconds(1));
        (await town.Pay(aoi, cafe, 4.Yen(), 4.Points())).Refusal.ShouldBe(PayRefusal.InsufficientPoints);
        (await town.Wallet(aoi)).Points.ShouldBe(0.Points());
    }

    [Theory, BothEngines]
    public async Task Another_body_under_the_same_key_is_refused_and_another_members_key_is_another_key(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var ren = await town.Member("Ren").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");

        await town.Pay(aoi, cafe, 100.Yen(), key: "k");

        (await town.Pay(aoi, cafe, 101.Yen(), key: "k")).Refusal.ShouldBe(PayRefusal.KeyReused); // attack 30
        var other = await town.Pay(ren, cafe, 101.Yen(), key: "k"); // attack 32
        (other.Accepted, other.Replayed).ShouldBe((true, false));
        (await town.Holds(aoi)).ShouldBe("money 900, prepaid 0, points 0");
    }

    // Attack 14: the same order with another amount.
    [Theory, BothEngines]
    public async Task An_order_is_one_payment_and_with_another_amount_a_conflict(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");
        PayRequest Order(int yen, Guid code) => Town.Payment(aoi, cafe, yen.Yen()) with
        {
            IdempotencyKeys = [Town.Key(cafe.Id, null, "request"), TakePayment.OrderKey(cafe.Id, "42", yen.Yen())],
            Spends = [new SingleUse(SingleUseKind.CodeUsed, code)],
        };
        var (first, second) = (Id.New(town.Clock), Id.New(town.Clock));

        var poor = await town.Pay(Order(2_000, first));
        var paid = await town.Pay(Order(300, first));
        var again = await town.Pay(Order(300, second));
        var higher = await town.Pay(Order(301, second));

        poor.Refusal.ShouldBe(PayRefusal.InsufficientBalance);
        paid.Replayed.ShouldBeFalse();
        (again.Value, again.Replayed).ShouldBe((paid.Value, true));
        higher.Refusal.ShouldBe(PayRefusal.OrderConflict);
        (await town.Holds(aoi)).ShouldBe("money 700, prepaid 0, points 1");
    }

    // Attack 1: the same code at one till, under another key.
    [Theory, BothEngines]
    public async Task A_code_that_was_used_pays_nothing_more(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");
        var code = new SingleUse(SingleUseKind.CodeUsed, Id.New(town.Clock));

        (await town.Pay(Town.Payment(aoi, cafe, 2_000.Yen()) with { Spends = [code] })).Refusal.ShouldBe(PayRefusal.InsufficientBalance);
        (await town.Pay(Town.Payment(aoi, cafe, 100.Yen()) with { Spends = [code] })).Accepted.ShouldBeTrue();
        (await town.Pay(Town.Payment(aoi, cafe, 100.Yen()) with { Spends = [code] })).Refusal.ShouldBe(PayRefusal.CodeUsed);

        (await town.Entries(EntryKind.Payment)).ShouldBe(1);
    }

    static long Number(string text) =>
        long.Parse(text, NumberStyles.AllowThousands | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
