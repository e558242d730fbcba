namespace Ensen.Simulation.Audit;

/// <summary>The rules of credit cards: what purchases bring, and what becomes of points that were given too many.</summary>
static partial class Rules
{
    /// <summary>
    /// 5 per mille of what was bought, 15 of what charged transit cards, each sum without its fraction. Nothing from before it was linked.
    /// </summary>
    public static long Unreckoned(CardPurchases card, int month)
    {
        if (month < card.Since) return 0;
        long Sum(bool isTransit) => card.Items.Where(i => i.Key.Month == month && i.Value.Said.IsTransit == isTransit)
            .Sum(i => i.Value.Said.Amount);
        return Sum(false) * 5 / 1_000 + Sum(true) * 15 / 1_000 - card.Reckoned.GetValueOrDefault(month);
    }

    public static Books PostPurchases(Books books, Guid member, int month, int day)
    {
        var card = books.Purchases[member];
        var change = Unreckoned(card, month);
        if (change == 0) return books;
        var (purse, into, moved) = (books.Purses[member], EarnedUntil(day), 0L);
        var given = card.Given.GetValueOrDefault(month, (into, into));
        if (change > 0)
        {
            moved = change - Math.Min(card.Owed, change);
            purse = purse.Lot(into, moved).Write("CreditCardPoints", [("Points", into, moved)]);
        }
        else
        {
            var legs = new List<(string, int, long)>();
            foreach (var (term, there) in purse.Lots.Where(l => l.Key >= day)
                .OrderBy(l => card.Given.ContainsKey(month) && (l.Key == given.Item1 || l.Key == given.Item2) ? 0 : 1).ThenBy(l => l.Key))
                if (Math.Min(there, moved - change) is var part and > 0)
                {
                    purse = purse.Lot(term, -part);
                    legs.Add((KindOf(term), term, -part));
                    moved -= part;
                }
            purse = purse.Write("CreditCardTakeBack", legs);
        }
        return books.With(member, purse)
            .Add("PointLiability", -moved).Add("CreditCardClearing", -change).Add("PointFunding", change) with
        {
            Purchases = books.Purchases.SetItem(member, card with
            {
                Reckoned = card.Reckoned.SetItem(month, card.Reckoned.GetValueOrDefault(month) + change),
                Given = card.Given.SetItem(month, (given.Item1, into)),
                Owed = card.Owed - change + moved,
            }),
        };
    }

    static int EarnedUntil(int day) => (day / 100 % 100 >= 4 ? day / 10_000 + 2 : day / 10_000 + 1) * 10_000 + 331;
}

/// <summary>A file of purchases came in; of each item the file with the highest edition is right.</summary>
sealed record PurchasesFed(Guid Member, int Month, int Edition, IReadOnlyList<ItemSaid> Items) : Deed
{
    public override string Words() => $"{Items.Count} purchases of {Month}, edition {Edition}";

    public override IEnumerable<Books> Happen(Books books)
    {
        var card = books.Purchases[Member];
        var items = card.Items;
        foreach (var item in Items)
            if (!items.TryGetValue((Month, item.Item), out var before) || before.Edition < Edition)
                items = items.SetItem((Month, item.Item), (Edition, item));
        yield return books with { Purchases = books.Purchases.SetItem(Member, card with { Items = items }) };
    }

    public override IEnumerable<string> Touches(Books books) => [Member.ToString()];
}

/// <summary>A month's points of a card were posted. <paramref name="IsSure"/>: somebody was told that the month was looked at.</summary>
sealed record PurchasesPosted(Guid Member, int Month, IReadOnlyList<int> Days, bool IsSure) : Deed
{
    public override string Words() => "";

    public override IEnumerable<Books> Happen(Books books)
    {
        if (Rules.Unreckoned(books.Purchases[Member], Month) == 0)
            return [books];
        var after = Days.Select(day => Rules.PostPurchases(books, Member, Month, day));
        return IsSure ? after : after.Prepend(books);
    }

    public override IEnumerable<string> Touches(Books books) => [Member.ToString()];
}
