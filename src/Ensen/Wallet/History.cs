using Dapper;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>
/// One movement as a member sees it. <paramref name="Yen"/> and <paramref name="Points"/> are signed; <paramref name="Balance"/> is money and
/// prepaid afterwards, null when the movement was of points alone. <paramref name="Party"/>: the store, or the other member.
/// </summary>
public sealed record HistoryItem(Guid EntryId, EntryKind Kind, DateTimeOffset At, string? Party, ChargeSource? ChargedBy, long Yen, long Points, long? Balance);

/// <summary>A member's movements, newest first.</summary>
public sealed class History(Database db)
{
    public const int Most = 100;

    /// <param name="before">Only movements older than this one; null for the newest page.</param>
    public async Task<IReadOnlyList<HistoryItem>> Of(Guid memberId, Guid? before, int limit, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var rows = await connection.QueryAsync<Row>(
            """
            select p.entry_id, p.book, p.amount, p.balance_after, e.kind, e.at_ms, s.name as store_name,
                   case when t.from_member = @memberId then receiver.name else sender.name end as member_name, c.source as charge_source
            from (
              select distinct entry_id
              from posting
              where owner = @memberId
                and entry_id < @before
              order by entry_id desc
              limit @limit
            ) page
            join posting p on p.owner = @memberId and p.entry_id = page.entry_id
            join entry e on e.id = p.entry_id
            left join store s on s.id = e.store_id
            left join transfer t on t.entry_id = e.id
            left join member sender on sender.id = t.from_member
            left join member receiver on receiver.id = t.to_member
            left join charge c on c.entry_id = e.id
            order by p.entry_id desc, p.leg
            """,
            new { memberId, before = before ?? Guid.AllBitsSet, limit });
        return [.. rows.GroupBy(r => r.EntryId).Select(Item)];
    }

    static HistoryItem Item(IGrouping<Guid, Row> legs)
    {
        var first = legs.First();
        return new HistoryItem(
            first.EntryId, first.Kind, DateTimeOffset.FromUnixTimeMilliseconds(first.AtMs),
            first.StoreName ?? first.MemberName, (ChargeSource?)first.ChargeSource,
            legs.Where(l => l.Book.Unit() == Unit.Yen).Sum(l => l.Amount),
            legs.Where(l => l.Book.Unit() == Unit.Point).Sum(l => l.Amount),
            legs.FirstOrDefault(l => l.Book.Unit() == Unit.Yen)?.BalanceAfter);
    }

    sealed record Row(
        Guid EntryId, Book Book, long Amount, long? BalanceAfter, EntryKind Kind, long AtMs, string? StoreName, string? MemberName, short? ChargeSource);
}
