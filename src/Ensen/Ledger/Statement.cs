using System.Data.Common;
using Dapper;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>One movement of one account: <paramref name="Amount"/> and <paramref name="BalanceAfter"/> in the account's unit.</summary>
public sealed record StatementLine(EntryId EntryId, EntryKind Kind, long AtMs, AccountType AccountType, int Term, long Amount,
    long? BalanceAfter);

/// <summary>An entry as history keeps it, without its legs.</summary>
public sealed record EntryHead(EntryId Id, EntryKind Kind, long AtMs, Initiator Initiator, Guid? StoreId, EntryId? Corrects);

/// <summary>An owner's movements, newest first.</summary>
public static class Statement
{
    /// <param name="before">Only entries older than this one; null for the newest page.</param>
    /// <param name="limit">At most this many lines, 1 to 1,000.</param>
    public static async Task<IReadOnlyList<StatementLine>> Of(
        DbConnection connection, Catalogue catalogue, Guid owner, EntryId? before, int limit, DbTransaction? tx = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1_000);
        return [.. (await connection.QueryAsync<(
            EntryId EntryId, short Kind, long AtMs, short AccountType, int Term, long Amount, long? BalanceAfter)>(
            """
            select p.entry_id, e.kind, e.at_ms, p.account_type, p.term, p.amount, p.balance_after
            from posting p
            join entry e on e.id = p.entry_id
            where p.owner = @owner
              and p.entry_id < @before
            order by p.entry_id desc, p.leg
            limit @limit
            """,
            new { owner, before = before ?? Guid.AllBitsSet, limit }, tx)).Select(l => new StatementLine(
                l.EntryId, catalogue.Numbered<EntryKind>(l.Kind), l.AtMs, catalogue.Numbered<AccountType>(l.AccountType), l.Term, l.Amount,
                l.BalanceAfter))];
    }

    /// <summary>The entry itself, without its legs; null when there is none.</summary>
    public static async Task<EntryHead?> Head(DbConnection connection, Catalogue catalogue, EntryId entryId) =>
        await connection.QuerySingleOrDefaultAsync<(
            EntryId Id, short Kind, long AtMs, short InitiatorKind, Guid InitiatorId, Guid? StoreId, EntryId? Corrects)?>(
            "select id, kind, at_ms, initiator_kind, initiator_id, store_id, corrects from entry where id = @entryId",
            new { entryId }) is { } e
            ? new EntryHead(e.Id, catalogue.Numbered<EntryKind>(e.Kind), e.AtMs,
                new Initiator((InitiatorKind)e.InitiatorKind, e.InitiatorId), e.StoreId, e.Corrects)
            : null;

    /// <summary>The entry that set this one right; null when none did. An entry is corrected once.</summary>
    /// <param name="party">Whose accounts the correction must have moved, too: it is nothing to others.</param>
    public static async Task<EntryId?> CorrectionOf(DbConnection connection, EntryId entryId, Guid? party = null) =>
        await connection.QuerySingleOrDefaultAsync<EntryId?>(
            """
            select u.entry_id
            from single_use u
            where u.subject = @entryId
              and u.kind = @corrected
              and u.number = 0
              and (@anybody or exists (select 1 from posting p where p.entry_id = u.entry_id and p.owner = @party))
            """,
            new { entryId, corrected = SingleUseKind.EntryCorrected.Number, anybody = party is null, party = party ?? Guid.Empty });

    /// <summary>The legs of one entry at one owner, in the order they were posted.</summary>
    public static async Task<IReadOnlyList<Leg>> Legs(DbConnection connection, Catalogue catalogue, Guid owner, EntryId entryId) =>
        [.. (await connection.QueryAsync<(short AccountType, int Term, long Amount)>(
            "select account_type, term, amount from posting where owner = @owner and entry_id = @entryId order by leg limit 1000",
            new { owner, entryId })).Select(l => new Leg(owner, catalogue.Numbered<AccountType>(l.AccountType), l.Term, l.Amount))];
}
