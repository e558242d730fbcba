using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Centres;

/// <summary>
/// What became of a receipt of a centre's: an award or a spending (one of the two), and its cancellation where there was one.
/// </summary>
public sealed record PointReceipt(string Receipt, AwardRow? Award, SpendingRow? Spending, CancellationRow? Cancellation)
{
    public EntryId EntryId => Award?.EntryId ?? Spending!.EntryId;
    public MemberId MemberId => Award?.MemberId ?? Spending!.MemberId;
    public PointAmount Points => Award?.Points ?? Spending!.Points;
    public long AtMs => Award?.AtMs ?? Spending!.AtMs;

    /// <summary>What happens once for a receipt of a centre: it is an award or a spending.</summary>
    public static SingleUse Booked(CentreId centre, string receipt)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{centre.Value:N}|{receipt}"));
        return new SingleUse(SingleUseKind.PointReceipt, new Guid(hash.AsSpan(0, 16), bigEndian: true));
    }
}

/// <summary>A centre's day: how many, how much.</summary>
public sealed record PointTotals(
    long Awards, Yen AmountYen, PointAmount Awarded, long Spendings, PointAmount Spent, long Cancellations, PointAmount TakenBack,
    PointAmount GivenBack);

/// <summary>What a centre's tills did, looked up by receipt and by day.</summary>
public sealed class PointReceipts(Database db)
{
    /// <summary>The enquiry after a time-out; null while the receipt has moved no points.</summary>
    public async Task<PointReceipt?> Find(CentreId centre, string receipt, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var award = await connection.QuerySingleOrDefaultAsync<AwardRow?>(
            """
            select entry_id, centre_id, till_id, member_id, receipt, at_ms, amount_yen, points, balance_after, via
            from point_award
            where centre_id = @centre and receipt = @receipt
            """, new { centre, receipt });
        var spending = award is not null ? null : await connection.QuerySingleOrDefaultAsync<SpendingRow?>(
            """
            select entry_id, centre_id, till_id, member_id, receipt, at_ms, points, balance_after
            from point_spending
            where centre_id = @centre and receipt = @receipt
            """, new { centre, receipt });
        return (award?.EntryId ?? spending?.EntryId) is { } entry
            ? new PointReceipt(receipt, award, spending, await CancellationOf(connection, entry))
            : null;
    }

    /// <summary>
    /// Books a receipt once, whoever else books it in the same moment: what is there already is told by <paramref name="same"/>.
    /// </summary>
    internal async Task<T> Once<T>(
        CentreId centre, string receipt, Func<PointReceipt, Task<T>> same, Func<Task<T>> book, CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            if (await Find(centre, receipt, ct) is { } earlier)
                return await same(earlier);
            try
            {
                return await book();
            }
            catch (AnotherCameFirstException)
            {
                // The receipt was booked since we looked: what it was says whether this is the same.
            }
        }
    }

    /// <summary>The totals of one day as Japan counts it.</summary>
    public async Task<PointTotals> Totals(CentreId centre, JapanDay day, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var of = new { centre, from = day.Start.ToUnixTimeMilliseconds(), to = day.Next.Start.ToUnixTimeMilliseconds() };
        var (awards, yen, awarded) = await connection.QuerySingleAsync<(long, long, long)>(
            """
            select count(*), cast(coalesce(sum(amount_yen), 0) as bigint), cast(coalesce(sum(points), 0) as bigint)
            from point_award
            where centre_id = @centre and at_ms >= @from and at_ms < @to
            """, of);
        var (spendings, spent) = await connection.QuerySingleAsync<(long, long)>(
            """
            select count(*), cast(coalesce(sum(points), 0) as bigint)
            from point_spending
            where centre_id = @centre and at_ms >= @from and at_ms < @to
            """, of);
        var (cancellations, taken, given) = await connection.QuerySingleAsync<(long, long, long)>(
            """
            select count(*), cast(coalesce(sum(case when points < 0 then -points else 0 end), 0) as bigint),
                   cast(coalesce(sum(case when points > 0 then points else 0 end), 0) as bigint)
            from point_cancellation
            where centre_id = @centre and at_ms >= @from and at_ms < @to
            """, of);
        return new PointTotals(awards, new Yen(yen), new PointAmount(awarded), spendings, new PointAmount(spent), cancellations,
            new PointAmount(taken), new PointAmount(given));
    }

    /// <summary>The cancellation that this entry is, or by which it was cancelled; null when there is none.</summary>
    public async Task<CancellationRow?> CancellationAt(EntryId entry, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<CancellationRow?>(
            """
            select entry_id, cancels, centre_id, till_id, member_id, at_ms, points, withheld_yen, balance_after
            from point_cancellation
            where entry_id = @entry or cancels = @entry
            """, new { entry });
    }

    internal static Task<CancellationRow?> CancellationOf(DbConnection connection, EntryId cancels) =>
        connection.QuerySingleOrDefaultAsync<CancellationRow?>(
            """
            select entry_id, cancels, centre_id, till_id, member_id, at_ms, points, withheld_yen, balance_after
            from point_cancellation
            where cancels = @cancels
            """, new { cancels });
}
