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

    /// <summary>What is still to be posted for a month's rides of a card, while it was linked to somebody.</summary>
    public static long Unposted(CardRides card, int link, int month) => link >= card.Links.Count ? 0
        : RidePoints(card.Told.Where(r => r.Month == month && card.Links[link].Counts(r))) - card.Posted.GetValueOrDefault((link, month));

    public static Books PostRides(Books books, string number, int link, int month)
    {
        var card = books.Rides[number];
        if (Unposted(card, link, month) is not (> 0 and var points)) return books;
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
sealed record RidesFed(string Card, IReadOnlyList<RideTold> Rides, long? New) : Deed
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
        return IsSure || ReferenceEquals(after, books) ? [after] : [books, after];
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
