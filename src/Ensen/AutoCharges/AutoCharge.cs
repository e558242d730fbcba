using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;

namespace Ensen.AutoCharges;

/// <summary>Whether the wallet is charged by itself. The numbers are stored.</summary>
public enum AutoChargeState : short
{
    On = 1,
    Off = 2,

    /// <summary>It was on, and we turned it off: the bank refused, or there is nothing to take from.</summary>
    Stopped = 3,
}

/// <summary>What a member wants: below so much charge so much, at most so much a month.</summary>
public sealed record AutoChargeTerms(Yen Below, Yen Amount, Yen PerMonth);

/// <summary>A member's setting, and what came of it.</summary>
/// <param name="Month">yyyymm; <paramref name="MonthYen"/>: what was charged in it, and what is under way.</param>
/// <param name="ChargeKey">The charge that is under way; null when none is.</param>
/// <param name="PaidMark">What had been paid when the last charge was taken on; the next one is not before that is more.</param>
/// <param name="Day">yyyymmdd; <paramref name="DayCharges"/>: how many were taken on in it.</param>
/// <param name="RestMs">Nothing is tried before.</param>
public sealed record AutoCharge(
    MemberId Member, AutoChargeState State, string? Reason, Yen BelowYen, Yen AmountYen, Yen PerMonthYen, long ChangedMs, int Month,
    Yen MonthYen, string? ChargeKey, Yen ChargeYen, int ChargeMonth, long? PaidMark, int Day, int DayCharges,
    long RestMs)
{
    public AutoChargeTerms Terms => new(BelowYen, AmountYen, PerMonthYen);

    public Yen UsedIn(int month) => Month == month ? MonthYen : Yen.Zero;

    public int ChargesOn(JapanDay day) => Day == day.Number ? DayCharges : 0;

    /// <summary>What may still be charged in this month.</summary>
    public Yen LeftIn(int month) => Yen.Max(Yen.Zero, PerMonthYen - UsedIn(month));
}

/// <summary>Reading and writing these rows.</summary>
static class AutoChargeRows
{
    const string Columns =
        """
        member, state, reason, below_yen, amount_yen, per_month_yen, changed_ms, month, month_yen, charge_key, charge_yen, charge_month,
               paid_mark, day, day_charges, rest_ms
        """;

    /// <summary>More than anybody pays in a month.</summary>
    const long PerMonth = 1_000_000_000_000;

    public static Task<AutoCharge?> Find(DbConnection connection, MemberId member, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<AutoCharge?>(
            $"select {Columns} from auto_charge where member = @member", new { member }, tx);

    /// <summary>What a member has paid, as a number that grows with each payment, also from month to month.</summary>
    public static async Task<long> Paid(DbConnection connection, MemberId member, DbTransaction? tx = null)
    {
        var used = await SpendingLimits.Find(connection, member, LimitKind.Pay, tx);
        return used.Month * PerMonth + used.MonthUsed;
    }

    /// <summary>
    /// What the member set holds from now on; what is counted and under way stays. False where it was so already and nothing rests: a form
    /// that is sent twice.
    /// </summary>
    /// <param name="mark">The first charge is not before more than this was paid; null where the wallet holds too little as it is.</param>
    public static async Task<bool> Set(
        DbTransaction tx, MemberId member, AutoChargeState state, AutoChargeTerms terms, long? mark, long now) =>
        await tx.Connection!.ExecuteAsync(
            """
            insert into auto_charge (member, state, below_yen, amount_yen, per_month_yen, changed_ms, month, month_yen, charge_yen, charge_month,
              paid_mark, rest_ms)
            values (@member, @state, @Below, @Amount, @PerMonth, @now, 0, 0, 0, 0, @mark, 0)
            on conflict (member) do update
            set state = excluded.state, reason = null, below_yen = excluded.below_yen, amount_yen = excluded.amount_yen,
                per_month_yen = excluded.per_month_yen, changed_ms = excluded.changed_ms, paid_mark = excluded.paid_mark, rest_ms = 0
            where auto_charge.state <> excluded.state or auto_charge.below_yen <> excluded.below_yen
              or auto_charge.amount_yen <> excluded.amount_yen or auto_charge.per_month_yen <> excluded.per_month_yen
              or auto_charge.rest_ms <> 0
            """,
            new { member, state = (short)state, terms.Below, terms.Amount, terms.PerMonth, mark, now }, tx) == 1;

    /// <summary>Whether it was on: of any number at once one finds it so.</summary>
    public static async Task<bool> TurnOff(DbTransaction tx, MemberId member, long now)
    {
        var wasOn = await From(AutoChargeState.On);
        await From(AutoChargeState.Stopped);
        return wasOn;

        async Task<bool> From(AutoChargeState state) => await tx.Connection!.ExecuteAsync(
            "update auto_charge set state = @off, reason = null, changed_ms = @now where member = @member and state = @state",
            new { member, off = (short)AutoChargeState.Off, state = (short)state, now }, tx) == 1;
    }

    /// <summary>
    /// Members whose wallet has to be charged, or whose charge is under way, in the order of their ids. Whoever only waits for the next
    /// payment, day or month is none of them: of those there may be very many.
    /// </summary>
    public static async Task<IReadOnlyList<MemberId>> Due(
        DbConnection connection, MemberId after, IEnumerable<short> accountTypes, DateTimeOffset now, int limit)
    {
        var day = JapanDay.Of(now);
        return (await connection.QueryAsync<MemberId>(
            $"""
            select a.member
            from auto_charge a
            where a.member > @after
              and (a.charge_key is not null
                or a.state = @on and {Allows}
                  and (a.paid_mark is null or a.paid_mark < coalesce((
                    select s.month * {PerMonth} + s.month_used
                    from spending_limit s
                    where s.owner = a.member and s.kind = {LimitKind.Pay.Number}), 0))
                  and a.below_yen > coalesce((
                    select sum(b.balance)
                    from account b
                    where b.owner = a.member and b.account_type in ({string.Join(", ", accountTypes)})), 0))
            order by a.member
            limit @limit
            """,
            new
            {
                after,
                on = (short)AutoChargeState.On,
                now = now.ToUnixTimeMilliseconds(),
                day.Month,
                day.Number,
                ChargeByItself.MostADay,
                limit,
            })).AsList();
    }

    /// <summary>
    /// Takes a charge on, if none is under way, the setting is still as it was read, the month and the day allow it and nobody has taken
    /// one on for the same payments: of any number at once one does, also of those who looked before it had ended.
    /// </summary>
    /// <param name="mark">What had been paid when this was decided.</param>
    public static async Task<bool> Claim(DbTransaction tx, AutoCharge read, string key, DateTimeOffset now, long mark)
    {
        var day = JapanDay.Of(now);
        return await tx.Connection!.ExecuteAsync(
            $"""
            update auto_charge as a
            set charge_key = @key, charge_yen = amount_yen, charge_month = @Month, charge_mark = @mark, month = @Month,
                month_yen = case when month = @Month then month_yen else 0 end + amount_yen,
                day = @Number, day_charges = case when day = @Number then day_charges else 0 end + 1
            where a.member = @Member and a.state = @on and a.changed_ms = @ChangedMs and a.charge_key is null
              and (a.paid_mark is null or a.paid_mark < @mark)
              and {Allows}
            """,
            new
            {
                read.Member,
                read.ChangedMs,
                key,
                now = now.ToUnixTimeMilliseconds(),
                day.Month,
                day.Number,
                mark,
                on = (short)AutoChargeState.On,
                ChargeByItself.MostADay,
            },
            tx) == 1;
    }

    /// <summary>It does not rest, and month and day have room for one more.</summary>
    const string Allows =
        """
        a.rest_ms <= @now
              and case when a.month = @Month then a.month_yen else 0 end + a.amount_yen <= a.per_month_yen
              and case when a.day = @Number then a.day_charges else 0 end < @MostADay
        """;

    /// <summary>
    /// Whether the claim still stands; held until the transaction ends: whoever asks for the charge under it has done so.
    /// </summary>
    public static async Task<bool> Keep(DbTransaction tx, MemberId member, string key) => await tx.Connection!.ExecuteAsync(
        "update auto_charge set charge_key = charge_key where member = @member and charge_key = @key", new { member, key }, tx) == 1;

    /// <summary>
    /// Whether the claim still stands and it is still on; held until the transaction ends, so that turning it off waits for that, or was
    /// first.
    /// </summary>
    public static async Task<bool> Holds(DbTransaction tx, MemberId member, string key) => await tx.Connection!.ExecuteAsync(
        "update auto_charge set charge_key = charge_key where member = @member and charge_key = @key and state = @on",
        new { member, key, on = (short)AutoChargeState.On }, tx) == 1;

    /// <summary>The charge arrived; false when somebody ended it before.</summary>
    public static async Task<bool> Complete(DbTransaction tx, MemberId member, string key) => await tx.Connection!.ExecuteAsync(
        "update auto_charge set charge_key = null, paid_mark = charge_mark where member = @member and charge_key = @key",
        new { member, key }, tx) == 1;

    /// <summary>Nothing came of the charge: its amount counts no more. False when somebody ended it before.</summary>
    /// <param name="stop">Why it is turned off; null: it rests until <paramref name="restMs"/>.</param>
    public static async Task<bool> Fail(DbTransaction tx, MemberId member, string key, string? stop, long restMs) =>
        await tx.Connection!.ExecuteAsync(
            """
            update auto_charge
            set charge_key = null, month_yen = case when month = charge_month then month_yen - charge_yen else month_yen end,
                rest_ms = @restMs, reason = case when @stops = 1 and state = @on then @stop else reason end,
                state = case when @stops = 1 and state = @on then @stopped else state end
            where member = @member and charge_key = @key
            """,
            new
            {
                member,
                key,
                stop,
                stops = stop is null ? 0 : 1,
                restMs,
                on = (short)AutoChargeState.On,
                stopped = (short)AutoChargeState.Stopped,
            }, tx) == 1;
}
