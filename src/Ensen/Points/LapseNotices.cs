using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Points;

/// <summary>
/// Mails before points lapse: 60, 30 and 7 days before, one for all that lapses on the same day, and only while something is left. Each is
/// written down with its member and day in the transaction that sends it, so that a job that runs twice, late or on two nodes tells once;
/// late it tells what is nearest, and no more than that. Points are the member's own: whoever reads no newsletter is told all the same.
/// </summary>
public sealed class LapseNotices(Database db, PointsHeld held, Outbox outbox, TimeProvider clock)
{
    /// <summary>So many days before.</summary>
    public static IReadOnlyList<int> DaysBefore { get; } = [7, 30, 60];

    const int Page = 500;

    /// <summary>Tells all that are due now; returns how many were told.</summary>
    public async Task<int> Run(CancellationToken ct = default)
    {
        var (today, told) = (JapanDay.Of(clock.GetUtcNow()), 0);
        foreach (var days in DaysBefore)
            foreach (var kind in (LotKind[])[LotKind.Basic, LotKind.Campaign])
                for (var after = (Term: 0, Owner: default(MemberId)); ;)
                {
                    var page = await Due(kind, today, days, after, ct);
                    foreach (var (owner, term) in page)
                        told += await Tell(owner, new Lot(kind, term).LastDay!.Value, days, ct) ? 1 : 0;
                    if (page.Count < Page)
                        break;
                    after = (page[^1].Term, page[^1].Owner);
                }
        if (told > 0)
            outbox.Wake();
        return told;
    }

    /// <summary>Lots that lapse within so many days and of which their member was not told since, in the order of their index.</summary>
    async Task<List<(MemberId Owner, int Term)>> Due(
        LotKind kind, JapanDay today, int days, (int Term, MemberId Owner) after, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var lastDay = kind == LotKind.Campaign ? "20000000 + a.term / 1000" : "a.term";
        return (await connection.QueryAsync<(MemberId, int)>(
            $"""
            select a.owner, a.term
            from account a
            where a.account_type = @accountType
              and a.term > 0
              and a.term >= @first
              and a.term < @end
              and (a.term, a.owner) > (@Term, @Owner)
              and a.balance > 0
              and not exists (
                select 1 from lapse_told t where t.member = a.owner and t.last_day = {lastDay} and t.days <= @days
              )
            order by a.term, a.owner
            limit @Page
            """,
            new
            {
                accountType = new Lot(kind, 0).AccountType.Number,
                first = Lot.FirstTerm(kind, today),
                end = Lot.FirstTerm(kind, new JapanDay(today.Date.AddDays(days + 1))),
                after.Term,
                after.Owner,
                days,
                Page,
            })).AsList();
    }

    async Task<bool> Tell(MemberId member, JapanDay lastDay, int days, CancellationToken ct)
    {
        var points = Lots.Total((await held.Of(member, ct)).Lots.Where(l => l.Lot.LastDay == lastDay));
        var now = clock.Now();
        return points > PointAmount.Zero && await db.Transact(tx => Tell(tx, member, lastDay, days, points, now), ct);
    }

    async Task<bool> Tell(DbTransaction tx, MemberId member, JapanDay lastDay, int days, PointAmount points, DateTimeOffset now)
    {
        if (await MemberDirectory.Read(tx.Connection!, member, tx) is not { HasLeft: false } found
            || Notice.Of(NoticeKind.PointsLapse, found, at: lastDay.Start) is not { } notice)
            return false;
        // Whoever was told of something nearer meanwhile is not told of what is farther away.
        var first = await tx.Connection!.ExecuteAsync(
            """
            insert into lapse_told (member, last_day, days, at_ms)
            values (@member, @day, @days, @at)
            on conflict (member, last_day) do update
            set days = excluded.days, at_ms = excluded.at_ms
            where lapse_told.days > excluded.days
            """,
            new { member, day = lastDay.Number, days, at = now.ToUnixTimeMilliseconds() }, tx);
        if (first == 0)
            return false;
        await (notice with { Points = points.Value }).Add(outbox, tx, Id.New(now, member));
        return true;
    }
}
