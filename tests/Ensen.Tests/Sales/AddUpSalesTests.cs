using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Sales;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Sales;

/// <summary>Sales agree with the ledger to the yen, whatever they are told by.</summary>
public sealed class AddUpSalesTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_day_is_counted_from_midnight_to_midnight_in_Japan_and_a_refund_on_the_day_it_is_made(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, east, west) = (await town.Member("Aoi").With(100_000.Yen()), await town.Store("East"), await town.Store("West"));
        var day = await Midnight(town);
        var late = await town.Paid(aoi, east, 1_000.Yen());
        town.Clock.Move(TimeSpan.FromSeconds(2));
        await town.Paid(aoi, east, 300.Yen());
        await town.Paid(aoi, west, 5_000.Yen());
        await town.Refunded(late.PaymentId, east, 400.Yen());

        var sales = town.Get<AddUpSales>();
        (await sales.Run([east.Id], day, day, Ct)).Total.ShouldBe(new SalesRow("", 1, 0, 1_000.Yen()));
        (await sales.Run([east.Id], day.Next, day.Next, Ct)).Total.ShouldBe(new SalesRow("", 1, 1, (-100).Yen()));
        (await sales.Run([west.Id], day, day, Ct)).Parts.ShouldBeEmpty();
        var both = await sales.Run([east.Id, west.Id], day, day.Next, Ct);
        both.By(SalesBy.Day).ShouldBe([new SalesRow(day.ToString(), 1, 0, 1_000.Yen()), new SalesRow(day.Next.ToString(), 2, 1, 4_900.Yen())]);
        both.By(SalesBy.Hour).ShouldBe([new SalesRow("00", 2, 1, 4_900.Yen()), new SalesRow("23", 1, 0, 1_000.Yen())]);
        both.By(SalesBy.Store).ShouldBe([new SalesRow(west.Id.ToString(), 1, 0, 5_000.Yen()), new SalesRow(east.Id.ToString(), 2, 1, 900.Yen())]);
        both.By(SalesBy.Way).ShouldBe([new SalesRow("direct", 3, 1, 5_900.Yen())]);
        both.By(SalesBy.Clerk).ShouldBe([new SalesRow(SalesRow.Nobody, 3, 1, 5_900.Yen())]);
        both.Whole(SalesBy.Hour).Count.ShouldBe(24);
        both.Whole(SalesBy.Day).Count.ShouldBe(2);
    }

    [Theory, BothEngines]
    public async Task What_is_told_by_anything_adds_up_to_what_the_stores_are_owed(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, stores) = (await town.Member("Aoi").With(900_000.Yen()), new[] { await town.Store("East"), await town.Store("West") });
        var (random, first) = (new Random(7), town.Today);
        for (var i = 0; i < 60; i++)
        {
            town.Clock.Move(TimeSpan.FromMinutes(random.Next(1, 90)));
            var paid = await town.Paid(aoi, stores[random.Next(2)], random.Next(1, 4_000).Yen());
            if (random.Next(3) == 0)
                await town.Refunded(paid.PaymentId, stores.Single(s => s.Id == paid.StoreId), random.Next(1, (int)paid.Amount.Value + 1).Yen());
        }
        var one = await town.Paid(aoi, stores[0], 2_000.Yen());
        await Corrected(town, one.PaymentId, aoi, stores[0], 500);

        var all = await town.Get<AddUpSales>().Run([.. stores.Select(s => s.Id)], first, town.Today, Ct);
        var owed = 0L;
        foreach (var store in stores)
            owed += await town.Balance(store.Id, AccountType.Payable);
        all.Total.Yen.Value.ShouldBe(owed);
        all.Total.Payments.ShouldBe(61);
        foreach (var by in Enum.GetValues<SalesBy>())
            SalesRowOf(all.By(by)).ShouldBe((all.Total.Payments, all.Total.Refunds, owed), $"{by}");
        foreach (var row in all.By(SalesBy.Day))
            row.Yen.Value.ShouldBe(await Entries(town, JapanDay.Parse(row.Key), [.. stores.Select(s => s.Id)]), row.Key);
    }

    [Theory, BothEngines]
    public async Task A_payment_is_found_by_amount_and_time_in_the_stores_that_are_asked(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, east, west) = (await town.Member("Aoi").With(100_000.Yen()), await town.Store("East"), await town.Store("West"));
        var start = town.Clock.GetUtcNow();
        var paid = await town.Paid(aoi, east, 700.Yen());
        await town.Paid(aoi, west, 700.Yen());
        town.Clock.Move(TimeSpan.FromMinutes(5));
        var later = await town.Paid(aoi, east, 700.Yen());
        await town.Paid(aoi, east, 701.Yen());
        var refund = await town.Refunded(later.PaymentId, east, 700.Yen());
        var search = new SalesSearch([east.Id], start, start.AddHours(1), 700.Yen());

        var found = await town.Get<SearchSales>().Run(search, 10, Ct);
        found.Select(f => f.Number).ShouldBe([refund.RefundId.ToString(), later.PaymentId.ToString(), paid.PaymentId.ToString()]);
        found.Select(f => f.IsRefund).ShouldBe([true, false, false]);
        (await town.Get<SearchSales>().Run(search with { Before = found[0].EntryId }, 1, Ct)).Single().Number.ShouldBe(later.PaymentId.ToString());
        (await town.Get<SearchSales>().Run(search with { Until = start.AddMinutes(1) }, 10, Ct)).Single().PaymentId.ShouldBe(paid.PaymentId);
        (await town.Get<SearchSales>().Run(search with { Amount = null }, 10, Ct)).Count.ShouldBe(4);
        (await town.Get<SearchSales>().Run(search with { Stores = [] }, 10, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public void A_period_has_an_end_and_is_a_year_at_most()
    {
        var day = JapanDay.Parse("2026-11-30");
        AddUpSales.IsPeriod(day, day).ShouldBeTrue();
        AddUpSales.IsPeriod(day, day.Previous).ShouldBeFalse();
        AddUpSales.IsPeriod(day, new JapanDay(day.Date.AddDays(AddUpSales.MostDays - 1))).ShouldBeTrue();
        AddUpSales.IsPeriod(day, new JapanDay(day.Date.AddDays(AddUpSales.MostDays))).ShouldBeFalse();
    }

    static (long Payments, long Refunds, long Yen) SalesRowOf(IReadOnlyList<SalesRow> rows) =>
        (rows.Sum(r => r.Payments), rows.Sum(r => r.Refunds), rows.Sum(r => r.Yen).Value);

    /// <summary>One second before a midnight in Japan; the day that ends then.</summary>
    static Task<JapanDay> Midnight(Town town)
    {
        var day = town.Today;
        town.Clock.Move(day.Next.Start - town.Clock.GetUtcNow() - TimeSpan.FromSeconds(1));
        return Task.FromResult(day);
    }

    static async Task Corrected(Town town, PaymentId payment, Resident member, Shop store, long yen)
    {
        var proposed = await town.Get<ProposeCorrection>().Run(new ProposeCorrectionRequest(payment, "typed wrong", await town.Operator("Suzuki"),
            [Leg.Of(store.Id, AccountType.Payable, (-yen).Yen()), Leg.Of(member.Id, AccountType.Money, yen.Yen())]), Ct);
        proposed.Accepted.ShouldBeTrue($"{proposed.Refusal}");
        (await town.Get<ApproveCorrection>().Run(proposed.Value!.Id, await town.Operator("Ito"), Ct)).Accepted.ShouldBeTrue();
    }

    /// <summary>What the entries of a day moved in what the stores are owed, one by one.</summary>
    static async Task<long> Entries(Town town, JapanDay day, IReadOnlyList<StoreId> stores)
    {
        await using var connection = await town.Db.Connect(Ct);
        var sum = 0L;
        foreach (var store in stores)
            sum += (await connection.QueryAsync<(long AtMs, long Amount)>(
                """
                select e.at_ms, g.amount
                from entry e
                join posting g on g.entry_id = e.id
                where g.owner = @store and g.account_type = @payable
                """, new { store, payable = AccountType.Payable.Number }))
                .Where(r => JapanDay.Of(Instant.OfMilliseconds(r.AtMs)) == day).Sum(r => r.Amount);
        return sum;
    }
}
