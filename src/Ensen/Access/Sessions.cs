using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Access;

/// <summary>A new session: the token is shown to its device once and is nowhere else, not even here.</summary>
public sealed record OpenedSession(string Token, Caller Caller);

/// <summary>By whose hand a session ended. The numbers are stored.</summary>
public enum SessionEnd
{
    /// <summary>On the device itself.</summary>
    OnDevice = 1,

    /// <summary>From another device of its owner's.</summary>
    OtherDevice = 2,

    /// <summary>By somebody who works for the programme, or for the merchant.</summary>
    Staff = 3,

    /// <summary>Its owner's password is another, or is to be another.</summary>
    Password = 4,

    /// <summary>There were two of the device.</summary>
    Copied = 5,
}

/// <summary>How and when a session ended, for the device that still holds its token.</summary>
public sealed record SessionOver(SessionEnd Why, DateTimeOffset At);

/// <summary>Sessions that ended in a transaction, and what this node's listeners hear of them once it is committed.</summary>
sealed record EndedSessions(int Count, IReadOnlyList<string> News);

/// <summary>A signed-in device, as its owner sees it.</summary>
public sealed record Device
{
    public SessionId Session { get; init; }
    public string Name { get; init; } = "";
    public long CreatedMs { get; init; }
    public long SeenMs { get; init; }
}

/// <summary>
/// A session per device, in the database. The token is 256 random bits; the database knows its SHA-256. Who is asking is kept in memory:
/// a session that ends here is dead here at once, and on the other nodes when they hear of it, which takes some milliseconds, or
/// <see cref="Life"/> later at the latest, also when they hear nothing.
/// </summary>
public sealed class Sessions
{
    const string Kind = "session";

    /// <summary>
    /// The kind of news (<see cref="Notifications.Follow"/>) that a session is over, by its id: what was opened with it ends with it.
    /// </summary>
    public const string Over = "session-over";
    const string Prefix = "ensen_";
    const int TokenBytes = 32;
    const int TokenLength = 6 + 43;
    const int MostDevices = 100;
    static readonly TimeSpan Life = TimeSpan.FromSeconds(2);
    static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(10);

    readonly Database _db;
    readonly Programme _programme;
    readonly TimeProvider _clock;
    readonly RowCache<TokenHash, Row> _recent;
    readonly SeenSessions _seen;

    public Sessions(Database db, Programme programme, TimeProvider clock)
    {
        (_db, _programme, _clock) = (db, programme, clock);
        _recent = new(clock, Life, most: 200_000, db.Notifications);
        _seen = new(db);
        db.Notifications.Follow(Kind, ended =>
        {
            if (ended is null)
                _recent.ForgetAll();
            else if (TokenHash.TryParse(ended, out var hash))
                _recent.Forget(hash);
        });
    }

    /// <summary>
    /// Opens a session. One that is <paramref name="lasting"/> never lapses, however far the clock moves (the sandbox's).
    /// </summary>
    /// <param name="owner">The store of a till, the merchant of a shop account.</param>
    /// <param name="assurance">What was proven.</param>
    public Task<OpenedSession> Open(
        Subject subject, string device, Guid? owner = null, bool lasting = false, AssuranceLevel assurance = AssuranceLevel.Issued,
        CancellationToken ct = default) =>
        _db.Transact(tx => Open(tx, subject, device, owner, lasting, assurance), ct);

    /// <summary>The same within the transaction that is its reason.</summary>
    public async Task<OpenedSession> Open(
        DbTransaction tx, Subject subject, string device, Guid? owner = null, bool lasting = false,
        AssuranceLevel assurance = AssuranceLevel.Issued)
    {
        if (owner.HasValue != (subject.Kind is SubjectKind.Till or SubjectKind.ShopAccount or SubjectKind.PointTill))
            throw new ArgumentException("A till has a store, a shop account a merchant, a point till a centre, and nobody else has such.", nameof(owner));
        var token = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var now = _clock.GetUtcNow();
        var id = Id.New<SessionId>(now);
        await tx.Connection!.ExecuteAsync(
            """
            insert into session (token_hash, id, kind, subject, owner, assurance, device, created_ms, seen_ms, expires_ms)
            values (@hash, @id, @kind, @subject, @owner, @assurance, @device, @now, @now, @expires)
            """,
            new
            {
                hash = TokenHash.Of(token).ToArray(),
                id,
                kind = subject.Kind,
                subject = subject.Id,
                owner = owner ?? subject.Id,
                assurance,
                device = device.Length > 100 ? device[..100] : device,
                now = now.ToUnixTimeMilliseconds(),
                expires = lasting ? null : (long?)(now + LifeOf(subject.Kind)).ToUnixTimeMilliseconds(),
            }, tx);
        return new OpenedSession(token, new Caller(id, subject, owner ?? subject.Id, assurance));
    }

    /// <summary>Who holds this token; null when nobody does (any more). Every call of the API comes through here.</summary>
    public async ValueTask<Caller?> Who(string? token, CancellationToken ct = default)
    {
        if (token is null || token.Length != TokenLength || !token.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var hash = TokenHash.Of(token);
        var row = await _recent.Get(hash, Read, ct);
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (row is null || row.HasLapsed(now))
            return null;
        if (row.TryMarkSeen(now))
            _seen.Note(new SeenSession(hash.ToArray(), now, row.Extend(now + (long)LifeOf(row.Kind).TotalMilliseconds)));
        return row.Caller;
    }

    /// <summary>The subject's signed-in devices, the last used first.</summary>
    public async Task<IReadOnlyList<Device>> Devices(Subject subject, CancellationToken ct = default)
    {
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        await using var connection = await _db.Connect(ct);
        return (await connection.QueryAsync<Device>(
            """
            select id as Session, device as Name, created_ms as CreatedMs, seen_ms as SeenMs
            from session
            where subject = @Id and kind = @Kind and ended_ms is null and (expires_ms is null or expires_ms > @now)
            order by seen_ms desc
            limit @MostDevices
            """,
            new { subject.Id, subject.Kind, now, MostDevices })).AsList();
    }

    /// <summary>Whether this session of the subject is still signed in: what was made on a device dies with its session.</summary>
    public async Task<bool> IsOpen(Subject subject, SessionId session, CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
        return await connection.ExecuteScalarAsync<int?>(
            """
            select 1
            from session
            where subject = @Id and kind = @Kind and id = @session and ended_ms is null and (expires_ms is null or expires_ms > @now)
            """,
            new { subject.Id, subject.Kind, session, now = Now }) is not null;
    }

    /// <summary>When this session was opened; null when it has ended since.</summary>
    internal static async Task<DateTimeOffset?> OpenedAt(DbConnection connection, Caller caller) =>
        await connection.ExecuteScalarAsync<long?>(
            "select created_ms from session where subject = @Id and kind = @Kind and id = @Session and ended_ms is null",
            new { caller.Subject.Id, caller.Subject.Kind, caller.Session }) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    /// <summary>Whether one of the subject's sessions that were opened since an instant is still signed in.</summary>
    internal static async Task<bool> AnySince(DbTransaction tx, Subject subject, DateTimeOffset since, DateTimeOffset now) =>
        await tx.Connection!.ExecuteScalarAsync<bool>(
            """
            select exists (
              select 1
              from session
              where subject = @Id and kind = @Kind and created_ms >= @since and ended_ms is null and (expires_ms is null or expires_ms > @now)
            )
            """, new { subject.Id, subject.Kind, since = since.ToUnixTimeMilliseconds(), now = now.ToUnixTimeMilliseconds() }, tx);

    /// <summary>How a token's session ended; null while it has not, where nobody noted it, and for a token that is nobody's.</summary>
    public async Task<SessionOver?> HowEnded(string? token, SubjectKind kind, CancellationToken ct = default)
    {
        if (token is null || token.Length != TokenLength)
            return null;
        await using var connection = await _db.Connect(ct);
        var (why, atMs) = await connection.QuerySingleOrDefaultAsync<(SessionEnd? Why, long AtMs)>(
            "select ended_why, ended_ms from session where token_hash = @hash and kind = @kind and ended_ms is not null",
            new { hash = TokenHash.Of(token).ToArray(), kind });
        return why is { } known ? new SessionOver(known, DateTimeOffset.FromUnixTimeMilliseconds(atMs)) : null;
    }

    /// <summary>Whether the subject has ever been signed in, as far as that is kept (<see cref="Tidy"/>).</summary>
    internal static async Task<bool> Has(DbTransaction tx, Subject subject) => await tx.Connection!.ExecuteScalarAsync<int?>(
        "select 1 from session where subject = @Id and kind = @Kind limit 1", new { subject.Id, subject.Kind }, tx) is not null;

    /// <summary>What this session's device is called, or that of a sign-in that is under way.</summary>
    internal static async Task<string> DeviceOf(DbTransaction tx, Caller caller) => await tx.Connection!.ExecuteScalarAsync<string?>(
        """
        select device from session where subject = @Id and kind = @Kind and id = @Session
        union all
        select device from pending_sign_in where subject = @Id and kind = @Kind and id = @Session
        """,
        new { caller.Subject.Id, caller.Subject.Kind, caller.Session }, tx) ?? "";

    /// <summary>Signs this device out; does nothing when the token is nobody's.</summary>
    public async Task<int> End(string token, CancellationToken ct = default)
    {
        var ended = await _db.Transact(
            tx => EndWhere(tx, SessionEnd.OnDevice, "token_hash = @hash", new { hash = TokenHash.Of(token).ToArray(), now = Now }), ct);
        Tell(ended);
        return ended.Count;
    }

    /// <summary>
    /// Throws one of the subject's devices out: whoever signs in on it again signs in on a new one (<see cref="DeviceOwners"/>). False when
    /// it is not the subject's, or was signed out before.
    /// </summary>
    public async Task<bool> End(Subject subject, SessionId session, CancellationToken ct = default)
    {
        var ended = await _db.Transact(tx => End(tx, subject, session, SessionEnd.OtherDevice), ct);
        Tell(ended);
        return ended.Count == 1;
    }

    /// <summary>The same within the transaction that is its reason; <see cref="Tell"/> after its commit.</summary>
    internal async Task<EndedSessions> End(DbTransaction tx, Subject subject, SessionId session, SessionEnd why)
    {
        var ended = await EndWhere(
            tx, why, "subject = @Id and kind = @Kind and id = @session", new { subject.Id, subject.Kind, session, now = Now });
        if (ended.Count > 0)
            await DeviceOwners.Forget(tx, session);
        return ended;
    }

    /// <summary>Throws out all of the subject's devices but one (or all), and returns how many were signed in.</summary>
    public async Task<int> EndAll(
        Subject subject, Guid? except = null, SessionEnd why = SessionEnd.OtherDevice, CancellationToken ct = default)
    {
        var ended = await _db.Transact(tx => EndAll(tx, subject, except, why), ct);
        Tell(ended);
        return ended.Count;
    }

    /// <summary>The same within the transaction that is its reason; <see cref="Tell"/> after its commit.</summary>
    internal async Task<EndedSessions> EndAll(DbTransaction tx, Subject subject, Guid? except, SessionEnd why)
    {
        var keep = except ?? Guid.Empty;
        var ended = await EndWhere(
            tx, why, "subject = @Id and kind = @Kind and id <> @keep", new { subject.Id, subject.Kind, keep, now = Now });
        // Also where somebody signed out by themselves, or where the session has lapsed.
        await DeviceOwners.ForgetAll(tx, subject, keep);
        return ended;
    }

    /// <summary>This node is told by its own voice, here and now: the next request finds the session dead.</summary>
    internal void Tell(EndedSessions ended) => _db.Notifications.Raise(ended.News);

    /// <summary>Removes what ended or lapsed a quarter of a year ago. Run now and then.</summary>
    public Task<int> Tidy(CancellationToken ct = default)
    {
        var old = _clock.GetUtcNow().AddDays(-90).ToUnixTimeMilliseconds();
        return _db.Transact(
            tx => tx.Connection!.ExecuteAsync("delete from session where ended_ms < @old or expires_ms < @old", new { old }, tx), ct);
    }

    long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    TimeSpan LifeOf(SubjectKind kind) => kind switch
    {
        SubjectKind.Member => TimeSpan.FromDays(_programme.Membership.MemberSessionDays),
        SubjectKind.Till or SubjectKind.PointTill => TimeSpan.FromDays(_programme.Membership.TillSessionDays),
        SubjectKind.Merchant or SubjectKind.ShopAccount => TimeSpan.FromDays(_programme.Membership.MerchantSessionDays),
        SubjectKind.Operator => TimeSpan.FromMinutes(_programme.Membership.OperatorSessionMinutes),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Nobody of that kind signs in yet."),
    };

    async Task<EndedSessions> EndWhere(DbTransaction tx, SessionEnd why, string which, object values)
    {
        var sessions = (await tx.Connection!.QueryAsync<(byte[] Hash, Guid Id)>(
            $"""
            update session
            set ended_ms = @now, ended_why = {(int)why}
            where {which} and ended_ms is null
            returning token_hash, id
            """, values, tx)).ToList();
        // Each is told by its token, for who keeps its row, and by its id, for what was opened with it.
        var news = sessions.SelectMany(s => new[] { $"{Kind}:{Convert.ToHexString(s.Hash)}", $"{Over}:{s.Id:N}" }).ToList();
        if (news.Count > 0)
            await _db.Notifications.Announce(tx, news);
        return new EndedSessions(sessions.Count, news);
    }

    async Task<Row?> Read(TokenHash hash, CancellationToken ct)
    {
        await using var connection = await _db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Row?>(
            """
            select id, kind, subject, owner, assurance, seen_ms as SeenMs, expires_ms as ExpiresMs
            from session
            where token_hash = @hash and ended_ms is null
            """,
            new { hash = hash.ToArray() });
    }

    sealed class Row
    {
        long _seenMs;
        long _untilMs = long.MaxValue;

        public SessionId Id { get; init; }
        public SubjectKind Kind { get; init; }
        public Guid Owner { get; init; }
        public Guid Subject { get; init; }
        public AssuranceLevel Assurance { get; init; }
        public long SeenMs { get => Interlocked.Read(ref _seenMs); init => _seenMs = value; }
        public long? ExpiresMs
        {
            get => Interlocked.Read(ref _untilMs) is var until and not long.MaxValue ? until : null;
            init => _untilMs = value ?? long.MaxValue;
        }
        public Caller Caller => field ??= new Caller(Id, new Subject(Kind, Subject), Owner, Assurance);

        public bool HasLapsed(long nowMs) => Interlocked.Read(ref _untilMs) <= nowMs;

        /// <summary>Whether it is time to note that the session is used. A thousand calls at once note it once.</summary>
        public bool TryMarkSeen(long nowMs) =>
            SeenMs is var seen && nowMs - seen >= (long)SeenEvery.TotalMilliseconds
                && Interlocked.CompareExchange(ref _seenMs, nowMs, seen) == seen;

        /// <summary>Being used keeps a session alive; one that never lapses goes on doing so. Returns until when.</summary>
        public long? Extend(long untilMs)
        {
            if (ExpiresMs is not null)
                Interlocked.Exchange(ref _untilMs, untilMs);
            return ExpiresMs;
        }
    }
}
