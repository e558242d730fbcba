using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Tests.Rewards;
using Ensen.Tests.Support;

namespace Ensen.Tests.Points;

/// <summary>Mails before points lapse: each day once, whatever the job does, and only while something is left. It is 10 April 2026.</summary>
public class LapseNoticeTests
{
    static readonly JapanDay s_day = JapanDay.Parse("2026-06-30");

    [Theory, BothEngines]
    public async Task Sixty_thirty_and_seven_days_before_each_once(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var notices = desk.Get<LapseNotices>();
        var aoi = await desk.Member((Lot.Basic(s_day), 40), (Lot.Campaign(s_day), 60), (Lot.Basic(s_day.Next), 5), (Lot.ChargeOnly, 9));
        (await notices.Run(RewardDesk.Ct)).ShouldBe(0);

        desk.Clock.Move(TimeSpan.FromDays(21));
        (await notices.Run(RewardDesk.Ct)).ShouldBe(1, "1 May: sixty days before the first of two days");
        (await Mails(desk)).ShouldBe(["100 until 2026-06-30"]);
        (await notices.Run(RewardDesk.Ct)).ShouldBe(0);
        desk.Clock.Move(TimeSpan.FromDays(1));
        (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => notices.Run(RewardDesk.Ct))))).Sum().ShouldBe(1);

        // Late, as after a node was away: what is nearest is told, and nothing twice.
        desk.Clock.Move(TimeSpan.FromDays(35));
        (await notices.Run(RewardDesk.Ct)).ShouldBe(2);
        await desk.Give(Lot.Basic(s_day.Next).LegOf(aoi, (-5).Points()), Leg.Of(Chart.Operator, AccountType.PointLiability, 5.Points()));
        desk.Clock.Move(TimeSpan.FromDays(18));
        (await notices.Run(RewardDesk.Ct)).ShouldBe(1, "of the other day nothing is left");
        (await desk.Count("select count(*) from notice where what = 'PointsLapse'")).ShouldBe(5);
    }

    [Theory, BothEngines]
    public async Task Of_many_members_on_the_last_day_of_march_each_is_told_once(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        for (var i = 0; i < 12; i++)
            await desk.Member((Lot.Basic(desk.Today.Next), 3));
        var told = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => desk.Get<LapseNotices>().Run(RewardDesk.Ct))));
        told.Sum().ShouldBe(12);
        (await desk.Count("select count(distinct member) from notice where what = 'PointsLapse'")).ShouldBe(12);
    }

    [Theory, BothEngines]
    public async Task The_report_says_for_any_day_what_was_owed_and_what_lapsed(Engine engine)
    {
        await using var desk = await RewardDesk.Open(engine);
        var report = desk.Get<PointsReport>();
        await desk.Member((Lot.Basic(JapanDay.Parse("2027-03-31")), 70), (Lot.Campaign(JapanDay.Parse("2026-04-30")), 20), (Lot.ChargeOnly, 9));
        var before = desk.Today;
        desk.Clock.Move(TimeSpan.FromDays(25));
        await desk.Get<Expire>().Run(desk.Today, RewardDesk.Ct);

        var then = (await report.Of(before, RewardDesk.Ct)).Value!;
        then.Owed.ShouldBe([new(LotKind.ChargeOnly, null, 9.Points()), new(LotKind.Campaign, 202604, 20.Points()),
            new(LotKind.Basic, 202703, 70.Points())]);
        (then.Total, then.Broken.Sum(b => b.Points)).ShouldBe((99.Points(), PointAmount.Zero));
        var now = (await report.Of(desk.Today, RewardDesk.Ct)).Value!;
        (now.Total, now.Broken.Single(b => b.Month == 202605).Points, now.Broken.Count).ShouldBe((79.Points(), 20.Points(), 24));
        (now.BrokenByYear.Count, now.BrokenByYear[^1]).ShouldBe((5, new BrokenInYear(new FiscalYear(2026), 20.Points())));
        // The report is read from the postings; the accounts say the same.
        (await desk.Count("select cast(sum(balance) as bigint) from account where account_type in (3, 4, 5)")).ShouldBe(79);
        (await desk.Count("select cast(sum(balance) as bigint) from account where account_type in (30, 32)")).ShouldBe(-79);
        (await report.Of(before.Previous, RewardDesk.Ct)).Value!.Total.ShouldBe(PointAmount.Zero);
        (await report.Of(desk.Today.Next, RewardDesk.Ct)).Refusal.ShouldBe(PointsReportRefusal.InvalidRequest);
    }

    static async Task<IReadOnlyList<string>> Mails(RewardDesk desk)
    {
        await using var connection = await desk.Db.Connect(RewardDesk.Ct);
        var bodies = await Dapper.SqlMapper.QueryAsync<string>(connection, "select body from outbox where kind = 'telling' order by id");
        return [.. bodies.Select(Notice.Read).Select(n => $"{n.Points} until {JapanDay.Of(n.At!.Value)}")];
    }
}
