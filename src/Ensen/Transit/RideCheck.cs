using System.Data.Common;
using Dapper;
using Ensen.Ledger;

namespace Ensen.Transit;

/// <summary>
/// For <c>verify</c>: of each month that is posted, what every card was given is what the rule says of its rides, computed afresh; where
/// rides were put right it may be what they came to before. Whoever left before is passed over where nothing was given.
/// </summary>
public static class RideCheck
{
    public const string Name = "I9 the points for each card's rides of a posted month are those that the rule gives";

    const int Page = 20_000;
    const int MostNamed = 10;

    public static async Task<IReadOnlyList<string>> Broken(DbConnection connection)
    {
        var broken = new List<string>();
        var months = (await connection.QueryAsync<(int Month, string Rules)>(
            "select month, rules from ride_month where posted_version = read_version and rules is not null order by month limit 10000")).AsList();
        foreach (var (month, rules) in months)
        {
            var judge = new RideJudge(RideRules.Read(rules));
            for (var after = Guid.Empty; broken.Count < MostNamed;)
            {
                var cards = (await connection.QueryAsync<Guid>(
                    """
                    select distinct card
                    from transit_card
                    where card > @after
                    order by card
                    limit @Page
                    """, new { after, Page }, commandTimeout: 600)).AsList();
                if (cards.Count == 0)
                    break;
                broken.AddRange(await Broken(connection, month, judge, after, cards[^1]));
                after = cards[^1];
            }
        }
        return broken.Count > MostNamed ? broken[..MostNamed] : broken;
    }

    static async Task<List<string>> Broken(DbConnection connection, int month, RideJudge judge, Guid after, Guid last)
    {
        var of = new { month, after, last };
        var rides = (await connection.QueryAsync<Ride>(
            """
            select r.month, r.card, r.id, r.day, r.from_station, r.to_station, r.fare, r.in_ms, r.out_ms, r.feed, r.line
            from ride r
            where r.month = @month and r.card > @after and r.card <= @last
              and exists (select 1 from transit_card t where t.card = r.card)
            """, of, commandTimeout: 600)).ToLookup(r => r.Card);
        var given = (await connection.QueryAsync<(Guid TransitCard, long Points)>(
            """
            select transit_card, cast(sum(points) as bigint)
            from ride_points
            where month = @month and card > @after and card <= @last
            group by transit_card
            """, of, commandTimeout: 600)).ToDictionary(p => p.TransitCard, p => p.Points);
        var left = (await connection.QueryAsync<Guid>(
            """
            select r.subject
            from restriction r
            join transit_card t on t.member = r.subject
            where r.kind = @kind and t.card > @after and t.card <= @last
            """, new { kind = RestrictionKind.Left.Number, after, last })).ToHashSet();
        var broken = new List<string>();
        foreach (var link in await TransitCards.Links.Between(connection, after, last))
        {
            var told = rides[link.Card].ToList();
            var standing = RideVersions.Standing(told);
            var rule = judge.Total(standing.Where(r => link.Counts(r.AtMs))).Value;
            var got = given.GetValueOrDefault(link.Id);
            if (got > rule && standing.Count < told.Count && got <= RideVersions.Most(judge, told, r => link.Counts(r.AtMs)))
                continue;
            if (got != rule && !(left.Contains(link.Member) && got < rule))
                broken.Add(FormattableString.Invariant($"{IdPlaceholder.Owner(link.Member)} has {got} points for rides of {month} that bring {rule}"));
        }
        return broken;
    }
}
