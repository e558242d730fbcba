using Dapper;
using Ensen.Basics;
using Ensen.Compliance;
using Ensen.Ledger;
using Ensen.Links;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Settlement;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Businesses;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Compliance;

/// <summary>The reports of the law agree with the ledger to the yen, for any day, whenever they are asked.</summary>
public class ReportsTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static readonly AccountType[] s_transfers =
        [AccountType.Money, AccountType.LinkHeld, AccountType.Payable, AccountType.MerchantDue, AccountType.PayOutTransit, AccountType.Suspense];

    [Theory, BothEngines]
    public async Task Each_day_over_the_years_end_says_what_the_books_held_then_whenever_it_is_asked_and_however_it_was_closed(Engine engine)
    {
        await using var town = await Town.On(engine);
        town.Clock.Set("2026-12-24 20:00");
        var (random, first) = (new Random(9), town.Today);
        var (aoi, ken, shop) = (await town.Member("Aoi").With(900_000.Yen()).WithPrepaid(40_000.Yen()), await town.Member("Ken"), await town.Store("East"));
        var books = new Dictionary<JapanDay, (long Transfers, long Prepaid)>();
        var quiet = new[] { "2026-12-27", "2027-01-01", "2027-01-02" };
        for (var day = first; day <= JapanDay.Parse("2027-01-08"); day = day.Next)
        {
            town.Clock.Set($"{day} 23:59:59.500");
            if (!quiet.Contains(day.ToString()))
                await SomethingHappens(town, random, aoi, ken, shop);
            if (day.ToString() == "2026-12-29")
                (await town.Post(new Leg(ken.Id, AccountType.Money, 0, 1_500_000), new Leg(Chart.Operator, AccountType.BankClearing, 0, -1_500_000)))
                    .Accepted.ShouldBeTrue();
            books[day] = await Books(town);
            // The job is away for some days, and catches up.
            town.Clock.Set($"{day.Next} 00:02");
            if (random.Next(3) > 0)
                await town.Get<CloseClaims>().Run(Ct);
        }
        town.Clock.Set("2027-01-09 00:00:10");
        await SomethingHappens(town, random, aoi, ken, shop);
        await SomethingHappens(town, random, aoi, ken, shop);
        (await town.Complaints()).ShouldBeEmpty();

        for (var asked = 0; asked < 2; asked++)
        {
            foreach (var (day, (transfers, prepaid)) in books)
            {
                var safeguarding = (await town.Get<ReportSafeguarding>().Of(day, Ct)).Value!;
                (safeguarding.Outstanding.Value, safeguarding.Claims.IsOver).ShouldBe((transfers, true), $"{day}");
                safeguarding.Required.ShouldBe(SafeguardingRule.Required(transfers.Yen()));
                var counting = town.Get<ReportSafeguarding>().Counting(day).Where(books.ContainsKey).ToList();
                safeguarding.Week.Outstanding.Value.ShouldBe(counting.Count == 0 ? 0 : counting.Max(d => books[d].Transfers), $"the week of {day}");
                (await town.Get<ReportPrepaid>().Of(day, Ct)).Value!.Outstanding.Value.ShouldBe(prepaid, $"{day}");
                var holdings = (await town.Get<ClosedClaims>().Holdings(day, Ct)).Value!;
                (holdings.Count, holdings.Any(h => h.Member == ken.Id)).ShouldBe(
                    day < JapanDay.Parse("2026-12-29") ? (0, false) : (1, true), $"{day}");
            }
            // The second time every day that is asked for was written down.
            town.Clock.Set("2027-01-09 03:00");
            await town.Get<CloseClaims>().Run(Ct);
        }
        var before = (await town.Get<ReportSafeguarding>().Of(first.Previous, Ct)).Value!;
        (before.Outstanding, before.Required).ShouldBe((Yen.Zero, 10_000_000.Yen()));
        (await town.Get<ReportSafeguarding>().Of(town.Today.Next, Ct)).Refusal.ShouldBe(ClaimsReportRefusal.InvalidRequest);
        (await town.Get<ReportSafeguarding>().Of(town.Today, Ct)).Value!.Claims.IsOver.ShouldBeFalse();
    }

    [Theory, BothEngines]
    public async Task A_day_is_closed_once_by_many_nodes_while_payments_go_on(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (crowd, shop) = (await town.Crowd(30, 5_000.Yen()), await town.Store("East"));
        town.Clock.Set("2026-06-02 00:02");
        var pays = crowd.Select(who => town.Pay(who, shop, 700.Yen()));
        var closes = Enumerable.Range(0, 20).Select(_ => Task.Run(() => new CloseClaims(town.Db, town.Clock, new Microsoft.Extensions.Logging.Abstractions.NullLogger<CloseClaims>()).Run(Ct)));
        var closed = await Task.WhenAll(closes.Concat(pays.Select(async p => (await p).Accepted ? 0 : 100)));
        closed.Sum().ShouldBe(1);
        (await town.Get<ReportSafeguarding>().Of(JapanDay.Parse("2026-06-01"), Ct)).Value!.Outstanding.ShouldBe(150_000.Yen());
        (await town.Get<ReportSafeguarding>().Of(town.Today, Ct)).Value!.Outstanding.ShouldBe(150_000.Yen(), "what was paid is owed to the store");
    }

    [Theory, BothEngines]
    public async Task What_is_held_by_one_person_is_money_prepaid_value_and_what_is_on_its_way(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ken) = (await town.Member("Aoi").With(700_000.Yen()).WithPrepaid(300_000.Yen()), await town.Member("Ken").With(1_000_001.Yen()));
        (await town.Post(new Leg(aoi.Id, AccountType.Money, 0, 1), new Leg(Chart.Operator, AccountType.BankClearing, 0, -1))).Accepted.ShouldBeTrue();
        var sent = await town.Get<CreateLink>().Run(new CreateLinkRequest(aoi.Payer, 50_000.Yen(), null, [Town.Key(aoi.Id, null, "link")]), Ct);
        sent.Accepted.ShouldBeTrue(sent.Refusal.ToString());

        var suzuki = await town.Operator("Suzuki");
        var found = (await town.Get<ReportHoldings>().Run(town.Today, "yearly look", suzuki, Ct)).Value!;
        found.Shown.ShouldBe([new Holding(aoi.Id, 650_001.Yen(), 300_000.Yen(), 50_000.Yen()), new Holding(ken.Id, 1_000_001.Yen(), 0.Yen(), 0.Yen())],
            ignoreOrder: true);
        (found.Count, found.Total, found.IsOver).ShouldBe((2, 2_000_002.Yen(), false));
        var row = (await town.Get<OperatorLog>().List(1, ct: Ct))[0];
        (row.Act, row.Subject, row.Reason, row.Detail).ShouldBe((OperatorAct.ViewedHoldings, null, "yearly look", "2026-06-01: 2"));
    }

    [Theory, BothEngines]
    public async Task A_company_that_holds_much_is_named_as_one_and_is_owed_what_it_holds(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, printer) = (await town.Member("Aoi").With(1_000_001.Yen()), await town.Company("天満印刷", 1_200_000));
        await town.Company("パン工房", 1_000_000);

        var found = (await town.Get<ReportHoldings>().Run(town.Today, "yearly look", await town.Operator("Suzuki"), Ct)).Value!;
        found.Shown.Select(h => (h.HolderId, h.Company, h.Total.Value)).ShouldBe(
            [(printer.Id.ToString(), "天満印刷", 1_200_000), (aoi.Id.ToString(), null, 1_000_001)]);
        (await town.Get<ReportSafeguarding>().Of(town.Today, Ct)).Value!.Outstanding.ShouldBe(3_200_001.Yen());
        town.Clock.Move(TimeSpan.FromDays(2));
        await town.Get<CloseClaims>().Run(Ct);
        (await town.Get<ClosedClaims>().Holdings(JapanDay.Parse("2026-06-01"), Ct)).Value!.Count.ShouldBe(2);
    }

    [Theory, BothEngines]
    public async Task Who_may_not_sees_no_holdings_and_leaves_no_row(Engine engine)
    {
        await using var town = await Town.On(engine);
        var clerk = await town.Operator("Clerk", roles: RoleNames.All & ~OperatorRoles.Accounting);
        (await town.Get<ReportHoldings>().Run(town.Today, "look", clerk, Ct)).Refusal.ShouldBe(ReportHoldingsRefusal.Forbidden);
        var suzuki = await town.Operator("Suzuki");
        (await town.Get<ReportHoldings>().Run(town.Today, " ", suzuki, Ct)).Refusal.ShouldBe(ReportHoldingsRefusal.InvalidRequest);
        (await town.Get<ReportHoldings>().Run(town.Today.Next, "look", suzuki, Ct)).Refusal.ShouldBe(ReportHoldingsRefusal.InvalidRequest);
        (await town.Count($"select count(*) from operator_log where act = {(int)OperatorAct.ViewedHoldings}")).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task Figures_of_the_last_closed_day_that_somebody_changes_are_named(Engine engine)
    {
        await using var town = await Town.On(engine);
        await town.Member("Aoi").With(5_000.Yen());
        town.Clock.Set("2026-06-02 00:02");
        await town.Get<CloseClaims>().Run(Ct);
        // For good a day later, when nothing of it can be on its way any more.
        town.Clock.Set("2026-06-03 00:03");
        await town.Get<CloseClaims>().Run(Ct);
        await Change(town, "update closed_claim set amount_yen = amount_yen - 1");
        (await town.Complaints()).ShouldHaveSingleItem().ShouldContain("said to hold 4999, the entries say 5000");
        await Change(town, "update closed_claim set amount_yen = amount_yen + 1");
        await Change(town, "insert into closed_claim (day, account_type, amount_yen) values (20250101, 1, 1)");
        (await town.Complaints()).ShouldHaveSingleItem().ShouldContain("20250101, which was not closed");
        await Change(town, "delete from closed_claim where day = 20250101");
    }

    [Theory, BothEngines]
    public async Task An_entry_begun_before_midnight_and_committed_after_the_day_was_closed_is_in_its_day_an_hour_later(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(999_000.Yen());
        town.Clock.Set("2026-06-01 23:59:50");
        var (begun, at) = (Id.New(town.Clock), town.Clock.GetUtcNow());
        town.Clock.Set("2026-06-02 00:02");
        (await town.Get<CloseClaims>().Run(Ct)).ShouldBe(1);
        (await town.Ledger.Post(new Move(begun, at, [new Leg(aoi.Id, AccountType.Money, 0, 5_000), new Leg(Chart.Operator, AccountType.BankClearing, 0, -5_000)])))
            .Accepted.ShouldBeTrue();
        var day = JapanDay.Parse("2026-06-01");
        (await town.Complaints()).ShouldBeEmpty("what is late is no fault before the day is closed for good");

        town.Clock.Set("2026-06-02 01:03");
        (await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => town.Get<CloseClaims>().Run(Ct))))).Sum().ShouldBe(0);

        (await town.Get<ReportSafeguarding>().Of(day, Ct)).Value!.Outstanding.ShouldBe(1_004_000.Yen());
        (await town.Get<ClosedClaims>().Holdings(day, Ct)).Value!.ShouldHaveSingleItem().Member.ShouldBe(aoi.Id);
        (await town.Complaints()).ShouldBeEmpty();
        (await town.Count("select count(*) from closed_day where mended_ms is not null")).ShouldBe(1);
        // Looked at and found right, nothing is written; the day after it is looked at for the last time.
        town.Clock.Set("2026-06-03 00:03");
        await town.Get<CloseClaims>().Run(Ct);
        (await town.Count("select count(*) from closed_day where day = 20260601 and mended_ms < looked_ms")).ShouldBe(1);
        (await town.Complaints()).ShouldBeEmpty();
    }

    static async Task Change(Town town, string sql)
    {
        await using var connection = await town.Db.Connect(Ct);
        await connection.ExecuteAsync(sql);
    }

    static async Task SomethingHappens(Town town, Random random, Resident aoi, Resident ken, Shop shop)
    {
        var paid = await town.Paid(aoi, shop, random.Next(100, 3_000).Yen());
        if (random.Next(2) == 0)
            await town.Refunded(paid.PaymentId, shop, random.Next(1, 100).Yen());
        if (random.Next(2) == 0)
            await town.Send(aoi, ken, random.Next(1, 500).Yen());
        if (random.Next(2) == 0)
            (await town.Get<CreateLink>().Run(new CreateLinkRequest(aoi.Payer, random.Next(1, 900).Yen(), null, [Town.Key(aoi.Id, null, "link")]), Ct))
                .Accepted.ShouldBeTrue();
    }

    /// <summary>What the accounts hold now, of each owner what is in credit.</summary>
    static async Task<(long Transfers, long Prepaid)> Books(Town town)
    {
        static string In(IEnumerable<AccountType> types) => string.Join(", ", types.Select(t => t.Number));
        Task<long> Sum(params AccountType[] types) => town.Count(
            $"""
            select cast(coalesce(sum(case when amount > 0 then amount else 0 end), 0) as bigint)
            from (select owner, account_type, sum(balance) as amount from account where account_type in ({In(types)}) group by owner, account_type) a
            """);
        return (await Sum(s_transfers), await Sum(AccountType.Prepaid));
    }
}
