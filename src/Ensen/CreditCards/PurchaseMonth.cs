using System.Data.Common;
using Dapper;

namespace Ensen.CreditCards;

/// <summary>
/// The items of a month as its accepted files name them. What files that are being read or broke off have brought is not seen; which files
/// are accepted is read once, before any item.
/// </summary>
sealed class PurchaseMonth
{
    readonly int _month;
    readonly Dictionary<Guid, int> _editions;

    PurchaseMonth(int month, Dictionary<Guid, int> editions) => (_month, _editions) = (month, editions);

    public bool IsEmpty => _editions.Count == 0;

    public static async Task<PurchaseMonth> Open(DbConnection connection, int month) => new(month,
        (await connection.QueryAsync<(Guid Id, int Edition)>(
            "select id, edition from purchase_file where month = @month and state = @accepted",
            new { month, accepted = (short)PurchaseFileState.Accepted })).ToDictionary(f => f.Id, f => f.Edition));

    /// <summary>Of the cards from one to another, both in it.</summary>
    public async Task<List<(Purchase Purchase, int Edition)>> Between(DbConnection connection, Guid first, Guid last) => Stand(
        (await connection.QueryAsync<Row>(
            """
            select card, item, file, class, at_ms, amount
            from card_purchase
            where month = @month and card >= @first and card <= @last
            order by card, item
            """, new { month = _month, first, last }, commandTimeout: 600)).AsList());

    List<(Purchase, int)> Stand(List<Row> rows)
    {
        var items = new List<(Purchase Purchase, int Edition)>(rows.Count);
        foreach (var row in rows)
        {
            if (!_editions.TryGetValue(row.File, out var edition))
                continue;
            var item = (new Purchase(_month, row.Card, row.Item, (PurchaseClass)row.Class, row.AtMs, row.Amount), edition);
            if (items.Count == 0 || items[^1].Purchase.Card != row.Card || items[^1].Purchase.Item != row.Item)
                items.Add(item);
            else if (items[^1].Edition < edition)
                items[^1] = item;
        }
        return items;
    }

    sealed record Row(Guid Card, Guid Item, Guid File, short Class, long AtMs, long Amount);
}
