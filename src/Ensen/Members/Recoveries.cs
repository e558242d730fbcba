using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>
/// The rows of recoveries. A recovery ends once, by one statement that names what it must still be: used, stopped, withdrawn or lapsed, and
/// never two of these.
/// </summary>
public static class Recoveries
{
    /// <summary>No more are listed; so many at once would be another kind of trouble.</summary>
    public const int Most = 500;

    const int KeptDays = 365;

    /// <summary>
    /// Nobody has been signed in as the member since it was approved: neither has a device been used that is signed in still, nor has
    /// anybody signed in. Whoever does either has not lost everything.
    /// </summary>
    const string NobodyIsSignedIn = """
        not exists (
          select 1
          from session
          where session.subject = recovery.member and session.kind = @kind
            and (session.created_ms > recovery.approved_ms
              or session.seen_ms > recovery.approved_ms and session.ended_ms is null))
        """;

    /// <summary>The member's that is under way; null when none is.</summary>
    public static Task<Recovery?> OpenOf(DbConnection connection, MemberId member, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<Recovery?>(
            $"select {Recovery.Columns} from recovery where member = @member and ended_ms is null", new { member }, tx);

    /// <summary>The member's last one, whatever became of it.</summary>
    public static Task<Recovery?> LatestOf(DbConnection connection, MemberId member) => connection.QuerySingleOrDefaultAsync<Recovery?>(
        $"""
        select {Recovery.Columns}
        from recovery
        where member = @member
        order by proposed_ms desc, id desc
        limit 1
        """, new { member });

    public static Task<Recovery?> Find(DbConnection connection, RecoveryId id, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<Recovery?>($"select {Recovery.Columns} from recovery where id = @id", new { id }, tx);

    /// <summary>All that are under way, the oldest first.</summary>
    public static async Task<IReadOnlyList<Recovery>> Open(DbConnection connection) => (await connection.QueryAsync<Recovery>(
        $"""
        select {Recovery.Columns}
        from recovery
        where ended_ms is null
        order by proposed_ms, id
        limit @Most
        """, new { Most })).AsList();

    /// <summary>How many wait for a second person.</summary>
    public static Task<int> CountWaiting(DbConnection connection) => connection.ExecuteScalarAsync<int>(
        "select count(*) from recovery where approved_by is null and ended_ms is null");

    /// <summary>The one that a link leads back by, while it is good and nobody was signed in meanwhile.</summary>
    internal static Task<Recovery?> ByLink(DbConnection connection, byte[] hash, DateTimeOffset now) =>
        connection.QuerySingleOrDefaultAsync<Recovery?>(
            $"""
            select {Recovery.Columns}
            from recovery
            where link_hash = @hash and ended_ms is null and link_until_ms > @now and {NobodyIsSignedIn}
            """, new { hash, now = now.ToUnixTimeMilliseconds(), kind = SubjectKind.Member });

    /// <summary>The one that a link stops.</summary>
    internal static Task<Recovery?> ByStopLink(DbConnection connection, byte[] hash) => connection.QuerySingleOrDefaultAsync<Recovery?>(
        $"select {Recovery.Columns} from recovery where stop_hash = @hash and ended_ms is null", new { hash });

    /// <summary>
    /// The telephone that has to call for the way back: the registered one, or the one that takes its place; null when there is none.
    /// </summary>
    internal static Task<string?> TelephoneOf(DbConnection connection, MemberId member, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<string?>(
            """
            select coalesce(recovery.telephone, member.telephone)
            from member
            left join recovery on recovery.member = member.id and recovery.ended_ms is null and recovery.mailed_ms is not null
            where member.id = @member
            """, new { member }, tx);

    /// <summary>
    /// Whether the address can still be taken back, or the telephone is another since a while ago: whoever came by either so lately may not
    /// be the member.
    /// </summary>
    public static Task<bool> IsChanging(DbConnection connection, MemberId member, DateTimeOffset now, int telephoneHours) =>
        connection.ExecuteScalarAsync<bool>(
            """
            select exists (
              select 1
              from mail_change
              where member = @member and done_ms is not null and undone_ms is null and undo_until_ms > @now
              union all
              select 1
              from telephone_change
              where member = @member and done_ms > @since
            )
            """,
            new { member, now = now.ToUnixTimeMilliseconds(), since = now.AddHours(-telephoneHours).ToUnixTimeMilliseconds() });

    /// <summary>False when one of the member's is under way: of any number at once one is proposed.</summary>
    internal static async Task<bool> Add(DbTransaction tx, Recovery recovery) => await tx.Connection!.ExecuteAsync(
        """
        insert into recovery (id, member, reason, telephone, proposed_by, proposed_ms)
        values (@Id, @Member, @Reason, @Telephone, @ProposedBy, @ProposedMs)
        on conflict do nothing
        """,
        new { recovery.Id, recovery.Member, recovery.Reason, recovery.Telephone, recovery.ProposedBy, recovery.ProposedMs }, tx) == 1;

    /// <summary>False when it was approved or has ended: of any number at once one approves.</summary>
    internal static async Task<bool> Approve(
        DbTransaction tx, RecoveryId id, string by, Guid warning, byte[] stopHash, DateTimeOffset now, DateTimeOffset opens) =>
        await tx.Connection!.ExecuteAsync(
            """
            update recovery
            set approved_by = @by, approved_ms = @now, warning = @warning, stop_hash = @stopHash, opens_ms = @opens
            where id = @id and approved_by is null and ended_ms is null
            """,
            new { id, by, warning, stopHash, now = now.ToUnixTimeMilliseconds(), opens = opens.ToUnixTimeMilliseconds() }, tx) == 1;

    /// <summary>The member was told later than was thought, so the link is mailed later.</summary>
    internal static Task Postpone(DbTransaction tx, RecoveryId id, DateTimeOffset opens) => tx.Connection!.ExecuteAsync(
        "update recovery set opens_ms = @opens where id = @id and mailed_ms is null and ended_ms is null and opens_ms < @opens",
        new { id, opens = opens.ToUnixTimeMilliseconds() }, tx);

    /// <summary>False when its link was mailed before, or it has ended: of any number at once one mails.</summary>
    internal static async Task<bool> Mail(DbTransaction tx, RecoveryId id, byte[] linkHash, DateTimeOffset now, DateTimeOffset until) =>
        await tx.Connection!.ExecuteAsync(
            $"""
            update recovery
            set link_hash = @linkHash, mailed_ms = @now, link_until_ms = @until
            where id = @id and approved_by is not null and mailed_ms is null and ended_ms is null and {NobodyIsSignedIn}
            """,
            new
            {
                id,
                linkHash,
                now = now.ToUnixTimeMilliseconds(),
                until = until.ToUnixTimeMilliseconds(),
                kind = SubjectKind.Member,
            }, tx) == 1;

    /// <summary>The link does what it is for: of any number at once one does. Null when it does nothing any more.</summary>
    internal static Task<Recovery?> Use(DbTransaction tx, RecoveryId id, DateTimeOffset now) =>
        tx.Connection!.QuerySingleOrDefaultAsync<Recovery?>(
            $"""
            update recovery
            set ended_ms = @now, how = @used
            where id = @id and ended_ms is null and link_until_ms > @now and {NobodyIsSignedIn}
            returning {Recovery.Columns}
            """,
            new { id, now = now.ToUnixTimeMilliseconds(), used = RecoveryEnd.Used, kind = SubjectKind.Member }, tx);

    /// <summary>Ends it, and its links with it. False when it has ended.</summary>
    internal static async Task<bool> End(DbTransaction tx, RecoveryId id, RecoveryEnd how, DateTimeOffset now) =>
        await tx.Connection!.ExecuteAsync(
            "update recovery set ended_ms = @now, how = @how where id = @id and ended_ms is null",
            new { id, how, now = now.ToUnixTimeMilliseconds() }, tx) == 1;

    /// <summary>The member's ends, if one was approved. False when none was.</summary>
    internal static async Task<bool> EndOf(DbTransaction tx, MemberId member, RecoveryEnd how, DateTimeOffset now) =>
        await tx.Connection!.ExecuteAsync(
            "update recovery set ended_ms = @now, how = @how where member = @member and ended_ms is null and approved_ms is not null",
            new { member, how, now = now.ToUnixTimeMilliseconds() }, tx) == 1;

    /// <summary>The same, where somebody was signed in as the member since it was approved.</summary>
    internal static async Task<bool> EndIfSignedIn(DbTransaction tx, RecoveryId id, DateTimeOffset now) =>
        await tx.Connection!.ExecuteAsync(
            $"""
            update recovery
            set ended_ms = @now, how = @how
            where id = @id and ended_ms is null and approved_ms is not null and not {NobodyIsSignedIn}
            """,
            new { id, how = RecoveryEnd.SignedIn, now = now.ToUnixTimeMilliseconds(), kind = SubjectKind.Member }, tx) == 1;

    /// <summary>Forgets those that ended a year ago; the log of operators has them for good.</summary>
    internal static Task<int> Forget(DbTransaction tx, DateTimeOffset now) => tx.Connection!.ExecuteAsync(
        "delete from recovery where ended_ms < @old", new { old = now.AddDays(-KeptDays).ToUnixTimeMilliseconds() }, tx);
}
