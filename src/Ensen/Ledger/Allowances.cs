using System.Data.Common;
using Dapper;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>Allowances outside a batch: reading one, and the ordinary transactions that change a cap, freeze, or reserve.</summary>
public static class Allowances
{
    public static async Task<Allowance> Find(DbConnection connection, Guid owner, AllowanceKind kind, DbTransaction? tx = null) =>
        await connection.QuerySingleOrDefaultAsync<Allowance?>(
            """
            select owner, kind, frozen, per_movement, per_day, per_month, day, day_used, month, month_used, version
            from allowance
            where owner = @owner
              and kind = @kind
            """,
            new { owner, kind = (short)kind }, tx) ?? Allowance.Fresh(owner, kind);

    /// <summary>
    /// Writes an allowance that was read in this transaction. False when somebody moved first: the whole transaction is to be decided
    /// again. A batch that read the older version is decided again as well, so caps hold as they are at commit.
    /// </summary>
    public static async Task<bool> Keep(DbTransaction tx, Allowance changed) =>
        await tx.Connection!.ExecuteAsync(
            """
            insert into allowance (owner, kind, frozen, per_movement, per_day, per_month, day, day_used, month, month_used, version)
            values (@Owner, @kind, @Frozen, @PerMovement, @PerDay, @PerMonth, @Day, @DayUsed, @Month, @MonthUsed, @Version + 1)
            on conflict (owner, kind) do update
            set frozen = excluded.frozen, per_movement = excluded.per_movement, per_day = excluded.per_day, per_month = excluded.per_month,
                day = excluded.day, day_used = excluded.day_used, month = excluded.month, month_used = excluded.month_used,
                version = excluded.version
            where allowance.version = @Version
            """,
            new
            {
                changed.Owner,
                kind = (short)changed.Kind,
                changed.Frozen,
                changed.PerMovement,
                changed.PerDay,
                changed.PerMonth,
                changed.Day,
                changed.DayUsed,
                changed.Month,
                changed.MonthUsed,
                changed.Version,
            },
            tx) == 1;

    /// <summary>Reads an allowance and holds it for this transaction: nobody else changes it before the transaction ends.</summary>
    public static Task<Allowance> Hold(DbTransaction tx, Guid owner, AllowanceKind kind) =>
        tx.Connection!.QuerySingleAsync<Allowance>(
            """
            insert into allowance as a (owner, kind, frozen, day, day_used, month, month_used, version)
            values (@owner, @kind, @frozen, 0, 0, 0, 0, 1)
            on conflict (owner, kind) do update set version = a.version + 1
            returning owner, kind, frozen, per_movement, per_day, per_month, day, day_used, month, month_used, version
            """,
            new { owner, kind = (short)kind, frozen = false }, tx);
}
