using System.Data.Common;
using System.Text.Json;
using Dapper;
using Ensen.Ledger;

namespace Ensen.CreditCards;

/// <summary>
/// For <c>verify</c>: of each month that is posted, what was reckoned for every card is what the rule says of its purchases, computed
/// afresh. Whoever left before is passed over.
/// </summary>
public static class PurchaseCheck
{
    public const string Name = "I9 the points for each credit card's purchases of a posted month are those that the rule gives";

    const int Page = 20_000;
    const int MostNamed = 10;

    public static async Task<IReadOnlyList<string>> Broken(DbConnection connection)
    {
        var broken = new List<string>();
        var months = (await connection.QueryAsync<(int Month, string Rules)>(
            """
            select month, rules
            from purchase_month
            where posted_version = read_version and rules is not null
            order by month
            limit 10000
            """)).AsList();
        foreach (var (month, text) in months)
        {
            var rules = JsonSerializer.Deserialize(text, PurchaseJson.Default.PurchaseRules)!;
            for (Guid? after = Guid.Empty; after is { } from && broken.Count < MostNamed;)
            {
                var cards = (await connection.QueryAsync<Guid>(
                    "select distinct card from credit_card where card > @from order by card limit @Page", new { from, Page },
                    commandTimeout: 600)).AsList();
                after = cards.Count == 0 ? null : cards[^1];
                if (after is { } last)
                    broken.AddRange(await Broken(connection, month, rules, from, last));
            }
        }
        return broken.Count > MostNamed ? broken[..MostNamed] : broken;
    }

    static async Task<List<string>> Broken(DbConnection connection, int month, PurchaseRules rules, Guid after, Guid last)
    {
        var of = new { month, after, last, kind = RestrictionKind.Left.Number };
        var links = (await LinkedCreditCards.Links.Between(connection, after, last)).GroupBy(l => l.Card)
            .ToDictionary(g => g.Key, IReadOnlyList<CreditCard> (g) => [.. g]);
        var known = await PurchaseMonth.Open(connection, month);
        var brought = (await known.Between(connection, after, last)).Select(i => i.Purchase).Where(p => links.ContainsKey(p.Card))
            .ToLookup(p => PurchaseLinks.LinkOf(p, links[p.Card])?.Id ?? default);
        var reckoned = (await connection.QueryAsync<(CreditCardId Link, long Points)>(
            """
            select credit_card, cast(sum(change_points) as bigint)
            from credit_card_points
            where month = @month and card > @after and card <= @last
            group by credit_card
            """, of, commandTimeout: 600)).ToDictionary(p => p.Link, p => p.Points);
        var left = (await connection.QueryAsync<Guid>(
            """
            select r.subject
            from restriction r
            join credit_card t on t.member = r.subject
            where r.kind = @kind and t.card > @after and t.card <= @last
            """, of)).ToHashSet();
        var broken = new List<string>();
        foreach (var link in links.Values.SelectMany(l => l))
        {
            var rule = rules.Total(brought[link.Id]).Value;
            var got = reckoned.GetValueOrDefault(link.Id);
            if (got != rule && !left.Contains(link.Member))
                broken.Add(FormattableString.Invariant(
                    $"{IdPlaceholder.Owner(link.Member)} was reckoned {got} points for purchases of {month} that bring {rule}"));
        }
        return broken;
    }
}
