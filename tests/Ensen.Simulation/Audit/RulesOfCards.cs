namespace Ensen.Simulation.Audit;

/// <summary>The rules of point cards.</summary>
static partial class Rules
{
    /// <summary>A card's own points come along, once.</summary>
    public static Books MigrateCard(Books books, Guid card, Guid member, long points, int day)
    {
        if (books.CardsMigrated.Contains(card) || points == 0) return books;
        var into = LastDay(day);
        var purse = books.Purses[member].Lot(into, points).Write("CardMigration", [("Points", into, points)]);
        return books.With(member, purse).Add("IssuerClearing", -points).Add("PointFunding", points).Add("PointLiability", -points) with
        {
            CardsMigrated = books.CardsMigrated.Add(card),
        };
    }
}

/// <summary>Somebody asked to register a card by its number. <paramref name="HasChanged"/>: it lapsed or was reissued meanwhile.</summary>
sealed record CardRegistered(string Number, Guid Member, string Said, int Attempts, bool HasChanged) : Deed
{
    public override string Words() => $"{Number} is registered → {Said}";

    public override IEnumerable<Books> Happen(Books books)
    {
        var isTaken = books.CardOwners.TryGetValue(Number, out var owner);
        var may = Said switch
        {
            "registered" => !isTaken || owner == Member && Attempts > 1,
            "AlreadyRegistered" => isTaken && owner == Member,
            "AlreadyLinked" => isTaken && owner != Member,
            "Lapsed" or "CardRefused" => HasChanged,
            // The issuer did not answer, or was asked about this card too often: nothing has happened.
            _ => Said is "TryAgain" or "TooManyRequests",
        };
        if (may)
            yield return Said == "registered" ? books with { CardOwners = books.CardOwners.SetItem(Number, Member) } : books;
    }

    public override IEnumerable<string> Touches(Books books) => ["card " + Number];
}

/// <summary>A card's points came along. <paramref name="IsSure"/>: its member was told so; else they may have.</summary>
sealed record CardMigrated(Guid Card, Guid Member, long Points, IReadOnlyCollection<int> Days, bool IsSure) : Deed
{
    public override string Words() => $"a card brings {Points}: {IsSure}";

    public override IEnumerable<Books> Happen(Books books) =>
        [.. Days.Select(day => Rules.MigrateCard(books, Card, Member, Points, day)), .. IsSure ? Array.Empty<Books>() : [books]];

    public override IEnumerable<string> Touches(Books books) => [Member.ToString()];
}
