using System.Collections.Immutable;

namespace Ensen.Simulation.Audit;

/// <summary>The rules of rewards.</summary>
static partial class Rules
{
    /// <param name="seen">
    /// The stock as it was seen a little earlier, by which somebody is refused for another reason while the last pieces go.
    /// </param>
    public static (string Said, Books After) OrderReward(
        Books books, Guid member, RewardOffered reward, long quantity, int day, Guid id, long? seen = null)
    {
        var purse = books.Purses[member];
        var (points, yen, stock) = (reward.Points * quantity, reward.Yen * quantity, books.Stock[reward.Name]);
        if (purse.Left) return ("MemberLeft", books);
        if (purse.Frozen) return ("Frozen", books);
        if ((seen ?? stock) < quantity) return ("OutOfStock", books);
        var left = PayLeft(purse, day);
        if (yen > 0 && (yen > left.PerMovement || yen > left.Today || yen > left.ThisMonth)) return ("OverLimit", books);
        if (points > purse.Usable(day)) return ("InsufficientPoints", books);
        var prepaid = Math.Min(yen, purse.Prepaid);
        if (yen - prepaid > (purse.Verified ? purse.Money : 0)) return ("InsufficientBalance", books);

        var parts = Take(purse.Lots.Where(l => l.Key >= day), points);
        foreach (var (term, part) in parts)
            purse = purse.Lot(term, -part);
        purse = purse with { Prepaid = purse.Prepaid - prepaid, Money = purse.Money - (yen - prepaid) };
        if (yen > 0)
            purse = purse.Use("pay", yen, day);
        ImmutableList<(string, long)> yenParts = [.. new[] { ("Prepaid", prepaid), ("Money", yen - prepaid) }.Where(p => p.Item2 > 0)];
        purse = purse.Write($"RewardOrder {id}",
            [.. yenParts.Select(p => (p.Item1, 0, -p.Item2)), .. parts.Select(p => (KindOf(p.Term), p.Term, -p.Points))]);
        return (FormattableString.Invariant($"ordered for {points} points and {yen} yen"),
            books.With(member, purse).Add("RewardSales", yen).Add("PointLiability", points) with
            {
                Stock = books.Stock.SetItem(reward.Name, stock - quantity),
                Exchanges = books.Exchanges.Add(id, new Exchange(member, reward.Name, quantity, yenParts, parts)),
            });
    }

    /// <summary>Nothing came of an order: yen and points go where they came from, once; what has lapsed is breakage.</summary>
    public static Books? ReturnReward(Books books, Guid id, int day)
    {
        if (!books.Exchanges.TryGetValue(id, out var order) || order.IsBack) return null;
        var (purse, legs, lapsed) = (books.Purses[order.Member], new List<(string, int, long)>(), 0L);
        foreach (var (accountType, yen) in order.YenParts)
        {
            purse = accountType == "Money" ? purse with { Money = purse.Money + yen } : purse with { Prepaid = purse.Prepaid + yen };
            legs.Add((accountType, 0, yen));
        }
        foreach (var (term, part) in order.Parts)
            if (term >= day)
            {
                purse = purse.Lot(term, part);
                legs.Add((KindOf(term), term, part));
            }
            else
                lapsed += part;
        return books.With(order.Member, purse.Write("RewardReturn", legs)).Add("Breakage", lapsed)
            .Add("RewardSales", -order.YenParts.Sum(p => p.Yen)).Add("PointLiability", -order.Parts.Sum(p => p.Points)) with
        {
            Stock = books.Stock.SetItem(order.Reward, books.Stock[order.Reward] + order.Quantity),
            Exchanges = books.Exchanges.SetItem(id, order with { IsBack = true }),
        };
    }
}

/// <summary>A reward as the town knows it.</summary>
sealed record RewardOffered(string Name, Guid Id, long Points, long Yen);

/// <summary>What an order had cost came back, unasked or because its member took it back.</summary>
sealed record RewardCameBack(Guid Order, Guid Member, IReadOnlyCollection<int> Days) : Deed
{
    public override string Words() => "an order came back";

    public override IEnumerable<Books> Happen(Books books) =>
        Days.Select(day => Rules.ReturnReward(books, Order, day)).OfType<Books>();

    public override IEnumerable<string> Touches(Books books) => [Order.ToString(), Member.ToString(), "rewards"];
}
