using System.Buffers.Binary;
using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>Whom a session speaks for.</summary>
public enum SessionKind
{
    Member = 1,
    Till = 2,
    Merchant = 3,
}

/// <summary>
/// Who is asking. <paramref name="Owner"/> is the member, the store of the till, or the merchant; <paramref name="Till"/> is the till
/// within its store.
/// </summary>
public sealed record Caller(Guid Session, SessionKind Kind, Guid Owner, Guid? Till);

/// <summary>A new session: the token is shown to its device once and is nowhere else, not even here.</summary>
public sealed record OpenedSession(string Token, Caller Caller);

/// <summary>A signed-in device, as its owner sees it.</summary>
public sealed record Device
{
    public Guid Session { get; init; }
    public string Name { get; init; } = "";
    public Guid? Till { get; init; }
    public long CreatedMs { get; init; }
    public long SeenMs { get; init; }
}

/// <summary>
/// A session per device, in the database. The token is 256 random bits; the database knows its SHA-256. Who is asking is read once in
/// at most <see cref="Life"/>: a session that ends here is dead here at once, and on the other nodes when they hear of it (<see cref="Hear"/>)
/// or two seconds later at the latest.
/// </summary>
public sealed class Sessions(Database db, Programme programme, TimeProvider clock)
{
    const string Topic = "sessions";
    const string Prefix = "ensen_";
    const int TokenBytes = 32;
    const int TokenLength = 6 + 43;
    const int MostDevices = 100;
    static readonly TimeSpan Life = TimeSpan.FromSeconds(2);
    static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(10);

    readonly Recent<TokenHash, Row> _recent = new(clock, Life, most: 100_000);

    /// <summary>Opens a session. One that is <paramref name="lasting"/> never lapses, however far the clock moves (the sandbox's).</summary>
    public Task<OpenedSession> Open(
        SessionKind kind, Guid owner, string device, Guid? till = null, bool lasting = false, CancellationToken ct = default) =>
        db.Transact(tx => Open(tx, kind, owner, device, till, lasting), ct);

    /// <summary>The same within the transaction that is its reason.</summary>
    public async Task<OpenedSession> Open(DbTransaction tx, SessionKind kind, Guid owner, string device, Guid? till = null, bool lasting = false)
    {
        var token = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var now = clock.GetUtcNow();
        var id = Id.New(now);
        await tx.Connection!.ExecuteAsync(
            """
            insert into session (token_hash, id, kind, owner, till, device, created_ms, seen_ms, expires_ms)
            values (@hash, @id, @kind, @owner, @till, @device, @now, @now, @expires)
            """,
            new
            {
                hash = TokenHash.Of(token).ToArray(),
                id,
                kind,
                owner,
                till,
                device = device.Length > 100 ? device[..100] : device,
                now = now.ToUnixTimeMilliseconds(),
                expires = lasting ? null : (long?)(now + LifeOf(kind)).ToUnixTimeMilliseconds(),
            }, tx);
        return new OpenedSession(token, new Caller(id, kind, owner, till));
    }

    /// <summary>Who holds this token; null when nobody does (any more). Every call of the API comes through here.</summary>
    public async ValueTask<Caller?> Who(string? token, CancellationToken ct = default)
    {
        if (token is null || token.Length != TokenLength || !token.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var hash = TokenHash.Of(token);
        var row = await _recent.Get(hash, Read, ct);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (row is null || row.ExpiresMs <= now)
            return null;
        if (now - row.SeenMs >= (long)SeenEvery.TotalMilliseconds && row.IsFirstToSee())
            await See(hash, row, ct);
        return row.Caller;
    }

    /// <summary>The owner's signed-in devices, the last used first.</summary>
    public async Task<IReadOnlyList<Device>> Devices(SessionKind kind, Guid owner, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<Device>(
            """
            select id as Session, device as Name, till, created_ms as CreatedMs, seen_ms as SeenMs
            from session
            where owner = @owner and kind = @kind and ended_ms is null and (expires_ms is null or expires_ms > @now)
            order by seen_ms desc
            limit @MostDevices
            """,
            new { owner, kind, now, MostDevices })).AsList();
    }

    /// <summary>Whether this session of the owner is still signed in: what was made on a device dies with its session.</summary>
    public async Task<bool> IsOpen(SessionKind kind, Guid owner, Guid session, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.ExecuteScalarAsync<int?>(
            """
            select 1
            from session
            where owner = @owner and kind = @kind and id = @session and ended_ms is null and (expires_ms is null or expires_ms > @now)
            """,
            new { owner, kind, session, now = Now }) is not null;
    }

    /// <summary>Signs this device out; does nothing when the token is nobody's.</summary>
    public Task<int> End(string token, CancellationToken ct = default) =>
        EndWhere("token_hash = @hash", new { hash = TokenHash.Of(token).ToArray(), now = Now }, ct);

    /// <summary>Signs out one of the owner's devices. False when it is not the owner's, or was signed out before.</summary>
    public async Task<bool> End(SessionKind kind, Guid owner, Guid session, CancellationToken ct = default) =>
        await EndWhere("owner = @owner and kind = @kind and id = @session", new { owner, kind, session, now = Now }, ct) == 1;

    /// <summary>Signs out all of the owner's devices but one (or all), and returns how many.</summary>
    public Task<int> EndAll(SessionKind kind, Guid owner, Guid? except = null, CancellationToken ct = default) =>
        EndWhere("owner = @owner and kind = @kind and id <> @keep", new { owner, kind, keep = except ?? Guid.Empty, now = Now }, ct);

    /// <summary>Signs out the devices of one till.</summary>
    public Task<int> EndTill(Guid store, Guid till, CancellationToken ct = default) =>
        EndWhere("owner = @store and kind = 2 and till = @till", new { store, till, now = Now }, ct);

    /// <summary>Removes what ended or lapsed a quarter of a year ago. Run now and then.</summary>
    public Task<int> Tidy(CancellationToken ct = default)
    {
        var old = clock.GetUtcNow().AddDays(-90).ToUnixTimeMilliseconds();
        return db.Transact(tx => tx.Connection!.ExecuteAsync("delete from session where ended_ms < @old or expires_ms < @old", new { old }, tx), ct);
    }

    /// <summary>Runs until stopped: hears of sessions that ended on other nodes.</summary>
    public async Task Hear(CancellationToken ct)
    {
        using var bell = db.Signals.Listen(Topic);
        while (!ct.IsCancellationRequested)
            if (await bell.Wait(TimeSpan.FromMinutes(1), ct))
                _recent.ForgetAll();
    }

    long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    TimeSpan LifeOf(SessionKind kind) => TimeSpan.FromDays(kind switch
    {
        SessionKind.Member => programme.Membership.MemberSessionDays,
        SessionKind.Till => programme.Membership.TillSessionDays,
        SessionKind.Merchant => programme.Membership.MerchantSessionDays,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    });

    async Task<int> EndWhere(string which, object values, CancellationToken ct)
    {
        var ended = await db.Transact(async tx => (await tx.Connection!.QueryAsync<byte[]>(
            $"""
            update session
            set ended_ms = @now
            where {which} and ended_ms is null
            returning token_hash
            """, values, tx)).AsList(), ct);
        foreach (var hash in ended)
            _recent.Forget(TokenHash.From(hash));
        if (ended.Count > 0)
            db.Signals.Raise(Topic);
        return ended.Count;
    }

    async Task<Row?> Read(TokenHash hash, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Row?>(
            """
            select id, kind, owner, till, seen_ms as SeenMs, expires_ms as ExpiresMs
            from session
            where token_hash = @hash and ended_ms is null
            """,
            new { hash = hash.ToArray() });
    }

    // Being used keeps a session alive. Written once in ten minutes, not at every call.
    async Task See(TokenHash hash, Row row, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var expires = row.ExpiresMs is null ? null : (long?)(now + LifeOf(row.Kind)).ToUnixTimeMilliseconds();
        await db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update session set seen_ms = @now, expires_ms = @expires where token_hash = @hash and ended_ms is null",
            new { hash = hash.ToArray(), now = now.ToUnixTimeMilliseconds(), expires }, tx), ct);
        _recent.Forget(hash);
    }

    sealed class Row
    {
        public Guid Id { get; init; }
        public SessionKind Kind { get; init; }
        public Guid Owner { get; init; }
        public Guid? Till { get; init; }
        public long SeenMs { get; init; }
        public long? ExpiresMs { get; init; }
        int _seen;

        // A thousand calls at once write it once.
        public bool IsFirstToSee() => Interlocked.Exchange(ref _seen, 1) == 0;

        public Caller Caller => field ??= new Caller(Id, Kind, Owner, Till);
    }

    readonly record struct TokenHash(UInt128 First, UInt128 Last)
    {
        public static TokenHash Of(string token)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
            return From(hash);
        }

        public static TokenHash From(ReadOnlySpan<byte> hash) =>
            new(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));

        public byte[] ToArray()
        {
            var bytes = new byte[SHA256.HashSizeInBytes];
            BinaryPrimitives.WriteUInt128BigEndian(bytes, First);
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), Last);
            return bytes;
        }
    }
}
