using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>What a member sees of what happened.</summary>
public class HistoryTests
{
    [Theory, BothEngines]
    public async Task Every_movement_is_there_newest_first_with_the_balance_after_it(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(5_000.Yen()).WithPrepaid(300.Yen()).With(100.Points(), "2026-06-01");
        var ren = await town.Member("Ren").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");
        void Later() => town.Clock.Move(TimeSpan.FromMinutes(1));

        Later();
        var paid = await town.Paid(aoi, cafe, 1_000.Yen(), 50.Points());
        Later();
        await town.Send(aoi, ren, 200.Yen());
        Later();
        await town.Send(ren, aoi, 1_000.Yen());
        Later();
        await town.Refunded(paid.PaymentId, cafe, 500.Yen());
        Later();
        town.Clock.Set("2026-06-02");
        await town.Expire(town.Today);

        (await town.History(aoi)).Select(Line).ShouldBe(
        [
            "Expiry : 0 yen, -75 points, -",
            "Refund Café Loop: 475 yen, 23 points, 5625",
            "Transfer Ren: 1000 yen, 0 points, 5150",
            "Transfer Ren: -200 yen, 0 points, 4150",
            "Payment Café Loop: -950 yen, -46 points, 4350",
            "Charge : 5300 yen, 100 points, 5300",
        ]);
        (await town.History(ren)).Select(Line).First().ShouldBe("Transfer Aoi: -1000 yen, 0 points, 200");
    }

    [Theory, BothEngines]
    public async Task Whom_money_was_sent_to_lately_is_known_once_each_the_latest_first(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(5_000.Yen());
        var (ren, mei) = (await town.Member("Ren").With(1_000.Yen()), await town.Member("Mei"));
        foreach (var to in new[] { ren, mei, ren })
        {
            town.Clock.Move(TimeSpan.FromMinutes(1));
            await town.Send(aoi, to, 100.Yen());
        }
        town.Clock.Move(TimeSpan.FromMinutes(1));
        await town.Send(ren, aoi, 100.Yen());

        (await new History(town.Db).SentTo(aoi.Id, 4)).ShouldBe([ren.Id, mei.Id]);
        (await new History(town.Db).SentTo(aoi.Id, 1)).ShouldBe([ren.Id]);
        (await new History(town.Db).SentTo(mei.Id, 4)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task Pages_follow_each_other_without_gap_or_overlap(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(5_000.Yen()).WithPrepaid(500.Yen());
        var cafe = await town.Store("Café Loop");
        foreach (var _ in Enumerable.Range(0, 12))
            await town.Paid(aoi, cafe, 90.Yen()); // in the same millisecond

        var seen = new List<HistoryItem>();
        while (await town.History(aoi, seen.Count == 0 ? null : seen[^1].EntryId, 5) is { Count: > 0 } page)
            seen.AddRange(page);

        seen.Count.ShouldBe(13);
        seen.Select(s => s.EntryId).Distinct().Count().ShouldBe(13);
        (await town.History(aoi)).ShouldBe(seen);
    }

    [Theory, BothEngines]
    public async Task A_statement_shows_each_leg_and_pages_by_entry(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(500.Yen()).WithPrepaid(300.Yen());
        var cafe = await town.Store("Café Loop");
        town.Clock.Move(TimeSpan.FromSeconds(1));
        var paid = await town.Paid(aoi, cafe, 600.Yen());

        await using var connection = await town.Db.Connect();
        var lines = await Statement.Of(connection, SandboxModule.Catalogue, aoi.Id, null, 100);

        lines.Where(l => l.EntryId == paid.PaymentId).Select(l => (l.AccountType, l.Amount, l.BalanceAfter)).ShouldBe(
            [(AccountType.Prepaid, -300, 200), (AccountType.Money, -300, 200), (AccountType.Points, 3, 3)]);
        (await Statement.Of(connection, SandboxModule.Catalogue, aoi.Id, paid.PaymentId, 100)).Select(l => l.Kind).Distinct()
            .ShouldBe([EntryKind.Charge]);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(Statement.Of(connection, SandboxModule.Catalogue, aoi.Id, null, 0));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(Statement.Of(connection, SandboxModule.Catalogue, aoi.Id, null, 1_001));
    }

    static string Line(HistoryItem item) => FormattableString.Invariant(
        $"{item.Kind} {item.Party}: {item.Yen} yen, {item.Points} points, {(item.Balance is { } b ? b.ToString() : "-")}");
}
