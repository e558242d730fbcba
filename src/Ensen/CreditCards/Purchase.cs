using Ensen.Basics;

namespace Ensen.CreditCards;

/// <summary>What was bought.</summary>
public enum PurchaseClass : short
{
    /// <summary>Anything else: it brings the base.</summary>
    Purchase = 1,

    /// <summary>A charge of a transit card.</summary>
    TransitCharge = 2,
}

/// <summary>
/// An item of a card's month as it stands now, of the file with the highest edition that names it. <paramref name="Amount"/> in yen:
/// below 0 it was given back, 0 it was withdrawn.
/// </summary>
public sealed record Purchase(int Month, Guid Card, Guid Item, PurchaseClass Class, long AtMs, long Amount);

/// <summary>An item, and what it adds to the points of its month.</summary>
public sealed record JudgedPurchase(Purchase Purchase, PointAmount Points);

/// <summary>The rules of a month: kept as they were when its points were first computed, so that a correction is judged as the rest
/// was.</summary>
public sealed record PurchaseRules(long BasePermille, long TransitPermille)
{
    const long Whole = 1_000;

    public static PurchaseRules Of(Programme programme) => new(programme.CreditCards.BasePermille, programme.CreditCards.TransitPermille);

    /// <summary>
    /// What a sum of one class comes to: rounded down once per card, month and class. Of a sum below zero (more was given back than bought)
    /// it is rounded the same way from zero, so that a purchase and its return come to nothing.
    /// </summary>
    public PointAmount Of(PurchaseClass purchases, long sum)
    {
        var rate = new Rate(purchases == PurchaseClass.TransitCharge ? TransitPermille : BasePermille, Whole);
        return new PointAmount(sum < 0 ? -rate.Of(-sum, Rounding.Down) : rate.Of(sum, Rounding.Down));
    }

    public PointAmount Total(IEnumerable<Purchase> purchases)
    {
        var (bought, charged) = (0L, 0L);
        foreach (var purchase in purchases)
            if (purchase.Class == PurchaseClass.TransitCharge)
                charged = checked(charged + purchase.Amount);
            else
                bought = checked(bought + purchase.Amount);
        return Of(PurchaseClass.Purchase, bought) + Of(PurchaseClass.TransitCharge, charged);
    }

    /// <summary>The items in their order, each with what the sum of its class comes to more with it: together they are the total.</summary>
    public IReadOnlyList<JudgedPurchase> Judge(IEnumerable<Purchase> purchases)
    {
        var sums = new Dictionary<PurchaseClass, long>();
        var judged = new List<JudgedPurchase>();
        foreach (var purchase in purchases.OrderBy(p => p.AtMs).ThenBy(p => p.Item))
        {
            var before = sums.GetValueOrDefault(purchase.Class);
            var after = sums[purchase.Class] = checked(before + purchase.Amount);
            judged.Add(new JudgedPurchase(purchase, Of(purchase.Class, after) - Of(purchase.Class, before)));
        }
        return judged;
    }
}

/// <summary>For which link of a card an item counts.</summary>
static class PurchaseLinks
{
    /// <summary>
    /// That within whose time it was bought. What is given back when nobody has the card linked counts for whoever had it last: otherwise
    /// points would be kept by unlinking between a purchase and its return.
    /// </summary>
    /// <param name="links">Of the card, in their order.</param>
    public static CreditCard? LinkOf(Purchase purchase, IReadOnlyList<CreditCard> links)
    {
        CreditCard? last = null;
        foreach (var link in links)
        {
            if (link.Counts(purchase.AtMs))
                return link;
            if (purchase.Amount < 0 && link.RemovedMs is { } removed && removed <= purchase.AtMs)
                last = link;
        }
        return last;
    }
}
