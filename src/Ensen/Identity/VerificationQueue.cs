using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Identity;

/// <summary>A verification as the queue lists it: nothing that says who it is.</summary>
public sealed record QueuedVerification(VerificationId Id, long BegunMs, long LapsesMs, string? FirstBy, bool? FirstAccepts);

/// <summary>One verification as an operator with a reason sees it.</summary>
/// <param name="Details">Null when the member has left since.</param>
/// <param name="IsMinor">Born so late that the limits of minors would hold.</param>
public sealed record ViewedVerification(
    Verification Verification, PersonalDetails? Details, bool IsMinor, IReadOnlyList<EvidenceSide> Images);

/// <summary>Why an operator is shown nothing.</summary>
public enum ViewVerificationRefusal
{
    None = 0,

    /// <summary>The reason is missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,

    /// <summary>There is no such verification.</summary>
    NotFound = 2,

    /// <summary>The operator may not.</summary>
    Forbidden = 3,
}

/// <summary>
/// The queue of verifications that wait for two persons. Whoever looks at one has a reason, and its row in the log is committed before
/// anything is shown; a picture is shown to nobody else.
/// </summary>
public sealed class VerificationQueue(Database db, MemberKeys keys, Operators operators, OperatorLog log, Programme programme,
    TimeProvider clock)
{
    /// <summary>Those that wait, the oldest first; <paramref name="after"/>: the last one of the page before.</summary>
    public async Task<IReadOnlyList<QueuedVerification>> Waiting(int limit, VerificationId? after = null, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<QueuedVerification>(
            """
            select id, begun_ms, lapses_ms, first_by, first_accepts
            from verification
            where state = @review and lapses_ms > @now and id > @after
            order by id
            limit @limit
            """,
            new
            {
                review = VerificationState.InReview,
                now = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                after = after ?? default,
                limit,
            })).AsList();
    }

    /// <summary>How many wait.</summary>
    public async Task<int> CountWaiting(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.ExecuteScalarAsync<int>("select count(*) from verification where state = @review and lapses_ms > @now",
            new { review = VerificationState.InReview, now = clock.GetUtcNow().ToUnixTimeMilliseconds() });
    }

    public async Task<Answer<ViewedVerification, ViewVerificationRefusal>> View(
        VerificationId id, string reason, ActingOperator acting, CancellationToken ct = default)
    {
        if (await operators.Acting(acting, OperatorRoles.Identity, ct) is not { } by)
            return ViewVerificationRefusal.Forbidden;
        Verification? found;
        await using (var connection = await db.Connect(ct))
            found = await Verifications.Find(connection, id);
        if (Decide(reason, found) is not ViewVerificationRefusal.None and var refusal)
            return refusal;
        await db.Transact(tx => log.Append(
            tx, OperatorAct.ViewedVerification, by, acting, id.ToString(), reason, found!.Member.ToString()), ct);
        await using var reading = await db.Connect(ct);
        var details = await PersonalDetails.Read(
            reading, keys, found!.Member, id, await Verifications.Details(reading, id));
        return new ViewedVerification(
            found.At(clock.GetUtcNow()), details, details is not null && IsMinor(details), await Evidence.Sides(reading, id));
    }

    /// <summary>
    /// A picture, for an operator who was shown its verification: the row of the log is that of the view, and without one there is none.
    /// </summary>
    public async Task<EvidenceImage?> Image(VerificationId id, EvidenceSide side, ActingOperator acting, CancellationToken ct = default)
    {
        if (await operators.Acting(acting, OperatorRoles.Identity, ct) is not { } by
            || !await log.IsShown(by.Id, OperatorAct.ViewedVerification, id.ToString(), ct))
            return null;
        await using var connection = await db.Connect(ct);
        return await Verifications.Find(connection, id) is { } found ? await Evidence.Read(connection, keys, found, side) : null;
    }

    internal static ViewVerificationRefusal Decide(string reason, Verification? found)
    {
        if (!OperatorLine.IsOne(reason)) return ViewVerificationRefusal.InvalidRequest;
        return found is null ? ViewVerificationRefusal.NotFound : ViewVerificationRefusal.None;
    }

    bool IsMinor(PersonalDetails details) => details.AdultOn(programme.Identity) > JapanDay.Of(clock.GetUtcNow());
}
