using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Sales;

/// <summary>
/// Adds up what stores took: the entries of the ledger in what they are owed, a day from midnight to midnight in Japan. A refund belongs
/// to the day on which it was made, and to the way in which the payment came.
/// </summary>
public sealed class AddUpSales(Database db)
{
    /// <summary>So many days are added up at once: a year, and its next day.</summary>
    public const int MostDays = 366;

    /// <summary>Whether a period has an end after its beginning and is not too long.</summary>
    public static bool IsPeriod(JapanDay from, JapanDay to) => from <= to && to.Date.DayNumber - from.Date.DayNumber < MostDays;

    public async Task<SalesOfPeriod> Run(
        IReadOnlyCollection<StoreId> stores, JapanDay from, JapanDay to, CancellationToken ct = default)
    {
        if (!IsPeriod(from, to))
            throw new ArgumentOutOfRangeException(nameof(to), $"From {from} to {to} is no period of at most {MostDays} days.");
        await using var connection = await db.Connect(ct);
        var parts = new List<SalesPart>();
        foreach (var store in stores)
        {
            var asked = new
            {
                store,
                from = Id.First<EntryId>(from.Start),
                until = Id.First<EntryId>(to.Next.Start),
                payable = AccountType.Payable.Number,
                staff = InitiatorKind.ShopAccount,
            };
            parts.AddRange(await Payments(connection, asked));
            parts.AddRange(await Refunds(connection, asked));
            parts.AddRange(await Corrections(connection, asked));
        }
        return new SalesOfPeriod(from, to, parts);
    }

    // The store's postings are the index, and their amounts are the sums: the payment's own row only says how and when. Its bounds are
    // those of the postings, said twice so that a planner that hashes reads no more of it than the period.
    static Task<IEnumerable<SalesPart>> Payments(DbConnection connection, object asked) => connection.QueryAsync<SalesPart>(
        """
        select g.owner as store, (p.at_ms + 32400000) / 3600000 as hour, cast(p.way as integer) as way,
          (
            select k.clerk
            from till_clerk k
            where k.till = p.till_id and k.from_ms <= p.at_ms
            order by k.from_ms desc
            limit 1
          ) as clerk,
          count(*) as payments, 0 as refunds, cast(sum(g.amount) as bigint) as yen
        from posting g
        join payment p on p.entry_id = g.entry_id
        where g.owner = @store
          and g.entry_id >= @from
          and g.entry_id < @until
          and p.entry_id >= @from
          and p.entry_id < @until
          and g.account_type = @payable
        group by 1, 2, 3, 4
        """, asked);

    static Task<IEnumerable<SalesPart>> Refunds(DbConnection connection, object asked) => connection.QueryAsync<SalesPart>(
        """
        select r.store_id as store, (r.at_ms + 32400000) / 3600000 as hour, cast(p.way as integer) as way,
          case when e.initiator_kind = @staff then e.initiator_id end as clerk,
          0 as payments, count(*) as refunds, cast(sum(g.amount) as bigint) as yen
        from refund r
        join posting g on g.owner = r.store_id and g.entry_id = r.entry_id and g.account_type = @payable
        join payment p on p.entry_id = r.payment_id
        join entry e on e.id = r.entry_id
        where r.store_id = @store
          and r.entry_id >= @from
          and r.entry_id < @until
        group by 1, 2, 3, 4
        """, asked);

    /// <summary>Operators set a store's payment or refund right: no further one, and its yen are not what they were.</summary>
    static Task<IEnumerable<SalesPart>> Corrections(DbConnection connection, object asked) => connection.QueryAsync<SalesPart>(
        """
        select g.owner as store, (e.at_ms + 32400000) / 3600000 as hour, cast(coalesce(p.way, q.way, 0) as integer) as way, null as clerk,
          0 as payments, 0 as refunds, cast(sum(g.amount) as bigint) as yen
        from correction c
        join posting g on g.entry_id = c.entry_id and g.account_type = @payable
        join entry e on e.id = c.entry_id
        left join payment p on p.entry_id = c.corrects
        left join refund r on r.entry_id = c.corrects
        left join payment q on q.entry_id = r.payment_id
        where g.owner = @store
          and c.entry_id >= @from
          and c.entry_id < @until
        group by 1, 2, 3, 4
        """, asked);
}
