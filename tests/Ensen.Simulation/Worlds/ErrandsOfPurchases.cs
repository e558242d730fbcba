using System.Globalization;
using System.Text;
using Ensen.Basics;
using Ensen.CreditCards;
using Ensen.Simulation.Audit;

namespace Ensen.Simulation.Worlds;

/// <summary>Files of purchases by credit card come in, late and corrected, and months are posted.</summary>
sealed partial class Errands
{
    readonly List<Func<Task<IReadOnlyList<Deed>>>> _files = [];
    readonly Dictionary<(Guid Member, int Month), List<string>> _items = [];
    int _editions;

    Task<IReadOnlyList<Deed>> AboutPurchases() => RandomSource.Next(6) switch
    {
        < 2 => FeedPurchases(),
        2 => PostPurchases(),
        3 => FeedAndPostPurchases(),
        _ => CorrectPurchases(),
    };

    async Task<IReadOnlyList<Deed>> FeedAndPostPurchases() => world.IsCalm ? [.. await FeedPurchases(), .. await PostPurchases()]
        : [.. (await Task.WhenAll(FeedPurchases(), PostPurchases(), PostPurchases())).SelectMany(d => d)];

    /// <summary>Of a month that is over a file is posted, and then the one that corrects it.</summary>
    async Task<IReadOnlyList<Deed>> CorrectPurchases()
    {
        var (who, month) = (Somebody, MonthBack(1));
        return [.. await FeedPurchases(who, month), .. await PostPurchases(), .. await FeedPurchases(who, month), .. await PostPurchases()];
    }

    Task<IReadOnlyList<Deed>> FeedPurchases() => FeedPurchases(Somebody, MonthBack(Math.Max(0, RandomSource.Next(4) - 1)));

    JapanDay MonthBack(int months)
    {
        var day = JapanDay.Of(world.Times.Earliest);
        for (; months > 0; months--)
            day = new JapanDay(new DateOnly(day.Date.Year, day.Date.Month, 1)).Previous;
        return day;
    }

    /// <summary>
    /// A file of one card's month, this one or one that is posted already: new items, and others that say something else than before. Now
    /// and then it comes twice, or an old one comes once more.
    /// </summary>
    async Task<IReadOnlyList<Deed>> FeedPurchases(Resident who, JapanDay month)
    {
        var known = _items.TryGetValue((who.Id, month.Month), out var before) ? before : _items[(who.Id, month.Month)] = [];
        var items = known.Where(_ => RandomSource.Next(3) == 0).Take(4).Select(i => Said(i, RandomSource.Next(2) == 0 ? 0 : null)).ToList();
        for (var fresh = 1 + RandomSource.Next(5); fresh > 0; fresh--)
        {
            known.Add($"{(RandomSource.Next(4) == 0 ? "t" : "p")}-{month.Month}-{known.Count}");
            items.Add(Said(known[^1], null));
        }
        var edition = ++_editions;
        Task<IReadOnlyList<Deed>> Send() => Feed(who, month.Month, edition, items);
        _files.Add(Send);
        if (!world.IsCalm && RandomSource.Next(4) == 0)
            return [.. (await Task.WhenAll(Send(), Send())).SelectMany(d => d)];
        return RandomSource.Next(4) == 0 ? [.. await Send(), .. await _files[RandomSource.Next(_files.Count)]()] : await Send();
    }

    ItemSaid Said(string item, long? amount) =>
        new(item, item[0] == 't', amount ?? (RandomSource.Next(5) == 0 ? -1 : 1) * (100 + RandomSource.Next(30_000)));

    async Task<IReadOnlyList<Deed>> Feed(Resident who, int month, int edition, IReadOnlyList<ItemSaid> items)
    {
        var client = new Client(world, "card company");
        var text = new StringBuilder("card,item,at,amount,kind\n");
        foreach (var item in items)
            text.Append(CultureInfo.InvariantCulture,
                $"{Town.CreditCardOf(who)},{item.Item},{month / 100:0000}-{month % 100:00}-15T12:00:00+09:00,{item.Amount},{(item.IsTransit ? "transit" : "purchase")}\n");
        text.Append(CultureInfo.InvariantCulture,
            $"total,{month / 100:0000}-{month % 100:00},{edition},{items.Sum(i => i.Amount)},{items.Count}\n");
        var taken = await client.Ask($"tells {items.Count} purchases of {who.Name}, edition {edition}", node =>
            node.Get<TakePurchaseFile>().Run("purchases", Encoding.UTF8.GetBytes(text.ToString())));
        if (taken.Refused.Count > 0)
            throw new DiscrepancyException($"a file of purchases was refused: {taken.Refused[0]}");
        return [new PurchasesFed(who.Id, month, edition, items)];
    }

    async Task<IReadOnlyList<Deed>> PostPurchases()
    {
        var client = new Client(world, "night");
        await client.Ask("posts what purchases bring", node => node.Get<PostCreditCardPoints>().Run());
        return [new PurchasesRun(client.Attempts, client.Days, client.Sent, client.Answered)];
    }
}

/// <summary>Purchases of the months that were over were looked at, so many times; whoever asked was told so the last time.</summary>
/// <param name="Days">Those of tries that were not answered, too: a node may have died behind the posting.</param>
sealed record PurchasesRun(int Times, IReadOnlyCollection<int> Days, DateTimeOffset Sent, DateTimeOffset Answered) : Deed
{
    public override IEnumerable<Books> Happen(Books books) => [books];

    public override IEnumerable<string> Touches(Books books) => [];

    /// <summary>The last month whose points are posted at an instant: from the second day of the next one on.</summary>
    static int LastMonth(DateTimeOffset at)
    {
        var day = JapanDay.Of(at).Date;
        var over = day.AddDays(1 - day.Day).AddMonths(day.Day >= 2 ? -1 : -2);
        return over.Year * 100 + over.Month;
    }

    /// <summary>What may have been posted, as for rides: each time something new is known of a month, once.</summary>
    public static IEnumerable<Deed> Postings(IReadOnlyList<PurchasesRun> runs, IReadOnlyList<Deed> deeds, Books books)
    {
        if (runs.Count == 0)
            yield break;
        var feeds = deeds.OfType<PurchasesFed>().ToLookup(f => f.Member);
        var (sure, may) = (runs.Max(r => LastMonth(r.Sent)), runs.Max(r => LastMonth(r.Answered)));
        int[] days = [.. runs.SelectMany(r => r.Days).Distinct()];
        foreach (var (member, card) in books.Purchases)
            foreach (var month in card.Items.Keys.Select(k => k.Month).Concat(feeds[member].Select(f => f.Month)).Distinct().Order()
                .Where(m => m <= may))
            {
                var news = feeds[member].Count(f => f.Month == month);
                if (news == 0 && Rules.Unreckoned(card, month) == 0)
                    continue;
                for (var n = Math.Min(runs.Sum(r => r.Times), news + 1); n > 0; n--)
                    yield return new PurchasesPosted(member, month, days, IsSure: n == 1 && month <= sure);
            }
    }
}
