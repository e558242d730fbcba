using System.Data.Common;
using Dapper;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>
/// Spending limits outside a batch: reading one, and the ordinary transactions that change a cap, take a turn, or reserve.
/// </summary>
public static class SpendingLimits
{
    public static async Task<SpendingLimit> Find(DbConnection connection, Guid owner, LimitKind kind, DbTransaction? tx = null) =>
        (await connection.QuerySingleOrDefaultAsync<Row?>(
            """
            select per_movement, per_day, per_month, day, day_used, month, month_used, version,
              raised_per_movement, raised_per_day, raised_per_month, raised_from_ms
            from spending_limit
            where owner = @owner
              and kind = @kind
            """,
            new { owner, kind = kind.Number }, tx))?.Of(owner, kind) ?? SpendingLimit.Fresh(owner, kind);

    /// <summary>
    /// Writes a spending limit that was read in this transaction. False when somebody moved first: the whole transaction is to be decided
    /// again. A batch that read the older version is decided again as well, so caps hold as they are at commit.
    /// </summary>
    public static async Task<bool> Keep(DbTransaction tx, SpendingLimit changed) =>
        await tx.Connection!.ExecuteAsync(
            """
            insert into spending_limit (owner, kind, per_movement, per_day, per_month, day, day_used, month, month_used, version,
              raised_per_movement, raised_per_day, raised_per_month, raised_from_ms)
            values (@Owner, @kind, @PerMovement, @PerDay, @PerMonth, @Day, @DayUsed, @Month, @MonthUsed, @Version + 1,
              @raisedPerMovement, @raisedPerDay, @raisedPerMonth, @raisedFrom)
            on conflict (owner, kind) do update
            set per_movement = excluded.per_movement, per_day = excluded.per_day, per_month = excluded.per_month,
                day = excluded.day, day_used = excluded.day_used, month = excluded.month, month_used = excluded.month_used,
                version = excluded.version, raised_per_movement = excluded.raised_per_movement,
                raised_per_day = excluded.raised_per_day, raised_per_month = excluded.raised_per_month,
                raised_from_ms = excluded.raised_from_ms
            where spending_limit.version = @Version
            """,
            new
            {
                changed.Owner,
                kind = changed.Kind.Number,
                changed.PerMovement,
                changed.PerDay,
                changed.PerMonth,
                changed.Day,
                changed.DayUsed,
                changed.Month,
                changed.MonthUsed,
                changed.Version,
                raisedPerMovement = changed.Raised?.PerMovement,
                raisedPerDay = changed.Raised?.PerDay,
                raisedPerMonth = changed.Raised?.PerMonth,
                raisedFrom = changed.Raised?.From.ToUnixTimeMilliseconds(),
            },
            tx) == 1;

    /// <summary>Reads a spending limit and holds it for this transaction: nobody else changes it before the transaction ends.</summary>
    public static async Task<SpendingLimit> Hold(DbTransaction tx, Guid owner, LimitKind kind) =>
        (await tx.Connection!.QuerySingleAsync<Row>(
            """
            insert into spending_limit as a (owner, kind, day, day_used, month, month_used, version)
            values (@owner, @kind, 0, 0, 0, 0, 1)
            on conflict (owner, kind) do update set version = a.version + 1
            returning per_movement, per_day, per_month, day, day_used, month, month_used, version,
              raised_per_movement, raised_per_day, raised_per_month, raised_from_ms
            """,
            new { owner, kind = kind.Number }, tx)).Of(owner, kind);

    /// <summary>
    /// Takes the owner's turn until this transaction ends: what writers decided about the owner and have not committed yet is decided
    /// again, and sees what this transaction wrote.
    /// </summary>
    public static Task TakeTurn(DbTransaction tx, Guid owner) => Hold(tx, owner, LimitKind.Pay);

    sealed record Row(
        long? PerMovement, long? PerDay, long? PerMonth, int Day, long DayUsed, int Month, long MonthUsed, long Version,
        long? RaisedPerMovement, long? RaisedPerDay, long? RaisedPerMonth, long? RaisedFromMs)
    {
        public SpendingLimit Of(Guid owner, LimitKind kind) =>
            new(owner, kind, PerMovement, PerDay, PerMonth, Day, DayUsed, Month, MonthUsed, Version)
            {
                Raised = RaisedFromMs is { } from
                    ? new RaisedCaps(RaisedPerMovement, RaisedPerDay, RaisedPerMonth, Instant.OfMilliseconds(from)) : null,
            };
    }
}
