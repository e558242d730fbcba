using System.Text.Json;
using Dapper;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Operations;

/// <summary>Why a campaign is not tried.</summary>
public enum DryRunCampaignRefusal
{
    None = 0,
    NotFound = 1,

    /// <summary>It was approved, or ended: what it gives is seen in what it gave.</summary>
    AlreadyDecided = 2,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 3,
}

/// <summary>
/// Looks what a proposed campaign would have given for the payments of the last 30 days, and for purchases at point tills where it gives
/// there. Its first and last instant are not looked at, and
/// its budget only to say how long it would have been enough; who would have entered nobody knows, so everybody counts.
/// </summary>
public sealed class DryRunCampaign(Database db, Operators operators, Programme programme, TimeProvider clock)
{
    readonly JapaneseCalendar _calendar = new(programme.Calendar);

    const int Days = 30;

    public async Task<Answer<DryRun, DryRunCampaignRefusal>> Run(CampaignId id, ActingOperator acting, CancellationToken ct = default)
    {
        if (await operators.Acting(acting, OperatorRoles.Campaigns, ct) is null)
            return DryRunCampaignRefusal.Forbidden;
        Campaign? campaign;
        await using (var connection = await db.Connect(ct))
            campaign = await Campaign.Find(connection, id);
        if (campaign is null) return DryRunCampaignRefusal.NotFound;
        if (campaign.State != CampaignState.Proposed) return DryRunCampaignRefusal.AlreadyDecided;
        var dry = await Try(campaign.Terms, clock.Now(), ct);
        var kept = await db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update campaign set dry_run = @dry where id = @id and state = @proposed",
            new { id, dry = dry.ToJson(), proposed = CampaignState.Proposed }, tx), ct);
        return kept == 1 ? dry : DryRunCampaignRefusal.AlreadyDecided;
    }

    async Task<DryRun> Try(CampaignTerms terms, DateTimeOffset now, CancellationToken ct)
    {
        var counted = new Count(terms, _calendar);
        await using var connection = await db.Connect(ct);
        await foreach (var row in connection.QueryUnbufferedAsync<Row>(
            """
            select p.member_id, p.store_id, p.at_ms, p.amount_yen, p.points, p.way, s.category, s.area, m.verified
            from payment p
            join store s on s.id = p.store_id
            left join member m on m.id = p.member_id
            where p.entry_id >= @from
              and p.entry_id < @until
            order by p.entry_id
            """,
            new { from = Id.First(now.AddDays(-Days)), until = Id.First(now) }, commandTimeout: 600))
        {
            ct.ThrowIfCancellationRequested();
            counted.Add(row);
        }
        if (terms.Channels.Contains(Channel.PointTill))
            await foreach (var row in connection.QueryUnbufferedAsync<PurchaseRow>(
                """
                select a.member_id, a.at_ms, a.amount_yen, m.verified
                from point_award a
                left join member m on m.id = a.member_id
                where a.entry_id >= @from
                  and a.entry_id < @until
                order by a.entry_id
                """,
                new { from = Id.First(now.AddDays(-Days)), until = Id.First(now) }, commandTimeout: 600))
            {
                ct.ThrowIfCancellationRequested();
                counted.Add(row.MemberId, CampaignPayment.AtCentre(row.Verified ?? true, Instant.OfMilliseconds(row.AtMs)), row.AmountYen);
            }
        return counted.Whole(now);
    }

    sealed record Row(
        MemberId MemberId, StoreId StoreId, long AtMs, Yen AmountYen, PointAmount Points, short Way, string Category, string Area,
        bool? Verified);

    sealed record PurchaseRow(MemberId MemberId, long AtMs, Yen AmountYen, bool? Verified);

    /// <summary>Payment by payment, with the caps as they would have been used up.</summary>
    sealed class Count(CampaignTerms terms, JapaneseCalendar calendar)
    {
        readonly Dictionary<MemberId, long> _inAll = [];
        readonly Dictionary<(MemberId, JapanDay), long> _ofDay = [];
        readonly Dictionary<long, long> _byClockHour = [];
        readonly long[] _byHour = new long[24];
        long _payments;

        public void Add(Row row) => Add(
            row.MemberId, new CampaignPayment(row.Verified ?? true, row.StoreId, row.Category, row.Area, Channels.Of((PayWay)row.Way),
            Instant.OfMilliseconds(row.AtMs)), row.AmountYen - row.Points.WorthInPayments);

        public void Add(MemberId member, CampaignPayment payment, Yen yenPart)
        {
            var day = JapanDay.Of(payment.At);
            if (!terms.Suits(payment, calendar))
                return;
            var points = Math.Min(terms.Gives(yenPart).Value, Math.Min(
                (terms.CapPerDay ?? long.MaxValue) - _ofDay.GetValueOrDefault((member, day)),
                (terms.CapInAll ?? long.MaxValue) - _inAll.GetValueOrDefault(member)));
            if (points <= 0)
                return;
            _payments++;
            _inAll[member] = _inAll.GetValueOrDefault(member) + points;
            _ofDay[(member, day)] = _ofDay.GetValueOrDefault((member, day)) + points;
            _byHour[JapanDay.InTokyo(payment.At).Hour] += points;
            var hour = payment.At.ToUnixTimeMilliseconds() / 3_600_000;
            _byClockHour[hour] = _byClockHour.GetValueOrDefault(hour) + points;
        }

        public DryRun Whole(DateTimeOffset now)
        {
            var points = _byHour.Sum();
            return new DryRun(now, Days, _payments, _inAll.Count, new PointAmount(points), _byHour,
                _byClockHour.Values.DefaultIfEmpty().Max(),
                points == 0 ? null : checked((long)((Int128)terms.Budget * Days / points)));
        }
    }
}
