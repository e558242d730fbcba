using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Ledger;

/// <summary>History by month: split while payments go on, months that leave and come back, and what verify says meanwhile.</summary>
public class MonthsTests
{
    static readonly Programme s_quick = new() { Payments = new Programme().Payments with { RefundDays = 30 } };

    [Theory, BothEngines]
    public async Task What_is_away_is_carried_and_what_is_missing_besides_is_named(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, shop) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Bakery"));
        await town.Refunded((await town.Paid(aoi, shop, 400.Yen())).PaymentId, shop, 100.Yen());
        town.Clock.Set("2026-06-30 23:59:59.999");
        await town.Paid(aoi, shop, 500.Yen());
        town.Clock.Set("2026-07-01 00:00");
        var july = await town.Paid(aoi, shop, 600.Yen());
        await using var connection = await town.Db.Connect();
        await connection.ExecuteAsync("create table kept_posting as select * from posting; create table kept_entry as select * from entry");

        // By hand what Detach does without touching a row: so that it can be seen on both engines.
        var until = new HistoryMonth(202607).First;
        await connection.ExecuteAsync(
            """
            insert into carried select owner, account_type, term, sum(amount) from posting where entry_id < @until group by owner, account_type, term;
            insert into detached_month select 202606, @until, count(*), 0, 0 from entry where id < @until;
            delete from posting where entry_id < @until;
            delete from entry where id < @until
            """, new { until });

        (await town.Complaints()).ShouldBeEmpty();
        (await new Ensen.Operations.Verify(town.Db).Run()).Detached.ShouldBe(4);
        (await town.History(aoi)).Count.ShouldBe(1);

        await Named("update carried set amount = amount + 1 where account_type = 1", "I3");
        await Named("delete from carried where account_type = 10", "I3");
        await Named("delete from entry where id = @july",
            $"I6 the seals cover every entry as it stands: {july.PaymentId} is gone");
        await Named("delete from posting where entry_id = @july",
            $"I6 the seals cover every entry as it stands: {july.PaymentId}");
        await Named("delete from detached_month", "is gone");
        await Named("update detached_month set entries = entries + 1", "I6 the months that are said to be away");
        await Named("update detached_month set until = @july", "I6 the months that are said to be away");
        await Named("insert into detached_month select 202607, @august, 1, 0, 0", "I6 the months that are said to be away");
        await Named("update detached_month set month = 202699", "I6 the months that are said to be away");
        await Named("delete from detached_month; insert into entry select * from kept_entry where id < @august and not exists (select 1 from entry e where e.id = kept_entry.id)", "I6 the months that are said to be away");
        await Named("update seal set root = previous where number = 1", "I6 the seals of each lane");

        async Task Named(string sql, string words)
        {
            string[] tables = ["carried", "entry", "posting", "detached_month", "seal"];
            foreach (var table in tables)
                await connection.ExecuteAsync($"create table before_{table} as select * from {table}");
            await connection.ExecuteAsync(sql, new { july = july.PaymentId, august = new HistoryMonth(202608).First });
            var complaints = await town.Complaints();
            foreach (var table in tables)
                await connection.ExecuteAsync(
                    $"delete from {table}; insert into {table} select * from before_{table}; drop table before_{table}");
            complaints.ShouldContain(c => c.StartsWith(words, StringComparison.Ordinal) || c.Contains(words, StringComparison.Ordinal), sql
                + "\n" + string.Join('\n', complaints));
        }
    }

    [Theory, BothEngines]
    public async Task A_database_in_one_piece_has_no_months(Engine engine)
    {
        await using var town = await Town.On(engine);
        var months = Of(town);

        (await months.List()).ShouldBeEmpty();
        (await months.Prepare()).ShouldBeEmpty();
        (await months.Detach(new HistoryMonth(202606))).Refusal.ShouldBe(
            engine == Engine.Sqlite ? MonthsRefusal.OnlyPostgres : MonthsRefusal.NotFound);
        (await months.Attach(new HistoryMonth(202606))).Refusal.ShouldBe(
            engine == Engine.Sqlite ? MonthsRefusal.OnlyPostgres : MonthsRefusal.NotFound);
        if (engine == Engine.Sqlite)
            (await months.Begin()).Refusal.ShouldBe(MonthsRefusal.OnlyPostgres);
    }

    [Fact]
    public async Task History_is_split_while_payments_go_on_and_each_month_gets_its_place()
    {
        await using var town = await Town.On(Engine.Postgres);
        var (crowd, shop) = (await town.Crowd(20, 10_000.Yen()), await town.Store("Bakery"));
        var months = Of(town);
        var paying = Task.WhenAll(crowd.Select(async who =>
        {
            for (var i = 0; i < 20; i++)
                await town.Paid(who, shop, 10.Yen());
        }));

        var begun = await Task.WhenAll(months.Begin(), Of(town).Begin());
        begun.ShouldAllBe(b => b.Accepted);
        await paying;

        (await months.List()).Select(m => m.Month.ToString()).ShouldBe(["2026-06", "2026-07", "2026-08"]);
        (await town.Balance(shop.Id, AccountType.Payable)).ShouldBe(4_000);
        (await town.History(crowd[0], limit: 50)).Count.ShouldBe(21);
        town.Clock.Set("2026-07-15 12:00");
        await town.Paid(crowd[0], shop, 1.Yen());
        (await town.Count("select count(*) from posting_2026_07")).ShouldBeGreaterThan(0);
        (await town.Count("select count(*) from posting_elsewhere")).ShouldBe(0);
        (await months.Prepare()).ShouldBeEmpty();
        (await months.List()).Select(m => m.Month.ToString()).ShouldBe(["2026-06", "2026-07", "2026-08", "2026-09"]);
        (await town.History(crowd[0], limit: 1)).Single().Yen.ShouldBe((-1).Yen());
    }

    [Fact]
    public async Task A_clock_that_jumped_over_the_prepared_months_loses_nothing()
    {
        await using var town = await Town.On(Engine.Postgres);
        var (aoi, shop) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Bakery"));
        (await Of(town).Begin()).Accepted.ShouldBeTrue();

        town.Clock.Set("2027-01-15 12:00");
        await town.Paid(aoi, shop, 400.Yen());

        (await Of(town).Prepare()).Select(m => m.ToString()).ShouldBe(["2027-01"]);
        (await Of(town).List()).Select(m => m.Month.ToString()).ShouldBe(["2026-06", "2026-07", "2026-08", "2027-02", "2027-03"]);
        (await town.History(aoi)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Months_leave_the_oldest_first_and_come_back_the_newest_first()
    {
        await using var town = await Town.On(Engine.Postgres, s_quick);
        var (aoi, shop) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Bakery"));
        var months = Of(town);
        var (june, july) = (new HistoryMonth(202606), new HistoryMonth(202607));
        (await months.Begin()).Accepted.ShouldBeTrue();
        var old = await town.Paid(aoi, shop, 400.Yen());
        town.Clock.Set("2026-07-10 12:00");
        (await months.Prepare()).ShouldBeEmpty();
        await town.Paid(aoi, shop, 500.Yen());

        town.Clock.Set("2026-07-30 12:00");
        (await months.Detach(june)).Refusal.ShouldBe(MonthsRefusal.TooYoung);
        town.Clock.Set("2026-09-01 12:00");
        (await months.Detach(july)).Refusal.ShouldBe(MonthsRefusal.OutOfOrder);
        (await months.Detach(new HistoryMonth(202605))).Refusal.ShouldBe(MonthsRefusal.NotFound);

        (await months.Detach(june)).Value.ShouldBe(new MonthOfHistory(june, false, 2, 6, 0));
        (await town.Complaints()).ShouldBeEmpty();
        (await town.History(aoi)).Count.ShouldBe(1);
        (await town.Holds(aoi)).ShouldBe("money 4100, prepaid 0, points 4");
        (await town.Refund(old.PaymentId, shop, 400.Yen())).Refusal.ShouldBe(RefundRefusal.NotRefundable);
        (await months.Detach(july)).Accepted.ShouldBeTrue();
        (await town.Complaints()).ShouldBeEmpty();
        (await town.Paid(aoi, shop, 10.Yen())).ShouldNotBeNull();

        (await months.Attach(june)).Refusal.ShouldBe(MonthsRefusal.OutOfOrder);
        (await months.Attach(july)).Accepted.ShouldBeTrue();
        (await town.Complaints()).ShouldBeEmpty();
        (await months.Attach(june)).Accepted.ShouldBeTrue();
        (await months.Attach(june)).Refusal.ShouldBe(MonthsRefusal.NotFound);
        (await town.Complaints()).ShouldBeEmpty();
        (await town.Count("select count(*) from carried")).ShouldBe(0);
        (await town.History(aoi)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_month_that_is_changed_while_it_is_away_is_named_when_it_comes_back()
    {
        await using var town = await Town.On(Engine.Postgres, s_quick);
        var (aoi, shop) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Bakery"));
        var (months, june) = (Of(town), new HistoryMonth(202606));
        (await months.Begin()).Accepted.ShouldBeTrue();
        var paid = await town.Paid(aoi, shop, 400.Yen());
        town.Clock.Set("2026-09-01 12:00");
        (await months.Detach(june)).Accepted.ShouldBeTrue();

        await town.Count("update detached.posting_2026_06 set amount = amount + 1 where entry_id = @id and leg = 0 returning leg",
            new { id = paid.PaymentId });
        (await months.Attach(june)).Accepted.ShouldBeTrue();

        (await town.Complaints()).ShouldContain(
            c => c.Contains($"{paid.PaymentId} or one of its postings was changed", StringComparison.Ordinal));
        await town.Count("update posting set amount = amount - 1 where entry_id = @id and leg = 0 returning leg",
            new { id = paid.PaymentId });
        await town.Count("with gone as (delete from carried returning 1) select count(*) from gone");
    }

    [Fact]
    public async Task A_month_leaves_while_payments_go_on_and_two_operators_take_it_once()
    {
        await using var town = await Town.On(Engine.Postgres, s_quick);
        var (crowd, shop) = (await town.Crowd(20, 10_000.Yen()), await town.Store("Bakery"));
        var june = new HistoryMonth(202606);
        (await Of(town).Begin()).Accepted.ShouldBeTrue();
        town.Clock.Set("2026-08-10 12:00");
        await Of(town).Prepare();
        var paying = Task.WhenAll(crowd.Select(async who =>
        {
            for (var i = 0; i < 20; i++)
                await town.Paid(who, shop, 10.Yen());
        }));

        var left = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Of(town).Detach(june)));
        await paying;

        left.ShouldContain(a => a.Accepted);
        (await town.Count("select count(*) from detached_month")).ShouldBe(1);
        (await town.Balance(shop.Id, AccountType.Payable)).ShouldBe(4_000);
        (await town.Complaints()).ShouldBeEmpty();
    }

    static Months Of(Town town) => new(town.Db, town.Programme, town.Clock);
}
