using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Tests.Links;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>A month's sums are the ledger's: brought forward, and each kind, make what is carried forward.</summary>
public class MonthStatementTests
{
    [Theory, BothEngines]
    public async Task What_is_brought_forward_and_each_kind_make_what_is_carried_forward(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi").With(50_000.Yen()).WithPrepaid(3_000.Yen()), await town.Member("Ren").With(9_000.Yen()));
        var bakery = await town.Store("Bakery");
        var months = town.Get<MonthStatements>();
        var first = MonthStart(town.Today);
        (await town.Pay(aoi, bakery, 1_000.Yen())).Accepted.ShouldBeTrue();
        town.Clock.Move(TimeSpan.FromDays(32));
        var second = MonthStart(town.Today);
        var paid = (await town.Pay(aoi, bakery, 5_000.Yen())).Value!;
        (await town.Refund(paid.PaymentId, bakery, 1_000.Yen())).Accepted.ShouldBeTrue();
        (await town.Send(aoi, ren, 700.Yen())).Accepted.ShouldBeTrue();
        (await town.Send(ren, aoi, 40.Yen())).Accepted.ShouldBeTrue();
        (await town.Link(aoi, 60.Yen())).Accepted.ShouldBeTrue();
        town.Clock.Move(TimeSpan.FromDays(32));
        var third = MonthStart(town.Today);
        (await town.Pay(aoi, bakery, 300.Yen())).Accepted.ShouldBeTrue();

        var (one, two, three) = (await Of(months, aoi, first, second), await Of(months, aoi, second, third), await Of(months, aoi, third, third.AddDays(60)));
        one.Carried.ShouldBe(two.Brought);
        two.Carried.ShouldBe(three.Brought);
        foreach (var month in new[] { one, two, three })
            month.Lines.Aggregate(month.Brought, (sum, line) => sum + line.Amounts).ShouldBe(month.Carried);
        two.Lines.Select(l => $"{l.Kind} {(l.IsIn ? "in" : "out")} {l.Amounts.Money} {l.Amounts.Prepaid} {l.Amounts.Points}").ShouldBe(
        [
            "Payment in 0 0 25", "Refund in 1000 0 0", "Transfer in 40 0 0",
            "Payment out -3000 -2000 0", "Refund out 0 0 -5", "Transfer out -700 0 0", "Link out -60 0 0",
        ]);
        var wallet = await town.Wallet(aoi);
        three.Carried.ShouldBe(new MonthAmounts(wallet.Money.Value, wallet.Prepaid.Value, wallet.Points.Value));
    }

    [Theory, BothEngines]
    public async Task A_month_of_more_lines_than_a_page_is_whole(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, bakery) = (await town.Member("Aoi").With(100_000.Yen()), await town.Store("Bakery"));
        var first = MonthStart(town.Today);
        await Task.WhenAll(Enumerable.Range(0, 600).Select(_ => Task.Run(() => town.Pay(aoi, bakery, 200.Yen()))));
        var month = await Of(town.Get<MonthStatements>(), aoi, first, first.AddDays(31));
        var wallet = await town.Wallet(aoi);
        month.Carried.ShouldBe(new MonthAmounts(wallet.Money.Value, wallet.Prepaid.Value, wallet.Points.Value));
        month.Lines.Single(l => l is { IsIn: false } && l.Kind == EntryKind.Payment).Amounts.Money.ShouldBe(wallet.Money.Value - 100_000);
        month.Lines.Aggregate(month.Brought, (sum, line) => sum + line.Amounts).ShouldBe(month.Carried);
    }

    static DateTimeOffset MonthStart(JapanDay day) => new JapanDay(new DateOnly(day.Date.Year, day.Date.Month, 1)).Start;

    static Task<MonthStatement> Of(MonthStatements months, Resident who, DateTimeOffset from, DateTimeOffset until) =>
        months.Of(who.Payer.MemberId, from, until);
}
