using Ensen.Simulation.Worlds;

namespace Ensen.Simulation.Audit;

/// <summary>The rules of transit cards: what rides bring, and points that are put on a card.</summary>
static partial class Rules
{
    static readonly string[] s_loop = ["大阪", "天王寺"];

    /// <summary>
    /// In the loop, on weekdays from 10 to 17 o'clock and on other days all day: from the 4th ride a tenth of the fare. All others: from the
    /// 11th at the same fare.
    /// </summary>
    static long RidePoints(IEnumerable<RideTold> rides)
    {
        var (points, counts) = (0L, new Dictionary<long, int>());
        foreach (var ride in rides.Where(r => r.IsWhole).OrderBy(r => r.At))
        {
            var at = ride.At.ToOffset(TimeSpan.FromHours(9));
            var inWindow = at.AddHours(-4).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || at.Hour is >= 10 and < 17;
            var inLoop = inWindow && s_loop.Contains(ride.From) && s_loop.Contains(ride.To);
            var together = inLoop ? -1 : ride.Fare;
            var nth = counts[together] = counts.GetValueOrDefault(together) + 1;
            if (nth >= (inLoop ? 4 : 11))
                points += ride.Fare / 10;
        }
        return points;
    }

    /// <summary>
    /// What is still to be posted for a month's rides of a card, while it was linked to somebody: as often as it is not known when that
    /// ended, each time with what would be known then.
    /// </summary>
    public static IEnumerable<(long Points, CardRides Card)> Unposted(CardRides card, int link, int month)
    {
        if (link >= card.Links.Count)
            return [];
        var (held, rides) = (card.Links[link], card.Told.Where(r => r.Month == month).ToList());
        long Left(Window? ended) => RidePoints(rides.Where(r => held.Counts(r, ended))) - card.Posted.GetValueOrDefault((link, month));
        return !held.IsOver ? [(Left(null), card)]
            : from window in held.Ends
              from part in Parts(window, rides)
              group part by Left(part) into same
              select (same.Key, card with { Links = card.Links.SetItem(link, held with { Ends = [.. same] }) });
    }

    /// <summary>A window, cut where there was a ride: until each moment of a part the same rides count.</summary>
    static IEnumerable<Window> Parts(Window window, List<RideTold> rides)
    {
        foreach (var at in rides.Select(r => r.At).Where(at => at >= window.From && at < window.To).Order())
        {
            yield return window with { To = at };
            window = window with { From = at.AddTicks(1) };
        }
        yield return window;
    }

    /// <summary>How the books may stand when a month was looked at.</summary>
    public static IEnumerable<Books> PostRides(Books books, string number, int link, int month) =>
        Unposted(books.Rides[number], link, month).Select(u => PostRides(books, number, link, month, u.Card, u.Points));

    static Books PostRides(Books books, string number, int link, int month, CardRides card, long points)
    {
        if (points <= 0) return books with { Rides = books.Rides.SetItem(number, card) };
        var member = card.Links[link].Member;
        var purse = books.Purses[member].Lot(0, points).Write("RidePoints", [("ChargeOnlyPoints", 0, points)]);
        return books.With(member, purse).Add("PointLiability", -points) with
        {
            Rides = books.Rides.SetItem(number, card with
            {
                Posted = card.Posted.SetItem((link, month), card.Posted.GetValueOrDefault((link, month)) + points),
            }),
        };
    }

    /// <summary>Points are put on a card: those for nothing else first, then the soonest to lapse.</summary>
    public static (string Said, Books After) LoadCard(Books books, Guid member, long points, int day, Guid id)
    {
        var purse = books.Purses[member];
        if (purse.Left) return ("MemberLeft", books);
        if (purse.Frozen) return ("Frozen", books);
        var parts = Take(purse.Lots.Where(l => l.Key == 0 || l.Key >= day && l.Key != CampaignLot), points);
        if (parts.Sum(p => p.Points) < points) return ("InsufficientPoints", books);

        foreach (var (term, part) in parts)
            purse = purse.Lot(term, -part);
        purse = purse.Write("TransitCharge", parts.Select(p => (KindOf(p.Term), p.Term, -p.Points)));
        return ("on its way",
            books.With(member, purse).Add("PointLiability", points).Add("PointFunding", -points).Add("TransitClearing", points) with
            {
                Loads = books.Loads.Add(id, new Load(member, parts, Open: true)),
            });
    }

    /// <summary>Of two equal charges at once no statement says which took which lots: what comes back does.</summary>
    public static IEnumerable<Books> AsEitherOfTwo(Books books, Guid id)
    {
        yield return books;
        if (!books.Loads.TryGetValue(id, out var load)) yield break;
        foreach (var (twin, other) in books.Loads)
            if (twin != id && other.Member == load.Member && other.Parts.Sum(p => p.Points) == load.Parts.Sum(p => p.Points)
                && !other.Parts.SequenceEqual(load.Parts))
                yield return books with { Loads = books.Loads.SetItem(id, load with { Parts = other.Parts }).SetItem(twin, other with { Parts = load.Parts }) };
    }

    /// <summary>The card got the points, or they are back in their lots; of those that have lapsed nothing is left.</summary>
    public static Books? EndLoad(Books books, Guid id, bool arrived, int day)
    {
        if (!books.Loads.TryGetValue(id, out var load) || !load.Open) return null;
        books = books with { Loads = books.Loads.SetItem(id, load with { Open = false }) };
        if (arrived) return books;
        var (purse, legs, lapsed) = (books.Purses[load.Member], new List<(string, int, long)>(), 0L);
        foreach (var (term, part) in load.Parts)
            if (term == 0 || term >= day)
            {
                purse = purse.Lot(term, part);
                legs.Add((KindOf(term), term, part));
            }
            else
                lapsed += part;
        var points = load.Parts.Sum(p => p.Points);
        return books.With(load.Member, purse.Write("TransitReturn", legs)).Add("Breakage", lapsed)
            .Add("PointLiability", -points).Add("PointFunding", points).Add("TransitClearing", -points);
    }
}

/// <summary>Rides of a card came in, and the feed was told how many were new.</summary>
/// <param name="New">Null when it was asked more than once: then they may have been new before.</param>
/// <param name="Step">Of the world's steps the one at which the feed was answered.</param>
sealed record RidesFed(string Card, IReadOnlyList<RideTold> Rides, long? New, int Step) : Deed
{
    public override string Words() => $"{Rides.Count} rides → {New}";

    public override IEnumerable<Books> Happen(Books books)
    {
        var card = books.Rides[Card];
        var told = card.Told.Union(Rides);
        if (New is null || told.Count - card.Told.Count == New)
            yield return books with { Rides = books.Rides.SetItem(Card, card with { Told = told }) };
    }

    public override IEnumerable<string> Touches(Books books) => Rules.Concerns(books, Card);
}

/// <summary>A month's points of a card were posted. <paramref name="IsSure"/>: somebody was told that the month was looked at.</summary>
/// <param name="Link">Of the card's links which one.</param>
sealed record RidesPosted(string Card, int Link, int Month, bool IsSure) : Deed
{
    public override string Words() => "";

    public override IEnumerable<Books> Happen(Books books)
    {
        var after = Rules.PostRides(books, Card, Link, Month);
        return IsSure && Link < books.Rides[Card].Links.Count ? after : after.Prepend(books);
    }

    public override IEnumerable<string> Touches(Books books) => Rules.Concerns(books, Card);
}

/// <summary>Points on their way to a card came to their end.</summary>
sealed record LoadEnded(Guid Load, Guid Member, bool Arrived, IReadOnlyCollection<int> Days) : Deed
{
    public override string Words() => $"points on their way arrived: {Arrived}";

    public override IEnumerable<Books> Happen(Books books) =>
        Days.SelectMany(day => Rules.AsEitherOfTwo(books, Load).Select(b => Rules.EndLoad(b, Load, Arrived, day))).OfType<Books>();

    public override IEnumerable<string> Touches(Books books) => [Load.ToString(), Member.ToString()];
}
