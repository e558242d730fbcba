using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>Where a charge takes its money from.</summary>
public enum ChargeSource : short
{
    Bank = 1,
    Card = 2,
    Atm = 3,
}

/// <summary>Where a charge stands. It ends once, and what it ended as never changes.</summary>
public enum ChargeState : short
{
    /// <summary>Asked of the outside; the outcome is not known yet.</summary>
    Requested = 1,
    Completed = 2,
    Failed = 3,
}

/// <summary>
/// A charge as it is kept. All amounts in yen; <paramref name="CreditedYen"/> went to the member, <paramref name="SuspenseYen"/> was too
/// much.
/// </summary>
public sealed record ChargeRow(
    ChargeId Id, MemberId MemberId, string? IdempotencyKey, ChargeSource Source, short AccountType, ChargeState State, Yen AskedYen,
    Yen ReservedYen, int CountsOn,
    Yen CreditedYen, Yen SuspenseYen, string? Reason, EntryId? EntryId, long AtMs, long? EndedMs)
{
    /// <summary>Where what arrives goes to: money or prepaid value.</summary>
    public AccountType Credits => WalletModule.Spendable.Single(t => t.Number == AccountType);

    /// <summary>The sandbox's, outside the caps.</summary>
    internal bool IsGift => CountsOn == 0;

    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(AtMs);

    /// <summary>The cap it was counted against, for an amount; null when it is outside the caps.</summary>
    internal LimitUse? Plural(Yen amount) =>
        CountsOn == 0 || amount == Yen.Zero ? null
            : new LimitUse(MemberId, Source.SpendingLimit(), amount.Value, JapanDay.FromNumber(CountsOn));
}

/// <summary>What differs by source: its bounds, the cap it counts against, the clearing account opposite.</summary>
static class ChargeSources
{
    internal static ChargeBounds Bounds(this ChargeSource source, ChargeRules rules) => source switch
    {
        ChargeSource.Bank => rules.Bank,
        ChargeSource.Card => rules.Card,
        ChargeSource.Atm => rules.Atm,
    };

    internal static LimitKind SpendingLimit(this ChargeSource source) => source switch
    {
        ChargeSource.Bank => LimitKind.ChargeBank,
        ChargeSource.Card => LimitKind.ChargeCard,
        ChargeSource.Atm => LimitKind.ChargeAtm,
    };

    internal static Gateway Gateway(this ChargeSource source) => source switch
    {
        ChargeSource.Bank => Gateways.Gateway.Bank,
        ChargeSource.Card => Gateways.Gateway.Card,
        ChargeSource.Atm => Gateways.Gateway.Atm,
    };

    internal static AccountType Clearing(this ChargeSource source) => source switch
    {
        ChargeSource.Bank => AccountType.BankClearing,
        ChargeSource.Card => AccountType.CardClearing,
        ChargeSource.Atm => AccountType.AtmClearing,
    };

    internal static Caps Caps(this ChargeBounds bounds) => new(bounds.Most, bounds.PerDay, long.MaxValue);
}

/// <summary>Reading charges.</summary>
public static class Charges
{
    public static Task<ChargeRow?> Find(DbConnection connection, ChargeId id, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<ChargeRow?>(
            """
            select id, member_id, idempotency_key, source, account_type, state, asked_yen, reserved_yen, counts_on,
                   credited_yen, suspense_yen, reason, entry_id, at_ms, ended_ms
            from charge
            where id = @id
            """,
            new { id }, tx);

    /// <summary>The member's own charge, or null: somebody else's is not found.</summary>
    public static Task<ChargeRow?> Find(DbConnection connection, MemberId memberId, ChargeId id) =>
        connection.QuerySingleOrDefaultAsync<ChargeRow?>(
            """
            select id, member_id, idempotency_key, source, account_type, state, asked_yen, reserved_yen, counts_on,
                   credited_yen, suspense_yen, reason, entry_id, at_ms, ended_ms
            from charge
            where id = @id and member_id = @memberId
            """,
            new { id, memberId });

    /// <summary>The charge that was taken on under this key, or null.</summary>
    internal static Task<ChargeRow?> Find(DbConnection connection, IdempotencyKey key, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<ChargeRow?>(
            """
            select id, member_id, idempotency_key, source, account_type, state, asked_yen, reserved_yen, counts_on,
                   credited_yen, suspense_yen, reason, entry_id, at_ms, ended_ms
            from charge
            where member_id = @Caller and idempotency_key = @Key
            """,
            new { key.Caller, key.Key }, tx);

    /// <summary>The entry that booked the member's charge; null when there is no such charge, or it has not arrived.</summary>
    public static Task<EntryId?> EntryOf(DbConnection connection, Guid memberId, Guid id) =>
        connection.QuerySingleOrDefaultAsync<EntryId?>(
            "select entry_id from charge where id = @id and member_id = @memberId and entry_id is not null", new { id, memberId });

    /// <summary>The charge that an entry of the member's booked; null when it booked none.</summary>
    public static Task<ChargeId?> BookedBy(DbConnection connection, Guid memberId, EntryId entryId) =>
        connection.QuerySingleOrDefaultAsync<ChargeId?>("select id from charge where entry_id = @entryId and member_id = @memberId",
            new { entryId, memberId });

    /// <summary>The member's latest charges, newest first.</summary>
    public static async Task<IReadOnlyList<ChargeRow>> Latest(DbConnection connection, MemberId memberId, int limit) =>
        (await connection.QueryAsync<ChargeRow>(
            """
            select id, member_id, idempotency_key, source, account_type, state, asked_yen, reserved_yen, counts_on,
                   credited_yen, suspense_yen, reason, entry_id, at_ms, ended_ms
            from charge
            where member_id = @memberId
            order by at_ms desc, id desc
            limit @limit
            """,
            new { memberId, limit })).AsList();

    internal static Task Insert(DbTransaction tx, ChargeRow charge) =>
        tx.Connection!.ExecuteAsync(
            """
            insert into charge (id, member_id, idempotency_key, source, account_type, state, asked_yen, reserved_yen, counts_on, credited_yen, suspense_yen, at_ms)
            values (@Id, @MemberId, @IdempotencyKey, @source, @AccountType, @state, @AskedYen, @ReservedYen, @CountsOn, 0, 0, @AtMs)
            """,
            new
            {
                charge.Id,
                charge.MemberId,
                charge.IdempotencyKey,
                source = (short)charge.Source,
                charge.AccountType,
                state = (short)ChargeState.Requested,
                charge.AskedYen,
                charge.ReservedYen,
                charge.CountsOn,
                charge.AtMs,
            },
            tx);
}
