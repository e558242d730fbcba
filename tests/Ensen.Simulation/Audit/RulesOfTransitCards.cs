using Ensen.Simulation.Worlds;

namespace Ensen.Simulation.Audit;

/// <summary>The rules of linking transit cards: one card, one account; and a card that nobody uses lapses.</summary>
static partial class Rules
{
    /// <summary>Of the years here, not of the world: a year is too short for the programme's 25 months.</summary>
    public const int LapseMonths = 2;

    /// <summary>The card and all who ever had it.</summary>
    public static IEnumerable<string> Concerns(Books books, string card) =>
        [card, .. books.Rides[card].Links.Select(l => l.Member.ToString()).Distinct()];

    public static Books AddLink(Books books, string number, CardLink link)
    {
        var card = books.Rides.GetValueOrDefault(number, new CardRides());
        return books with { Rides = books.Rides.SetItem(number, card with { Links = card.Links.Add(link) }) };
    }

    /// <param name="ends">At some moment of one of these.</param>
    public static Books EndLink(Books books, string number, IEnumerable<Window> ends, bool lapsed)
    {
        var card = books.Rides[number];
        var ended = card.Links[^1] with { Ends = [.. ends], Lapsed = lapsed };
        return books with { Rides = books.Rides.SetItem(number, card with { Links = card.Links.SetItem(card.Links.Count - 1, ended) }) };
    }

    /// <summary>Rides count from the beginning of the railway's month, and not before somebody let go of the card.</summary>
    public static DateTimeOffset MonthOf(DateTimeOffset at)
    {
        var day = at.ToOffset(TimeSpan.FromHours(9)).AddHours(-4);
        return new DateTimeOffset(day.Year, day.Month, 1, 4, 0, 0, TimeSpan.FromHours(9));
    }

    /// <summary>Nobody has used the card for so long, since it was linked and since its last ride.</summary>
    public static bool IsUnused(CardRides card, DateTimeOffset at) => card.Open is { } link && link.At.AddMonths(LapseMonths) <= at
        && card.Told.All(r => (r.IsWhole ? r.At.AddMinutes(20) : r.At).AddMonths(LapseMonths) <= at);

    /// <summary>A member's cards as their page shows them: those that are linked, and those that lapsed.</summary>
    public static string CardsOf(Books books, Guid member) => string.Join(' ', books.Rides
        .SelectMany(r => r.Value.Links.Where(l => l.Member == member && (!l.IsOver || l.Lapsed))
            .Select(l => $"****{r.Key[^4..]}{(l.Lapsed ? " lapsed" : "")}")).Order(StringComparer.Ordinal));
}

/// <summary>
/// Somebody asked to link a card. <paramref name="Link"/>: of the card's links which one they have now; <paramref name="From"/>: from when
/// on its rides count, as they were told.
/// </summary>
sealed record CardLinked(
    string Card, Guid Member, string Said, int Link, DateTimeOffset At, DateTimeOffset From)
    : Deed
{
    public override string Words() => $"{Card} is linked → {Said}";

    public override IEnumerable<Books> Happen(Books books)
    {
        var card = books.Rides[Card];
        if (Said == "linked")
        {
            // Asked again, or linked already: the answer is the same.
            if (Link < card.Links.Count && card.Links[Link].Member == Member)
                yield return books;
            else if (Link == card.Links.Count && card.Open is null && BeforeThis(card.Links[^1]) is { IsOver: true } before)
                yield return Rules.AddLink(
                    books with { Rides = books.Rides.SetItem(Card, card with { Links = card.Links.SetItem(Link - 1, before) }) },
                    Card, new CardLink(Member, At, From));
        }
        else if (Said == "AlreadyLinked" ? card.Open is { } open && open.Member != Member : Said is "TryAgain" or "TooManyRequests")
            yield return books;
    }

    /// <summary>
    /// Its rides count from the month in which it was linked, or from the instant at which the link before ended, which tells of that.
    /// </summary>
    CardLink BeforeThis(CardLink before) => before with
    {
        Ends = Rules.MonthOf(At) is var month && From == month
            ? [.. before.Ends.Where(e => e.From <= month).Select(e => e with { To = e.To < month ? e.To : month })]
            : From > month && before.Ends.Exists(e => e.From <= From && From <= e.To) ? [Window.At(From)] : [],
    };

    public override IEnumerable<string> Touches(Books books) => [Member.ToString(), .. Rules.Concerns(books, Card)];
}

/// <summary>A member took a card's link away, or was told that it is not linked. <paramref name="At"/>: when it ended, as they were told.</summary>
sealed record CardUnlinked(string Card, int Link, DateTimeOffset? At, IReadOnlyList<Window> Windows, int Attempts) : Deed
{
    public override string Words() => $"{Card} is unlinked: {At is not null}";

    public override IEnumerable<Books> Happen(Books books)
    {
        var links = books.Rides[Card].Links;
        if (Link >= links.Count)
            yield break;
        if (links[Link].IsOver)
        {
            if (At is null)
                yield return books;
        }
        else if (At is { } at)
            yield return Rules.EndLink(books, Card, [Window.At(at)], lapsed: false);
        else if (Attempts > 1)
            yield return Rules.EndLink(books, Card, Windows, lapsed: false);
    }

    public override IEnumerable<string> Touches(Books books) => Rules.Concerns(books, Card);
}

/// <summary>Somebody looked for cards that nobody uses, as one of the clocks stood, and at last at <paramref name="Surely"/> or after.</summary>
sealed record CardsLookedAfter(string Card, IReadOnlyList<Window> Windows, DateTimeOffset Surely) : Deed
{
    public override string Words() => "";

    public override IEnumerable<Books> Happen(Books books)
    {
        var card = books.Rides[Card];
        if (Windows.Where(w => Rules.IsUnused(card, w.To)).ToList() is { Count: > 0 } ends)
            yield return Rules.EndLink(books, Card, ends, lapsed: true);
        if (!Rules.IsUnused(card, Surely))
            yield return books;
    }

    public override IEnumerable<string> Touches(Books books) => Rules.Concerns(books, Card);
}
