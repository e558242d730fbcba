using System.Data.Common;
using Dapper;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>The rows of restrictions. Adding and lifting take the subject's turn, so that writers see at once what is in force.</summary>
public static class Restrictions
{
    const string Columns = "id, subject, kind, reason, by_kind, by_whom, from_ms, until_ms, lifted_ms, lifted_by_kind, lifted_by, lifted_why";
    const string InForce = "lifted_ms is null and (until_ms is null or until_ms > @now)";

    /// <summary>Whether a restriction of that kind is in force, read beside the writers.</summary>
    public static Task<bool> Holds(
        DbConnection connection, Guid subject, RestrictionKind kind, DateTimeOffset now, DbTransaction? tx = null) =>
        connection.ExecuteScalarAsync<bool>(
            $"select exists (select 1 from restriction where subject = @subject and kind = @kind and {InForce})",
            new { subject, kind = kind.Number, now = now.ToUnixTimeMilliseconds() }, tx);

    public static async Task<Restriction?> Find(DbConnection connection, Catalogue catalogue, RestrictionId id, DbTransaction? tx = null) =>
        (await connection.QuerySingleOrDefaultAsync<Row?>($"select {Columns} from restriction where id = @id", new { id }, tx))?.Of(catalogue);

    /// <summary>Those in force of one subject, the oldest first, read beside the writers.</summary>
    public static async Task<IReadOnlyList<Restriction>> Of(DbConnection connection, Catalogue catalogue, Guid subject, DateTimeOffset now,
        DbTransaction? tx = null)
    {
        var rows = await connection.QueryAsync<Row>(
            $"select {Columns} from restriction where subject = @subject and {InForce} order by id limit 1000",
            new { subject, now = now.ToUnixTimeMilliseconds() }, tx);
        return [.. rows.Select(r => r.Of(catalogue))];
    }

    /// <summary>
    /// Those in force of one subject, the oldest first, with the subject's turn taken: nobody adds another before this transaction ends.
    /// </summary>
    public static async Task<IReadOnlyList<Restriction>> Hold(DbTransaction tx, Catalogue catalogue, Guid subject, DateTimeOffset now)
    {
        await SpendingLimits.TakeTurn(tx, subject);
        return await Of(tx.Connection!, catalogue, subject, now, tx);
    }

    /// <summary>Those of one subject that were lifted before their time was over, read within the transaction.</summary>
    public static async Task<IReadOnlyList<Restriction>> Lifted(DbTransaction tx, Catalogue catalogue, Guid subject, DateTimeOffset now)
    {
        var rows = await tx.Connection!.QueryAsync<Row>(
            $"select {Columns} from restriction where subject = @subject and lifted_ms is not null and until_ms > @now order by id limit 1000",
            new { subject, now = now.ToUnixTimeMilliseconds() }, tx);
        return [.. rows.Select(r => r.Of(catalogue))];
    }

    /// <summary>
    /// Those in force of everybody that somebody may lift, the newest first; <paramref name="before"/>: the last of the page before.
    /// </summary>
    /// <param name="kind">Only those of this kind; null: of every kind.</param>
    public static async Task<IReadOnlyList<Restriction>> List(DbConnection connection, Catalogue catalogue, DateTimeOffset now, int limit,
        RestrictionId? before = null, RestrictionKind? kind = null)
    {
        var rows = await connection.QueryAsync<Row>(
            $"""
            select {Columns}
            from restriction
            where {InForce} and kind <> @left {(kind is null ? "" : "and kind = @kind")} {(before is null ? "" : "and id < @before")}
            order by id desc
            limit @limit
            """,
            new { now = now.ToUnixTimeMilliseconds(), limit, before, left = RestrictionKind.Left.Number, kind = kind?.Number });
        return [.. rows.Select(r => r.Of(catalogue))];
    }

    /// <summary>After <see cref="Hold"/>, in the same transaction.</summary>
    internal static Task Add(DbTransaction tx, Restriction added) => tx.Connection!.ExecuteAsync(
        """
        insert into restriction (id, subject, kind, reason, by_kind, by_whom, from_ms, until_ms)
        values (@Id, @Subject, @kind, @Reason, @byKind, @by, @from, @until)
        """,
        new
        {
            added.Id,
            added.Subject,
            kind = added.Kind.Number,
            added.Reason,
            byKind = added.By.Kind,
            by = added.By.Name,
            from = added.From.ToUnixTimeMilliseconds(),
            until = added.Until?.ToUnixTimeMilliseconds(),
        },
        tx);

    /// <summary>After the subject's turn was taken, in the same transaction.</summary>
    internal static Task Lift(DbTransaction tx, Restriction lifted, Lifting how) => tx.Connection!.ExecuteAsync(
        """
        update restriction
        set lifted_ms = @at, lifted_by_kind = @byKind, lifted_by = @by, lifted_why = @Reason
        where subject = @Subject and id = @Id and lifted_ms is null
        """,
        new { lifted.Subject, lifted.Id, at = how.At.ToUnixTimeMilliseconds(), byKind = how.By.Kind, by = how.By.Name, how.Reason }, tx);

    sealed record Row(
        RestrictionId Id, Guid Subject, short Kind, string Reason, short ByKind, string ByWhom, long FromMs, long? UntilMs, long? LiftedMs,
        short? LiftedByKind, string? LiftedBy, string? LiftedWhy)
    {
        public Restriction Of(Catalogue catalogue) => new(
            Id, Subject, catalogue.Numbered<RestrictionKind>(Kind), Reason, new Decider((InitiatorKind)ByKind, ByWhom), Instant(FromMs),
            UntilMs is { } until ? Instant(until) : null,
            LiftedMs is { } at ? new Lifting(Instant(at), new Decider((InitiatorKind)(LiftedByKind ?? 0), LiftedBy ?? ""), LiftedWhy ?? "")
                : null);

        static DateTimeOffset Instant(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
    }
}
