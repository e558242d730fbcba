using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Access;

/// <summary>What a browser's key signed: the running number of the key, and the signature (64 bytes, r and s of IEEE P1363).</summary>
public sealed record DeviceSignature(long Number, byte[] Value);

/// <summary>How a session's requests that move value are told from a thief's.</summary>
public enum DeviceBinding
{
    /// <summary>A program holds the token; no page was ever shown with it.</summary>
    Program = 1,

    /// <summary>Opened on a page, in a browser that had no key to show: each request asks who it is.</summary>
    WithoutKey = 2,

    /// <summary>Opened on a page, with the browser's key.</summary>
    WithKey = 3,
}

/// <summary>What a signature is worth.</summary>
public enum DeviceVerdict
{
    /// <summary>The session's own key has signed it now, or the very same request before.</summary>
    Right = 1,

    /// <summary>The session's key did not sign it.</summary>
    Wrong = 2,

    /// <summary>The key has signed something else under this number, or has long been further: there are two of it.</summary>
    Copied = 3,
}

/// <summary>
/// Keys of browsers (ECDSA, P-256, made by WebCrypto and never handed out): a cookie that was stolen has none. Each signature carries the
/// next number of its key, so a browser's profile that was copied whole betrays itself: sooner or later both use a number.
/// </summary>
public sealed class DeviceKeys(Database db, TimeProvider clock)
{
    const int SignatureBytes = 64;
    const int MostKeyBytes = 200;
    static readonly ECCurve s_curve = ECCurve.NamedCurves.nistP256;

    /// <summary>Requests of two tabs overtake each other by no more than this.</summary>
    static readonly TimeSpan s_overtaking = TimeSpan.FromMinutes(2);

    /// <summary>A copy that waits longer than this is told from the browser by the number that is behind.</summary>
    static readonly TimeSpan s_kept = TimeSpan.FromDays(400);

    readonly RowCache<SessionId, Row> _bound = new(clock, TimeSpan.FromMinutes(10), most: 100_000);

    /// <summary>
    /// Binds a session that was just opened on a page to its browser's key, once and for all.
    /// </summary>
    /// <param name="publicKey">SubjectPublicKeyInfo in base64; whatever is no key of P-256 binds the session to none.</param>
    public Task Bind(SessionId session, string? publicKey, CancellationToken ct = default)
    {
        var key = KeyOf(publicKey);
        return db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            insert into device_key (session, public_key, highest, highest_ms)
            values (@session, @key, 0, @Now)
            on conflict (session) do nothing
            """, new { session, key, Now }, tx), ct);
    }

    /// <summary>How this session is bound.</summary>
    public async Task<DeviceBinding> BindingOf(Caller caller, CancellationToken ct = default)
    {
        if (!caller.ByPerson)
            return DeviceBinding.Program;
        return await Find(caller.Session, ct) switch
        {
            null => DeviceBinding.Program,
            { PublicKey: null } => DeviceBinding.WithoutKey,
            _ => DeviceBinding.WithKey,
        };
    }

    /// <summary>The name of a session's key in its browser (base64url of the SHA-256 of the public key); null when it has none.</summary>
    public async Task<string?> NameOf(Caller caller, CancellationToken ct = default)
    {
        if (!caller.ByPerson)
            return null;
        return (await Find(caller.Session, ct))?.PublicKey is { } key
            ? System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(key)) : null;
    }

    /// <summary>Judges a signature over <paramref name="what"/>, and uses its number up.</summary>
    public async Task<DeviceVerdict> Judge(SessionId session, DeviceSignature signed, string what, CancellationToken ct = default)
    {
        if (await Find(session, ct) is not { PublicKey: { } key } || !IsSignedBy(key, signed, what))
            return DeviceVerdict.Wrong;
        return await db.Transact(tx => Use(tx, session, signed.Number, SHA256.HashData(Encoding.UTF8.GetBytes(what))), ct);
    }

    /// <summary>Forgets what belongs to sessions that are gone, and signatures that could be repeated by nobody.</summary>
    public Task<int> Tidy(CancellationToken ct = default) => db.Transact(async tx =>
        await tx.Connection!.ExecuteAsync(
            "delete from device_signature where signed_ms < @old or session not in (select id from session)",
            new { old = (clock.GetUtcNow() - s_kept).ToUnixTimeMilliseconds() }, tx)
        + await tx.Connection!.ExecuteAsync("delete from device_key where session not in (select id from session)", null, tx), ct);

    long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    async Task<DeviceVerdict> Use(DbTransaction tx, SessionId session, long number, byte[] hash)
    {
        var connection = tx.Connection!;
        var isNew = await connection.ExecuteAsync(
            """
            insert into device_signature (session, number, hash, signed_ms)
            values (@session, @number, @hash, @Now)
            on conflict (session, number) do nothing
            """, new { session, number, hash, Now }, tx) == 1;
        if (!isNew)
            return (await connection.ExecuteScalarAsync<byte[]>(
                "select hash from device_signature where session = @session and number = @number", new { session, number }, tx))
                .AsSpan().SequenceEqual(hash) ? DeviceVerdict.Right : DeviceVerdict.Copied;
        var isNext = await connection.ExecuteAsync(
            "update device_key set highest = @number, highest_ms = @Now where session = @session and highest < @number",
            new { session, number, Now }, tx) == 1;
        var earliest = (clock.GetUtcNow() - s_overtaking).ToUnixTimeMilliseconds();
        return isNext || await connection.ExecuteScalarAsync<int?>(
            "select 1 from device_key where session = @session and highest_ms >= @earliest", new { session, earliest }, tx) is not null
            ? DeviceVerdict.Right : DeviceVerdict.Copied;
    }

    /// <summary>What a session was bound to never changes, so that it is read once for a page and what is sent from it.</summary>
    ValueTask<Row?> Find(SessionId session, CancellationToken ct) => _bound.Get(session, Read, ct);

    async Task<Row?> Read(SessionId session, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Row?>(
            "select public_key as PublicKey from device_key where session = @session", new { session });
    }

    static bool IsSignedBy(byte[] key, DeviceSignature signed, string what)
    {
        if (signed.Number <= 0 || signed.Value.Length != SignatureBytes)
            return false;
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(key, out _);
        return ecdsa.VerifyData(Encoding.UTF8.GetBytes(what), signed.Value, HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>The key as it is kept; null for whatever is none of this curve.</summary>
    static byte[]? KeyOf(string? publicKey)
    {
        if (publicKey is not { Length: > 0 and <= MostKeyBytes })
            return null;
        try
        {
            using var ecdsa = ECDsa.Create();
            var bytes = Convert.FromBase64String(publicKey);
            ecdsa.ImportSubjectPublicKeyInfo(bytes, out var read);
            return read == bytes.Length && ecdsa.ExportParameters(false).Curve.Oid.Value == s_curve.Oid.Value ? bytes : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    sealed record Row
    {
        public byte[]? PublicKey { get; init; }
    }
}
