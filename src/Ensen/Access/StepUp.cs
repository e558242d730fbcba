using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Access;

/// <summary>
/// A session's person proves again that it is they, before something that a thief of the session wants: their caps raised, their wallet
/// thawed. How, one of the <see cref="IProofMethod"/>s knows. A challenge is of one session and one purpose, has one answer, and is used
/// once, within some minutes: by the act that it was given for. A page finds its own, a program names it.
/// </summary>
public sealed class StepUp(Database db, IEnumerable<IProofMethod> methods, Programme programme, TimeProvider clock)
{
    /// <summary>The ways, the best first: what cannot be passed on to another comes before what can.</summary>
    static readonly ProofMethod[] s_best =
        [ProofMethod.Passkey, ProofMethod.Totp, ProofMethod.Password, ProofMethod.Call, ProofMethod.RecoveryCode];

    readonly IReadOnlyDictionary<ProofMethod, IProofMethod> _methods = methods.ToDictionary(m => m.Method);

    /// <summary>The ways in which this session's person can prove it for this purpose, the best first.</summary>
    public async Task<IReadOnlyList<ProofMethod>> MethodsOf(Caller caller, StepUpPurpose purpose, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var has = new List<ProofMethod>();
        foreach (var method in s_best)
            if (purpose.IsShownBy(method) && _methods.TryGetValue(method, out var way) && await way.Has(connection, caller, purpose))
                has.Add(method);
        return has;
    }

    /// <summary>Asks for a proof.</summary>
    /// <param name="onPage">Passed, it is found by its session and purpose; else whoever uses it has to name it.</param>
    public async Task<StepUpAnswer> Begin(Caller caller, StepUpPurpose purpose, ProofMethod method, bool onPage = false,
        CancellationToken ct = default)
    {
        if (!purpose.IsShownBy(method) || !_methods.TryGetValue(method, out var way))
            return StepUpRefusal.NotAvailable;
        await using (var connection = await db.Connect(ct))
            if (!await way.Has(connection, caller, purpose))
                return StepUpRefusal.NotAvailable;
        var now = clock.Now();
        var (id, until) = (Id.New<ChallengeId>(now), now + (way.Life ?? programme.Membership.StepUpLife));
        var asked = await way.Ask(caller, purpose, id, until, ct);
        if (asked.Refusal != StepUpRefusal.None)
            return new StepUpAnswer(null, asked.Refusal, asked.Wait);
        var challenge = new Challenge(id, method, ChallengeState.Pending, until, asked.What);
        await db.Transact(tx => Write(tx, caller, purpose, challenge, onPage), ct);
        return challenge;
    }

    /// <summary>How a challenge of this session stands; null when there is none.</summary>
    public async Task<Challenge?> Find(Caller caller, ChallengeId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QuerySingleOrDefaultAsync<Row?>(
            "select id, method, expires_ms, failed_ms, passed_ms, asks from challenge where id = @id and session = @Session",
            new { id, caller.Session }))?.At(clock.Now());
    }

    /// <summary>Answers a challenge. It has one answer, whether that is right or wrong; later ones are not looked at.</summary>
    public async Task<StepUpAnswer> Answer(Caller caller, ChallengeId id, TypedProof typed, CancellationToken ct = default)
    {
        if (await Find(caller, id, ct) is not { } found)
            return StepUpRefusal.NotFound;
        var way = _methods[found.Method];
        if (!way.IsAnswered || found.State != ChallengeState.Pending || !await Claim(id, ct))
            return await Find(caller, id, ct) is { } answered ? answered : StepUpRefusal.NotFound;
        var judged = await way.Judge(caller, found.Asks, typed, ct);
        if (judged.IsRight is not { } right)
        {
            await Write("answered_ms = null", id, ct);
            return new StepUpAnswer(null, StepUpRefusal.TooManyRequests, judged.Wait);
        }
        await Write(right ? "passed_ms = @now, expires_ms = @until" : "failed_ms = @now", id, ct);
        return await Find(caller, id, ct) is { } after ? after : StepUpRefusal.NotFound;
    }

    /// <summary>A page asks and has the answer already: both at once.</summary>
    public async Task<StepUpAnswer> Prove(Caller caller, StepUpPurpose purpose, ProofMethod method, TypedProof typed,
        CancellationToken ct = default)
    {
        var begun = await Begin(caller, purpose, method, onPage: true, ct);
        return begun.Value is { } challenge ? await Answer(caller, challenge.Id, typed, ct) : begun;
    }

    /// <summary>Whether the session's person has proven it on a page, for this purpose, a moment ago, and has not used that yet.</summary>
    public async Task<bool> IsProven(Caller caller, StepUpPurpose purpose, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await OnPage(connection, caller, purpose, null) is not null;
    }

    /// <summary>
    /// Whether the proof would stand now; nothing is used up. For what has to ask somebody outside before it can be done: whoever does it
    /// takes the proof then (<see cref="Take"/>).
    /// </summary>
    public async Task<bool> Stands(StepUpProof proof, StepUpPurpose purpose, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await OnPage(connection, proof.Caller, purpose, null) is not null
            || proof.Challenge is { } challenge && await connection.ExecuteScalarAsync<int?>(
                """
                select 1
                from challenge
                where id = @challenge and session = @Session and purpose = @Name
                  and passed_ms is not null and used_ms is null and expires_ms > @Now
                """,
                new { challenge, proof.Caller.Session, purpose.Name, Now }) is not null;
    }

    /// <summary>
    /// Whether the proof stands, in the transaction that needs it. It is used up by that, with the transaction or not at all: it must be of
    /// this session and purpose, passed, and unused.
    /// </summary>
    public async Task<bool> Take(DbTransaction tx, StepUpProof proof, StepUpPurpose purpose)
    {
        // Of two at once that want the same one, the second takes the next, if there is one.
        while (await OnPage(tx.Connection!, proof.Caller, purpose, tx) is { } onPage)
            if (await UseUp(tx, proof.Caller, purpose, onPage))
                return true;
        return proof.Challenge is { } named && await UseUp(tx, proof.Caller, purpose, named);
    }

    /// <summary>The last one that was asked for in this way, if it is not used up; null when there is none.</summary>
    public async Task<Challenge?> Latest(Caller caller, StepUpPurpose purpose, ProofMethod method, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QuerySingleOrDefaultAsync<Row?>(
            """
            select id, method, expires_ms, failed_ms, passed_ms, asks
            from challenge
            where session = @Session and purpose = @Name and method = @method and used_ms is null
            order by created_ms desc, id desc
            limit 1
            """, new { caller.Session, purpose.Name, method }))?.At(clock.Now());
    }

    /// <summary>
    /// Proofs and challenges of all the subject's sessions are worth nothing from now on: whoever locks a door takes the open keys back.
    /// </summary>
    public Task Void(Subject subject, CancellationToken ct = default) => db.Transact(tx => Void(tx, subject), ct);

    /// <summary>The same within the transaction that is its reason.</summary>
    internal Task<int> Void(DbTransaction tx, Subject subject) => tx.Connection!.ExecuteAsync(
        """
        update challenge
        set expires_ms = @now
        where expires_ms > @now and session in (
          select id from session where subject = @Id and kind = @Kind
          union all
          select id from pending_sign_in where subject = @Id and kind = @Kind)
        """, new { subject.Id, subject.Kind, now = Now }, tx);

    /// <summary>Forgets challenges that nobody can use any more. Run now and then.</summary>
    public Task<int> Tidy(CancellationToken ct = default)
    {
        var old = clock.GetUtcNow().AddDays(-2).ToUnixTimeMilliseconds();
        return db.Transact(tx => tx.Connection!.ExecuteAsync("delete from challenge where created_ms < @old", new { old }, tx), ct);
    }

    /// <summary>
    /// A challenge that nobody answers was passed another way. False when it is open no more, or whoever it asked has signed out since.
    /// </summary>
    internal async Task<bool> Pass(DbTransaction tx, ChallengeId id) => await tx.Connection!.ExecuteAsync(
        """
        update challenge
        set answered_ms = @now, passed_ms = @now, expires_ms = @until
        where id = @id and answered_ms is null and expires_ms > @now
          and (exists (select 1 from session where id = challenge.session and ended_ms is null)
            or exists (select 1 from pending_sign_in where id = challenge.session and ended_ms is null))
        """,
        new { id, now = Now, until = Until }, tx) == 1;

    /// <summary>Something else than a challenge has shown that the session's person asks: a proof that is used once, by its id.</summary>
    public Task<ChallengeId> Grant(Caller caller, StepUpPurpose purpose, CancellationToken ct = default) => db.Transact(async tx =>
    {
        var challenge = new Challenge(Id.New<ChallengeId>(clock.Now()), ProofMethod.Password, ChallengeState.Pending,
            clock.Now() + programme.Membership.StepUpLife, null);
        await Write(tx, caller, purpose, challenge, onPage: false);
        await Pass(tx, challenge.Id);
        return challenge.Id;
    }, ct);

    /// <summary>The session's person has proven on a page who they are, now.</summary>
    internal async Task Mark(DbTransaction tx, Caller caller, StepUpPurpose purpose)
    {
        var challenge = new Challenge(Id.New<ChallengeId>(clock.Now()), ProofMethod.Password, ChallengeState.Pending,
            clock.Now() + programme.Membership.StepUpLife, null);
        await Write(tx, caller, purpose, challenge, onPage: true);
        await Pass(tx, challenge.Id);
    }

    /// <summary>Whether a proof of this session, or of this sign-in, was taken for the purpose.</summary>
    internal static async Task<bool> WasTaken(DbTransaction tx, Caller caller, StepUpPurpose purpose) =>
        await tx.Connection!.ExecuteScalarAsync<bool>(
            "select exists (select 1 from challenge where session = @Session and purpose = @Name and used_ms is not null)",
            new { caller.Session, purpose.Name }, tx);

    long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    long Until => (clock.GetUtcNow() + programme.Membership.StepUpLife).ToUnixTimeMilliseconds();

    Task Write(DbTransaction tx, Caller caller, StepUpPurpose purpose, Challenge challenge, bool onPage) => tx.Connection!.ExecuteAsync(
        """
        insert into challenge (id, session, purpose, method, asks, on_page, created_ms, expires_ms)
        values (@Id, @Session, @Name, @Method, @Asks, @onPage, @Now, @until)
        """,
        new
        {
            challenge.Id,
            caller.Session,
            purpose.Name,
            challenge.Method,
            challenge.Asks,
            onPage,
            Now,
            until = challenge.ExpiresAt.ToUnixTimeMilliseconds(),
        }, tx);

    /// <summary>Of a hundred answers at once one is looked at.</summary>
    async Task<bool> Claim(ChallengeId id, CancellationToken ct) => await db.Transact(tx => tx.Connection!.ExecuteAsync(
        "update challenge set answered_ms = @Now where id = @id and answered_ms is null and expires_ms > @Now",
        new { id, Now }, tx), ct) == 1;

    Task Write(string what, ChallengeId id, CancellationToken ct) => db.Transact(tx => tx.Connection!.ExecuteAsync(
        $"update challenge set {what} where id = @id", new { id, now = Now, until = Until }, tx), ct);

    async Task<bool> UseUp(DbTransaction tx, Caller caller, StepUpPurpose purpose, ChallengeId challenge) =>
        await tx.Connection!.ExecuteAsync(
            """
            update challenge
            set used_ms = @Now
            where id = @challenge and session = @Session and purpose = @Name
              and passed_ms is not null and used_ms is null and expires_ms > @Now
            """,
            new { challenge, caller.Session, purpose.Name, Now }, tx) == 1;

    /// <summary>What was proven on a page of this session for this purpose and waits to be used; null when nothing was.</summary>
    async Task<ChallengeId?> OnPage(DbConnection connection, Caller caller, StepUpPurpose purpose, DbTransaction? tx) =>
        await connection.QueryFirstOrDefaultAsync<ChallengeId?>(
            """
            select c.id
            from challenge c
            join session s on s.id = c.session and s.subject = @Id and s.kind = @Kind
            where c.session = @Session and c.purpose = @Name and c.on_page and c.passed_ms is not null and c.used_ms is null
              and c.expires_ms > @Now and s.ended_ms is null
            order by c.created_ms
            limit 1
            """,
            new { caller.Subject.Id, caller.Subject.Kind, caller.Session, purpose.Name, Now }, tx);

    sealed record Row(ChallengeId Id, ProofMethod Method, long ExpiresMs, long? FailedMs, long? PassedMs, string? Asks)
    {
        public Challenge At(DateTimeOffset now)
        {
            var until = Instant.OfMilliseconds(ExpiresMs);
            return new Challenge(Id, Method,
                FailedMs is not null ? ChallengeState.Failed
                    : until <= now ? ChallengeState.Lapsed
                    : PassedMs is null ? ChallengeState.Pending
                    : ChallengeState.Passed,
                until, Asks);
        }
    }
}
