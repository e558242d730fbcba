using Ensen.Basics;
using Ensen.Simulation.Audit;
using Ensen.Storage;
using Ensen.Transit;

namespace Ensen.Simulation.Worlds;

/// <summary>Rides come in as gates tell them, months are posted, and points go to cards.</summary>
sealed partial class Errands
{
    readonly Dictionary<string, List<RideTold>> _rides = [];
    int _gates;

    Task<IReadOnlyList<Deed>> AboutRides() => RandomSource.Next(11) switch
    {
        < 2 => FeedRides(),
        2 => PostRides(),
        3 => FeedAndPost(),
        4 => FeedLate(),
        5 or 6 => FeedUnlinked(),
        < 10 => AboutTransitCards(),
        _ => LoadCard(),
    };

    async Task<IReadOnlyList<Deed>> FeedAndPost() => world.IsCalm ? [.. await FeedRides(), .. await PostRides()]
        : [.. (await Task.WhenAll(FeedRides(), PostRides(), PostRides())).SelectMany(d => d)];

    /// <summary>Of a month that is over some rides come in and are posted, and then others.</summary>
    async Task<IReadOnlyList<Deed>> FeedLate()
    {
        var (card, month) = (SomeCard, ServiceDay.Before(ServiceDay.Of(world.Times.Earliest, new TransitRules()).Month));
        return [.. await FeedRides(card, month), .. await PostRides(), .. await FeedRides(card, month), .. await PostRides()];
    }

    /// <summary>Whoever unlinked a card rides on with it in the weeks after, and that brings nothing.</summary>
    async Task<IReadOnlyList<Deed>> FeedUnlinked()
    {
        var now = ServiceDay.Of(world.Times.Earliest, new TransitRules()).Month;
        int MonthAfter(DateTimeOffset at) => ServiceDay.Of(at.AddDays(18), new TransitRules()).Month;
        return town.TransitCards.Find(c => c.LetGo is { } at && MonthAfter(at) < now) is { LetGo: { } letGo } card
            ? [.. await FeedRides(card, MonthAfter(letGo)), .. await PostRides()] : await UnlinkCard();
    }

    /// <summary>A delivery: rides of this month or of one that is posted already.</summary>
    Task<IReadOnlyList<Deed>> FeedRides()
    {
        var month = ServiceDay.Of(world.Times.Earliest, new TransitRules()).Month;
        for (var back = RandomSource.Next(4); back > 1; back--)
            month = ServiceDay.Before(month);
        return FeedRides(SomeCard, month);
    }

    /// <summary>The rides come in any order, some of them told before.</summary>
    async Task<IReadOnlyList<Deed>> FeedRides(TransitCardHeld card, int month)
    {
        var before = _rides.TryGetValue(card.Number, out var known) ? known : _rides[card.Number] = [];
        var fresh = new List<RideTold>();
        foreach (var ride in Enumerable.Range(0, 3 + RandomSource.Next(12)).Select(_ => SomeRide(month)))
            // Nobody rides twice at once: that would be one ride, told in two ways.
            if (ride.At < world.Times.Earliest && before.Concat(fresh).All(r => (r.At - ride.At).Duration() >= TimeSpan.FromMinutes(20)))
                fresh.Add(ride);
        var again = before.Where(_ => RandomSource.Next(3) == 0).Take(4).ToList();
        before.AddRange(fresh);
        List<RideTold> delivered = [.. fresh.Concat(again).OrderBy(_ => RandomSource.Next())];
        Task<IReadOnlyList<Deed>> Send() => Feed(card, delivered);
        _late.Add(Send);
        if (!world.IsCalm && RandomSource.Next(4) == 0)
            return [.. (await Task.WhenAll(Send(), Send())).SelectMany(d => d)];
        return RandomSource.Next(5) == 0 ? [.. await Send(), .. await _late[RandomSource.Next(_late.Count)]()] : await Send();
    }

    readonly List<Func<Task<IReadOnlyList<Deed>>>> _late = [];

    /// <summary>
    /// In the middle of a month, on no holiday: within the hours, before them, or on another line; each at a moment of its own.
    /// </summary>
    RideTold SomeRide(int month)
    {
        var day = new DateTimeOffset(month / 100, month % 100, 12 + RandomSource.Next(8), 0, 0, 0, TimeSpan.FromHours(9));
        if (day.DayOfWeek == DayOfWeek.Monday)
            day = day.AddDays(1);
        var moment = TimeSpan.FromSeconds(++_gates % 3_600);
        return RandomSource.Next(8) switch
        {
            < 4 => new RideTold(month, day.AddHours(10 + RandomSource.Next(7)) + moment, "大阪", "天王寺", 190, true),
            4 => new RideTold(month, day.AddHours(9) + moment, "天王寺", "大阪", 190, true),
            5 => new RideTold(month, day.AddHours(12) + moment, "大阪", "天王寺", 190, false),
            // After midnight, of the day before.
            6 => new RideTold(month, day.AddHours(24) + moment, "三ノ宮", "大阪", 420, true),
            _ => new RideTold(month, day.AddHours(8) + moment, "三ノ宮", "大阪", 420, true),
        };
    }

    async Task<IReadOnlyList<Deed>> Feed(TransitCardHeld card, IReadOnlyList<RideTold> rides)
    {
        var client = new Client(world, "gates");
        var read = await client.Ask($"tell {rides.Count} rides of {card.Number}", node =>
            node.Get<ReadRides>().Run("gates", rides.Select((r, n) =>
            new FedRide(n + 1, card.Number, r.From, r.IsWhole ? r.To : null, r.Fare, r.At, r.IsWhole ? r.At.AddMinutes(20) : null))));
        if (read.Refused > 0 || read.Accepted + read.Duplicates != rides.Count)
            throw new DiscrepancyException($"{rides.Count} rides were delivered; the feed says {read}");
        return [new RidesFed(card.Number, rides, client.Attempts == 1 ? read.Accepted : null, world.Loop.Steps)];
    }

    async Task<IReadOnlyList<Deed>> PostRides()
    {
        var client = new Client(world, "night");
        await client.Ask("posts what rides bring", node => node.Get<PostRidePoints>().Run());
        return [new RidesRun(client.Attempts, client.Sent, client.Answered, client.LastStep)];
    }

    async Task<IReadOnlyList<Deed>> LoadCard()
    {
        var (card, points, key) = (SomeCard, 1L + RandomSource.Next(120), NewKey());
        var link = card.Links.Count - 1;
        Task<Deed> Send(string with) => LoadCard(card, link, points, with);
        _old.Add(() => Send(key));
        return RandomSource.Next(4) switch
        {
            0 => await Both(() => Send(key), () => Send(key)),
            1 => await Both(() => Send(key), () => Send(NewKey())),
            _ => [await Send(key)],
        };
    }

    async Task<Deed> LoadCard(TransitCardHeld held, int link, long points, string key)
    {
        var (card, who) = held.Links[link];
        var client = new Client(world, who.Name);
        var answer = await client.Ask($"puts {points} points on the card, key {key}", node =>
            node.Get<ChargeTransitCard>().Run(new ChargeTransitCardRequest(who.Payer.MemberId, card, points.Points(),
                IdempotencyKey.Of(who.Id, key, "transit charge", card, points))));
        var said = answer.Accepted ? "on its way" : answer.Refusal.ToString();
        return Told(client, $"{who.Name} puts {points} points on the card, {key}", [who.Id, held.Number], [new Key($"{who.Id} {key}")],
            $"load {points}", said, answer, answer.Value?.ChargeId.Value,
            answer.Value is { } taken ? Id.TimeOf(taken.ChargeId) : null,
            (books, day) => books.Rides[held.Number].Links[link] is { IsOver: true } ended
                && (ended.Ends.TrueForAll(e => e.To < client.Sent) || said == NotLinked(ended)) ? (NotLinked(ended), books)
                : Rules.LoadCard(books, who.Id, points, day, answer.Value?.ChargeId.Value ?? Guid.Empty));

        // What was decided while the link ended may have seen it or not.
        static string NotLinked(CardLink ended) => ended.Lapsed ? "Lapsed" : "NotFound";
    }
}

/// <summary>The months that were over were looked at, so many times; whoever asked was told so the last time.</summary>
/// <param name="Step">Of the world's steps the one at which that last time began.</param>
sealed record RidesRun(int Times, DateTimeOffset Sent, DateTimeOffset Answered, int Step) : Deed
{
    public override IEnumerable<Books> Happen(Books books) => [books];

    public override IEnumerable<string> Touches(Books books) => [];

    /// <summary>The last month whose points are posted at an instant: from the second day of the next one on.</summary>
    static int LastMonth(DateTimeOffset at)
    {
        var day = at.ToOffset(TimeSpan.FromHours(9)).AddHours(-4);
        var over = day.AddDays(1 - day.Day).AddMonths(day.Day >= 2 ? -1 : -2);
        return over.Year * 100 + over.Month;
    }

    /// <summary>
    /// What may have been posted, month by month: each time something new is known of it, once. At least the last look is sure, where no
    /// month ended meanwhile and all that was told was told before it began: what came in beside it is found by the next one, and says
    /// nothing of when a link ended.
    /// </summary>
    public static IEnumerable<Deed> Postings(IReadOnlyList<RidesRun> runs, IReadOnlyList<Deed> deeds, Books books)
    {
        if (runs.Count == 0)
            yield break;
        var feeds = deeds.OfType<RidesFed>().ToLookup(f => f.Card);
        var may = runs.Max(r => LastMonth(r.Answered));
        var fresh = deeds.OfType<CardLinked>().Where(l => l.Said == "linked").ToLookup(l => l.Card);
        foreach (var (number, card) in books.Rides)
            foreach (var month in card.Told.Concat(feeds[number].SelectMany(f => f.Rides)).Select(r => r.Month).Distinct().Order()
                .Where(m => m <= may))
            {
                var told = feeds[number].Where(f => f.Rides.Any(r => r.Month == month)).Select(f => f.Step).ToList();
                var news = told.Count;
                var sure = runs.Any(r => month <= LastMonth(r.Sent) && told.TrueForAll(step => step < r.Step));
                for (var link = 0; link < Math.Max(card.Links.Count, fresh[number].Select(l => l.Link + 1).DefaultIfEmpty().Max()); link++)
                    if (news > 0 || link >= card.Links.Count || Rules.Unposted(card, link, month).Any(u => u.Points != 0))
                        for (var n = Math.Min(runs.Sum(r => r.Times), news + 1); n > 0; n--)
                            yield return new RidesPosted(number, link, month, IsSure: n == 1 && sure);
            }
    }
}
