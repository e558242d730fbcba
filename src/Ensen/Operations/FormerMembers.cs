using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Operations;

/// <summary>A member who has left: nothing but dates, and whether a record is kept.</summary>
/// <param name="RecordKey">Which private half opens the record; null when there is none.</param>
public sealed record FormerMember(MemberId Member, long LeftMs, string? RecordKey, long? RecordUntilMs);

/// <summary>
/// The rows of those who have left, and what is done about them afterwards: what another node was still writing when they left is erased,
/// again and again until nothing can be under way, and a record goes when its seven years are over.
/// </summary>
public sealed class FormerMembers(Database db, Sessions sessions, MemberDirectory members, TimeProvider clock)
{
    /// <summary>Longer than any request, and than what is kept in memory of a session or a member.</summary>
    internal static readonly TimeSpan Settled = TimeSpan.FromMinutes(10);

    public async Task<FormerMember?> Find(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<FormerMember?>(
            "select member, left_ms, record_key, record_until_ms from former_member where member = @member", new { member });
    }

    /// <summary>A sealed record; null when there is none.</summary>
    internal static Task<byte[]?> Record(DbConnection connection, MemberId member, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<byte[]?>("select sealed_record from former_member where member = @member", new { member }, tx);

    /// <summary>What a record is sealed as.</summary>
    internal static string About(MemberId member) => $"record of {member}";

    internal static Task Add(DbTransaction tx, MemberId member, DateTimeOffset now, byte[]? record, RecordsKey key) =>
        tx.Connection!.ExecuteAsync(
            """
            insert into former_member (member, left_ms, sealed_record, record_key, record_until_ms)
            values (@member, @now, @record, @key, @until)
            """,
            new
            {
                member,
                now = now.ToUnixTimeMilliseconds(),
                record,
                key = record is null ? null : key.Name,
                until = record is null ? (long?)null : now.AddYears(LeaveProgramme.RecordYears).ToUnixTimeMilliseconds(),
            }, tx);

    /// <summary>Run again and again. Returns how many were looked at.</summary>
    public async Task<int> Run(CancellationToken ct = default)
    {
        var now = clock.Now();
        List<(MemberId Member, long LeftMs)> unswept;
        await using (var connection = await db.Connect(ct))
            unswept = (await connection.QueryAsync<(MemberId, long)>(
                "select member, left_ms from former_member where swept_ms is null order by left_ms limit 1000")).AsList();
        foreach (var (member, leftMs) in unswept)
            await Sweep(member, isLast: now - Instant.OfMilliseconds(leftMs) >= Settled, now, ct);
        await db.Transact(tx => ForgetRecords(tx, now), ct);
        return unswept.Count;
    }

    async Task Sweep(MemberId member, bool isLast, DateTimeOffset now, CancellationToken ct)
    {
        var ended = await db.Transact(async tx =>
        {
            var sessionsEnded = await sessions.EndAll(tx, Subject.Member(member), except: null, SessionEnd.OtherDevice);
            await EraseMember.Run(tx, db.Catalogue, member, now);
            await members.Changing(tx, member);
            if (isLast)
                await tx.Connection!.ExecuteAsync("update former_member set swept_ms = @at where member = @member",
                    new { member, at = now.ToUnixTimeMilliseconds() }, tx);
            return sessionsEnded;
        }, ct);
        sessions.Tell(ended);
        members.Changed(member);
    }

    static async Task<int> ForgetRecords(DbTransaction tx, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        await tx.Connection!.ExecuteAsync(
            "delete from verification where member in (select member from former_member where sealed_record is not null and record_until_ms <= @at)",
            new { at }, tx);
        return await tx.Connection!.ExecuteAsync(
            "update former_member set sealed_record = null, record_key = null where sealed_record is not null and record_until_ms <= @at",
            new { at }, tx);
    }
}
