using System.Data.Common;
using Dapper;
using Ensen.Basics;

namespace Ensen.CreditCards;

/// <summary>
/// The items of a month as accepted files name them. An item is of the month whose file named it first; a file of another month that names
/// it too corrects it there. What files that are being read or broke off have brought is not seen; which files are accepted is read once,
/// before any item.
/// </summary>
sealed class PurchaseMonth
{
    const long MostEditions = 10_000;

    readonly int _month;
    readonly Dictionary<Guid, long> _ranks;

    PurchaseMonth(int month, Dictionary<Guid, long> ranks) => (_month, _ranks) = (month, ranks);

    /// <summary>Of two files that name one item that with the higher rank is right: of the later month, and in a month of the higher
    /// edition.</summary>
    public static long RankOf(int month, int edition) => month * MostEditions + edition;

    /// <summary>The month so many months from another (yyyymm).</summary>
    public static int Away(int month, int months) =>
        new JapanDay(new DateOnly(month / 100, month % 100, 1).AddMonths(months)).Month;

    public static async Task<PurchaseMonth> Open(DbConnection connection, int month) => new(month,
        (await connection.QueryAsync<(Guid Id, int Month, int Edition)>(
            "select id, month, edition from purchase_file where month >= @from and month <= @until and state = @accepted",
            new
            {
                from = Away(month, -PurchaseFileText.MonthsBack),
                until = Away(month, PurchaseFileText.MonthsBack),
                accepted = (short)PurchaseFileState.Accepted,
            })).ToDictionary(f => f.Id, f => RankOf(f.Month, f.Edition)));

    /// <summary>The months of which files were accepted, from one to another, both in it.</summary>
    public static async Task<IReadOnlyList<PurchaseMonth>> Open(DbConnection connection, int first, int last)
    {
        var months = new List<PurchaseMonth>();
        foreach (var month in await connection.QueryAsync<int>(
            "select month from purchase_month where month >= @first and month <= @last order by month", new { first, last }))
            months.Add(await Open(connection, month));
        return months;
    }

    /// <summary>Of the cards from one to another, both in it.</summary>
    public async Task<List<(Purchase Purchase, long Rank)>> Between(DbConnection connection, Guid first, Guid last) => Stand(
        (await connection.QueryAsync<Row>(
            """
            select card, item, file, class, at_ms, amount
            from card_purchase
            where month = @month and card >= @first and card <= @last
            order by card, item
            """, new { month = _month, first, last }, commandTimeout: 600)).AsList());

    List<(Purchase, long)> Stand(List<Row> rows)
    {
        var items = new List<(Purchase Purchase, long Rank)>(rows.Count);
        foreach (var row in rows)
        {
            if (!_ranks.TryGetValue(row.File, out var rank))
                continue;
            var item = (new Purchase(_month, row.Card, row.Item, (PurchaseClass)row.Class, row.AtMs, row.Amount), rank);
            if (items.Count == 0 || items[^1].Purchase.Card != row.Card || items[^1].Purchase.Item != row.Item)
                items.Add(item);
            else if (items[^1].Rank < rank)
                items[^1] = item;
        }
        return items;
    }

    sealed record Row(Guid Card, Guid Item, Guid File, short Class, long AtMs, long Amount);
}
