using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Members;

namespace Ensen.Identity;

/// <summary>How a verification stands. The numbers are stored.</summary>
public enum VerificationState
{
    /// <summary>The member's pictures are waited for.</summary>
    Collecting = 1,

    /// <summary>A gateway was asked.</summary>
    Asked = 2,

    /// <summary>Two persons of the staff decide.</summary>
    InReview = 3,
    Accepted = 4,
    Rejected = 5,

    /// <summary>Nobody answered in time, or it counts no more: it can be begun again.</summary>
    Lapsed = 6,
}

/// <summary>
/// One verification as it is kept, without what the member typed. <paramref name="Reason"/>: why it was rejected or lapsed, a stable code.
/// <paramref name="FirstBy"/>: the person whose word is the first of two.
/// </summary>
public sealed record Verification(
    VerificationId Id, MemberId Member, IdentityMethod Method, VerificationState State, string? Reason, long BegunMs, long LapsesMs,
    long? EndedMs, string? RecheckOn, string? FirstBy, bool? FirstAccepts, string? FirstReason, long? FirstMs)
{
    internal const string Columns =
        "id, member, method, state, reason, begun_ms, lapses_ms, ended_ms, recheck_on, first_by, first_accepts, first_reason, first_ms";

    public bool IsOpen => State is VerificationState.Collecting or VerificationState.Asked or VerificationState.InReview;

    /// <summary>Somebody waits for it, and the time is not over.</summary>
    public bool IsWaiting(DateTimeOffset now) => IsOpen && LapsesMs > now.ToUnixTimeMilliseconds();

    /// <summary>As it stands now: one whose time is over has lapsed, also before the job that says so has run.</summary>
    public Verification At(DateTimeOffset now) =>
        IsOpen && !IsWaiting(now) ? this with { State = VerificationState.Lapsed, Reason = Reasons.NoAnswer } : this;

    /// <summary>Why a verification was rejected or lapsed: stable codes.</summary>
    public static class Reasons
    {
        /// <summary>Nobody answered in time.</summary>
        public const string NoAnswer = "no_answer";

        /// <summary>The gateway takes none, or none of this kind.</summary>
        public const string NotAvailable = "not_available";

        /// <summary>Two persons said no.</summary>
        public const string Declined = "declined";

        /// <summary>It was too long ago: the member has to be verified again.</summary>
        public const string RecheckDue = "recheck_due";

        /// <summary>The method ended while it was under way.</summary>
        public const string MethodEnded = "method_ended";

        /// <summary>The birthday is another than that of the verification before.</summary>
        public const string DifferentPerson = "different_person";

        /// <summary>The member left the programme while it was under way.</summary>
        public const string Left = "left";

        /// <summary>All of them, those of gateways included.</summary>
        public static IReadOnlyList<string> All { get; } =
            [NoAnswer, NotAvailable, Declined, RecheckDue, MethodEnded, DifferentPerson, "document_expired", "unreadable"];
    }
}

/// <summary>Reading verifications.</summary>
public static class Verifications
{
    /// <summary>A member's own; null when there is none such.</summary>
    public static async Task<Verification?> Find(
        DbConnection connection, MemberId member, VerificationId id, DateTimeOffset now, DbTransaction? tx = null) =>
        (await connection.QuerySingleOrDefaultAsync<Verification?>(
            $"select {Verification.Columns} from verification where id = @id and member = @member", new { id, member }, tx))?.At(now);

    /// <summary>The member's last one, whatever became of it.</summary>
    public static async Task<Verification?> Latest(
        DbConnection connection, MemberId member, DateTimeOffset now, DbTransaction? tx = null) =>
        (await connection.QuerySingleOrDefaultAsync<Verification?>(
            $"""
            select {Verification.Columns}
            from verification
            where member = @member
            order by begun_ms desc, id desc
            limit 1
            """, new { member }, tx))?.At(now);

    /// <summary>The one by which the member is verified now; null when none is accepted, or its re-check is due.</summary>
    public static Task<Verification?> InForce(DbConnection connection, MemberId member, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<Verification?>(
            $"""
            select {Verification.Columns}
            from verification
            where member = @member and state = @accepted
            order by ended_ms desc, id desc
            limit 1
            """, new { member, accepted = VerificationState.Accepted }, tx);

    internal static Task<Verification?> Find(DbConnection connection, VerificationId id, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<Verification?>(
            $"select {Verification.Columns} from verification where id = @id", new { id }, tx);

    internal static Task<byte[]?> Details(DbConnection connection, VerificationId id, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<byte[]?>("select details from verification where id = @id", new { id }, tx);
}
