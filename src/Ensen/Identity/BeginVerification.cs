using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Identity;

/// <summary>A member who wants to be verified.</summary>
/// <param name="Method">The code of the method.</param>
/// <param name="Key">Under it this is begun once.</param>
public sealed record BeginVerificationRequest(MemberId Member, string Method, PersonalDetails Details, IdempotencyKey Key);

/// <summary>Why no verification begins, in the order it is checked; the names are the contract's codes.</summary>
public enum BeginVerificationRefusal
{
    None = 0,

    /// <summary>There is no such method.</summary>
    InvalidRequest = 1,
    InvalidName = 2,
    InvalidKana = 3,
    InvalidBirthDate = 4,
    InvalidAddress = 5,

    /// <summary>The programme does not take that method any more.</summary>
    MethodEnded = 6,

    /// <summary>No gateway that reads cards is set up here.</summary>
    NotAvailable = 7,

    /// <summary>The member is verified, and it is too early for the next time.</summary>
    AlreadyVerified = 8,

    /// <summary>Another one of the member's is under way.</summary>
    InProgress = 9,

    /// <summary>The member has begun too many today: each costs somebody's work.</summary>
    TooManyRequests = 10,
    KeyReused = 11,
}

/// <summary>
/// Begins a verification: what was typed is kept under the member's own key, and a gateway is asked, or the member's pictures are waited
/// for. Of a member one is under way at a time. Guardians of minors are not asked: their consent is not part of this programme.
/// </summary>
public sealed class BeginVerification(
    Database db, MemberKeys keys, AttemptLimiter tries, Outbox outbox, ExternalGateways outside, Programme programme, TimeProvider clock)
{
    const string Tries = "verification";

    /// <summary>How long a member waits for a gateway that answers at once. The work itself goes on.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);

    /// <summary>After how long a member who has begun too many may begin again.</summary>
    public Task<TimeSpan> ComeAgain(MemberId member, CancellationToken ct = default) =>
        tries.UntilFresh(Tries, Id.Bare(member), Limit, ct);

    public async Task<Answer<Verification, BeginVerificationRefusal>> Run(BeginVerificationRequest request, CancellationToken ct = default)
    {
        if (await Stored(request, ct) is { } stored)
            return stored;
        var now = clock.Now();
        var standing = await Standing(request.Member, now, ct);
        if (Decide(request, standing, outside.Has(Gateway.Identity), now, programme) is not BeginVerificationRefusal.None and var refusal)
            return refusal;
        if (!await tries.Count(Tries, Id.Bare(request.Member), Limit, ct))
            return BeginVerificationRefusal.TooManyRequests;

        var method = IdentityMethods.OfCode(request.Method, programme.Identity)!.Value;
        PersonalDetails.TryRead(request.Details, JapanDay.Of(now), out var details);
        var begun = new Verification(
            Id.New<VerificationId>(now), request.Member, method,
            method.Reading() is null ? VerificationState.Collecting : VerificationState.Asked, null, now.ToUnixTimeMilliseconds(),
            now.AddHours(programme.Identity.AnswerHours).ToUnixTimeMilliseconds(), null, null, null, null, null, null);
        var result = await db.Transact(tx => Write(tx, begun, details, request.Key), ct);
        if (result == Written.KeyTaken)
            return await Stored(request, ct) ?? BeginVerificationRefusal.InProgress;
        if (result == Written.OneIsOpen)
            return BeginVerificationRefusal.InProgress;
        if (begun.State == VerificationState.Asked)
            await Task.WhenAny(outbox.RunNow(begun.Id, CancellationToken.None), Task.Delay(s_patience, clock, ct));
        await using var connection = await db.Connect(ct);
        return (await Verifications.Find(connection, request.Member, begun.Id, clock.GetUtcNow()))!;
    }

    /// <summary>Checks in the order of the refusals.</summary>
    internal static BeginVerificationRefusal Decide(
        BeginVerificationRequest request, VerificationStanding standing, bool isSetUp, DateTimeOffset now, Programme programme)
    {
        var today = JapanDay.Of(now);
        if (IdentityMethods.OfCode(request.Method, programme.Identity) is not { } method) return BeginVerificationRefusal.InvalidRequest;
        if (PersonalDetails.Faults(request.Details, today) is [var fault, ..])
            return fault switch
            {
                DetailsFault.InvalidName => BeginVerificationRefusal.InvalidName,
                DetailsFault.InvalidKana => BeginVerificationRefusal.InvalidKana,
                DetailsFault.InvalidBirthDate => BeginVerificationRefusal.InvalidBirthDate,
                _ => BeginVerificationRefusal.InvalidAddress,
            };
        if (method.Rules(programme.Identity).HasEnded(today)) return BeginVerificationRefusal.MethodEnded;
        if (method.Reading() is not null && !isSetUp) return BeginVerificationRefusal.NotAvailable;
        if (standing.RecheckOn is { } due && today < new JapanDay(due.Date.AddDays(-programme.Identity.RecheckNoticeDays)))
            return BeginVerificationRefusal.AlreadyVerified;
        return standing.IsOpen ? BeginVerificationRefusal.InProgress : BeginVerificationRefusal.None;
    }

    AttemptLimit Limit => new(programme.Identity.TriesPerDay, TimeSpan.FromDays(1));

    async Task<VerificationStanding> Standing(MemberId member, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var recheck = (await Verifications.InForce(connection, member))?.RecheckOn;
        return new VerificationStanding(
            await Verifications.Latest(connection, member, now) is { IsOpen: true }, recheck is null ? null : JapanDay.Parse(recheck));
    }

    async Task<Written> Write(DbTransaction tx, Verification begun, PersonalDetails details, IdempotencyKey key)
    {
        var connection = tx.Connection!;
        if (!await IdempotencyKeys.Take(tx, key, clock.GetUtcNow()))
            return Written.KeyTaken;
        // One whose time is over makes room, also before the job that says so has run.
        await connection.ExecuteAsync(
            """
            update verification
            set state = @lapsed, reason = @reason, ended_ms = @BegunMs
            where member = @Member and state in (1, 2, 3) and lapses_ms <= @BegunMs
            """,
            new { begun.Member, begun.BegunMs, lapsed = VerificationState.Lapsed, reason = Verification.Reasons.NoAnswer }, tx);
        var kept = await PersonalDetails.Keep(tx, keys, begun.Member, begun.Id, details);
        if (await connection.ExecuteAsync(
            """
            insert into verification (id, member, method, state, details, begun_ms, lapses_ms)
            values (@Id, @Member, @Method, @State, @kept, @BegunMs, @LapsesMs)
            on conflict (member) where state in (1, 2, 3) do nothing
            """,
            new { begun.Id, begun.Member, begun.Method, begun.State, kept, begun.BegunMs, begun.LapsesMs }, tx) == 0)
        {
            // Nothing was begun under this key; whoever tries again later tries anew.
            await connection.ExecuteAsync("delete from idempotency_key where caller = @Caller and key = @Key", new { key.Caller, key.Key }, tx);
            return Written.OneIsOpen;
        }
        await IdempotencyKeys.Answer(tx, key.Caller, key.Key, begun.Id.ToString());
        if (begun.State == VerificationState.Asked)
            await outbox.Add(tx, begun.Id, VerificationWork.Kind, "");
        return Written.Begun;
    }

    async Task<Answer<Verification, BeginVerificationRefusal>?> Stored(BeginVerificationRequest request, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        if (await IdempotencyKeys.Find(connection, request.Key) is not { } found)
            return null;
        if (!request.Key.IsSameRequest(found))
            return BeginVerificationRefusal.KeyReused;
        if (!Id.TryParse(found.Answer, out VerificationId id)
            || await Verifications.Find(connection, request.Member, id, clock.GetUtcNow()) is not { } begun)
            return BeginVerificationRefusal.KeyReused;
        return ((Answer<Verification, BeginVerificationRefusal>)begun).AsReplay();
    }

    enum Written
    {
        Begun = 1,
        KeyTaken = 2,
        OneIsOpen = 3,
    }
}

/// <summary>What a decision about a new verification looks at: whether one is under way, and until when the last one counts.</summary>
readonly record struct VerificationStanding(bool IsOpen, JapanDay? RecheckOn);
