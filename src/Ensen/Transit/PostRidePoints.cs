using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;
using Microsoft.Extensions.Logging;

namespace Ensen.Transit;

/// <summary>What a run posted.</summary>
[StoredAs("ride-points")]
public sealed record RidePointsPosted(long Cards, PointAmount Points);

/// <summary>Why nothing was posted for a card.</summary>
public enum PostRidePointsRefusal
{
    None = 0,

    /// <summary>Another node, or an earlier run, was first.</summary>
    AlreadyPosted = 1,

    /// <summary>The member has left; points that came too late for that are nobody's.</summary>
    MemberLeft = 2,
}

/// <summary>
/// Posts what the rides of past months bring: of each card and month what its rides come to less what was posted before, so it can be run
/// twice, die half-way, or find rides that came late. A month is looked at when rides of it came in since; in the first days of the next
/// month, and after that at each run.
/// </summary>
public sealed class PostRidePoints(Database db, GeneralLedger ledger, Programme programme, TimeProvider clock, ILogger<PostRidePoints> log)
{
    public const string JobName = "ride points";

    const int AtOnce = 1_024;

    /// <summary>Rides that are read together; all of a card's rides of a month are.</summary>
    internal int Page { get; init; } = 20_000;

    public async Task<RidePointsPosted> Run(CancellationToken ct = default)
    {
        var total = new RidePointsPosted(0, PointAmount.Zero);
        foreach (var (month, version) in await Due(ct))
        {
            var rules = await RulesOf(month, ct);
            var (posted, isWhole) = await Post(month, new RideJudge(rules), ct);
            // Rides that came in meanwhile have made the version another one, and the month is looked at again; so it is where another run,
            // which may have known fewer rides than this one, posted first.
            if (isWhole)
                await db.Transact(tx => tx.Connection!.ExecuteAsync(
                    "update ride_month set posted_version = @version where month = @month", new { month, version }, tx), ct);
            if (posted.Cards > 0)
                log.LogInformation("{Month}: {Points} points for rides of {Cards} cards posted", month, posted.Points, posted.Cards);
            total = new RidePointsPosted(total.Cards + posted.Cards, total.Points + posted.Points);
        }
        return total;
    }

    async Task<IReadOnlyList<(int Month, long Version)>> Due(CancellationToken ct)
    {
        var today = ServiceDay.Of(clock.GetUtcNow(), programme.Transit);
        var last = ServiceDay.Before(today.Month);
        var until = today.Date.Day >= programme.Transit.PostsOnDay ? last : ServiceDay.Before(last);
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<(int, long)>(
            "select month, read_version from ride_month where month <= @until and read_version <> posted_version order by month limit 1000",
            new { until })).AsList();
    }

    /// <summary>The rules of the month, kept from its first run on.</summary>
    Task<RideRules> RulesOf(int month, CancellationToken ct) => db.Transact(async tx =>
        RideRules.Read((await tx.Connection!.ExecuteScalarAsync<string>(
        "update ride_month set rules = coalesce(rules, @now) where month = @month returning rules",
        new { month, now = RideRules.Of(programme).Write() }, tx))!), ct);

    async Task<(RidePointsPosted Posted, bool IsWhole)> Post(int month, RideJudge judge, CancellationToken ct)
    {
        var (cards, points, isWhole) = (0L, PointAmount.Zero, true);
        var underWay = new Queue<Task<Answer<RidePointsPosted, PostRidePointsRefusal>>>();
        var (after, page) = (Guid.Empty, Page);
        for (var next = Read(month, after, page, ct); ;)
        {
            var rides = await next;
            var isLast = rides.Count < page;
            // The last card of a page may go on in the next one.
            var whole = isLast ? rides.Count : rides.FindLastIndex(r => r.Card != rides[^1].Card) + 1;
            if (whole == 0 && !isLast)
            {
                next = Read(month, after, page *= 2, ct);
                continue;
            }
            if (whole > 0)
            {
                var (from, last) = (after, rides[whole - 1].Card);
                after = last;
                next = isLast ? next : Read(month, after, page, ct);
                foreach (var draft in await Differences(month, judge, rides[..whole], from, last, ct))
                {
                    if (underWay.Count == AtOnce)
                        Count(await underWay.Dequeue());
                    underWay.Enqueue(ledger.Post(draft, ct));
                }
            }
            if (isLast)
                break;
        }
        while (underWay.TryDequeue(out var answer))
            Count(await answer);
        return (new RidePointsPosted(cards, points), isWhole);

        void Count(Answer<RidePointsPosted, PostRidePointsRefusal> answer)
        {
            isWhole &= answer.Refusal != PostRidePointsRefusal.AlreadyPosted;
            if (!answer.Accepted)
                return;
            cards++;
            points += answer.Value.Points;
        }
    }

    async Task<List<Ride>> Read(int month, Guid after, int most, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<Ride>(
            """
            select month, card, id, day, from_station, to_station, fare, in_ms, out_ms, feed, line
            from ride
            where month = @month and card > @after
            order by card, id
            limit @most
            """,
            new { month, after, most })).AsList();
    }

    /// <summary>What is to be posted for these cards: the link, and how much more its rides bring than was posted.</summary>
    async Task<List<RidePointsDraft>> Differences(int month, RideJudge judge, List<Ride> rides, Guid after, Guid last, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var links = (await TransitCards.Links.Between(connection, after, last)).ToLookup(c => c.Card);
        var posted = (await connection.QueryAsync<(Guid TransitCard, long Number, long Points)>(
            """
            select transit_card, max(number), cast(sum(points) as bigint)
            from ride_points
            where month = @month and card > @after and card <= @last
            group by transit_card
            """,
            new { month, after, last })).ToDictionary(p => p.TransitCard, p => (p.Number, p.Points));
        var now = clock.Now();
        var drafts = new List<RidePointsDraft>();
        for (int from = 0, to; from < rides.Count; from = to)
        {
            for (to = from + 1; to < rides.Count && rides[to].Card == rides[from].Card;)
                to++;
            var standing = RideVersions.Standing(rides[from..to]);
            foreach (var link in links[rides[from].Card])
            {
                var (number, before) = posted.GetValueOrDefault(link.Id);
                var difference = judge.Total(standing.Where(r => link.Counts(r.AtMs))).Value - before;
                // A ride more never makes it less; one that was put right may. What was posted for it stays, and nothing more is posted
                // until the month comes to more than that.
                if (difference > 0)
                    drafts.Add(new RidePointsDraft(
                        link, month, number + 1, new PointAmount(difference), Id.New<EntryId>(now, link.Member), now));
            }
        }
        return drafts;
    }

    /// <summary>Points for one card's month.</summary>
    internal sealed class RidePointsDraft(
        TransitCard link, int month, long number, PointAmount points, EntryId id, DateTimeOffset now)
        : Draft<RidePointsPosted, PostRidePointsRefusal>
    {
        readonly SingleUse _once = RidePointsRow.Once(link.Id, month, number);

        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [link.Member];
        public override IReadOnlyList<SingleUse> SingleUses => [_once];
        public override bool IsPatient => true;
        public override JsonTypeInfo<RidePointsPosted> Json => TransitJson.Default.RidePointsPosted;
        public override PostRidePointsRefusal Reused(IdempotencyKey key) => PostRidePointsRefusal.AlreadyPosted;

        public override Decision<RidePointsPosted, PostRidePointsRefusal> Decide(AccountState state)
        {
            if (state.Happened(_once)) return PostRidePointsRefusal.AlreadyPosted;
            if (state.Of(link.Member).HasLeft) return PostRidePointsRefusal.MemberLeft;

            return new Decision<RidePointsPosted, PostRidePointsRefusal>(new RidePointsPosted(1, points))
            {
                Entry = new Entry(id, EntryKind.RidePoints, now, Initiator.Job(JobName),
                [
                    Leg.Of(link.Member, AccountType.ChargeOnlyPoints, points),
                    Leg.Of(Chart.Operator, AccountType.PointLiability, -points),
                ]),
                SingleUses = [_once],
                Details = [RidePointsRow.Table.Row(new RidePointsRow(
                    id, link.Id, link.Card, link.Member, month, number, points, now.ToUnixTimeMilliseconds()))],
                Topics = [Topics.OfMember(link.Member)],
            };
        }
    }
}
