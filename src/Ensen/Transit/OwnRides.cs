using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Transit;

/// <summary>A month's rides of a member's cards, the latest first, with what each brings and why.</summary>
/// <param name="Points">What they come to by the rule.</param>
/// <param name="Posted">How much of it is posted.</param>
public sealed record RideMonth(int Month, IReadOnlyList<CardRide> Rides, PointAmount Points, PointAmount Posted);

/// <summary>Points for rides of a month that are not posted yet; they are from the day on, and charge transit cards only.</summary>
public sealed record RidePointsToCome(int Month, PointAmount Points, JapanDay From);

/// <summary>A ride of a card.</summary>
public sealed record CardRide(TransitCard Card, JudgedRide Judged);

/// <summary>Reads a member's rides of a month and explains them by the very rule that posts the points.</summary>
public sealed class OwnRides(Database db, Programme programme)
{
    /// <summary>The months (yyyymm, of service days) in which cards of the member's rode, the latest first.</summary>
    public async Task<IReadOnlyList<int>> Months(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var months = new SortedSet<int>();
        foreach (var card in (await TransitCards.Links.Ever(connection, member)).Select(c => c.Card).Distinct())
            months.UnionWith(await connection.QueryAsync<int>(
                """
                select m.month
                from ride_month m
                where exists (select 1 from ride r where r.month = m.month and r.card = @card)
                limit 1000
                """, new { card }));
        return [.. months.Reverse()];
    }

    /// <summary>What rides of this month and the one before bring and is not posted yet; the earlier month first.</summary>
    public async Task<IReadOnlyList<RidePointsToCome>> ToCome(MemberId member, DateTimeOffset now, CancellationToken ct = default)
    {
        await using (var connection = await db.Connect(ct))
            if ((await TransitCards.Links.Ever(connection, member)).Count == 0)
                return [];
        var toCome = new List<RidePointsToCome>();
        var current = ServiceDay.Of(now, programme.Transit).Month;
        foreach (var month in (int[])[ServiceDay.Before(current), current])
            if (await Of(member, month, ct) is var rides && rides.Points > rides.Posted)
                toCome.Add(new RidePointsToCome(month, rides.Points - rides.Posted, PostedFrom(month)));
        return toCome;
    }

    JapanDay PostedFrom(int month) =>
        new(ServiceDay.FirstOf(month).Date.AddMonths(1).AddDays(programme.Transit.PostsOnDay - 1));

    /// <param name="month">yyyymm, of service days.</param>
    public async Task<RideMonth> Of(MemberId member, int month, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var cards = await TransitCards.Links.Ever(connection, member);
        var text = await connection.QuerySingleOrDefaultAsync<string?>("select rules from ride_month where month = @month", new { month });
        var judge = new RideJudge(text is null ? RideRules.Of(programme) : RideRules.Read(text));
        var rides = new List<CardRide>();
        foreach (var group in cards.GroupBy(c => c.Card))
        {
            var all = (await connection.QueryAsync<Ride>(
                """
                select month, card, id, day, from_station, to_station, fare, in_ms, out_ms, feed, line
                from ride
                where month = @month and card = @card
                limit 100000
                """, new { month, card = group.Key })).AsList();
            var standing = RideVersions.Standing(all);
            foreach (var card in group)
                rides.AddRange(judge.Judge(standing.Where(r => card.Counts(r.AtMs))).Select(j => new CardRide(card, j)));
        }
        var posted = await connection.ExecuteScalarAsync<long>(
            "select cast(coalesce(sum(points), 0) as bigint) from ride_points where member = @member and month = @month", new { member, month });
        return new RideMonth(month, [.. rides.OrderByDescending(r => r.Judged.Ride.AtMs)],
            new PointAmount(rides.Sum(r => r.Judged.Points.Value)), new PointAmount(posted));
    }
}
