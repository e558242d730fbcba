using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Access;
using Ensen.Basics;

namespace Ensen.Members;

/// <summary>
/// Keeps personal data of a member under a key of that member's own (AES-256-GCM), which is itself protected by the installation's keys.
/// With the key destroyed nothing of it can be read again, wherever a copy of it lies.
/// </summary>
public sealed class MemberKeys(ISecretProtection protection, TimeProvider clock)
{
    const byte Format = 1;
    const int KeyBytes = 32;
    const int NonceBytes = 12;
    const int TagBytes = 16;

    /// <summary>Encrypts; the member's key is made with the first thing that is kept under it.</summary>
    /// <param name="what">What it is, and of which row: read as something else it cannot be read.</param>
    public async Task<byte[]> Protect(DbTransaction tx, MemberId member, string what, byte[] clear)
    {
        var key = await Key(tx.Connection!, member, tx);
        if (key is null)
        {
            await tx.Connection!.ExecuteAsync(
                """
                insert into member_key (member, protected_key, made_ms)
                values (@member, @made, @now)
                on conflict (member) do nothing
                """,
                new { member, made = protection.Protect(RandomNumberGenerator.GetBytes(KeyBytes), SecretUse.MemberKey), now = Now }, tx);
            key = await Key(tx.Connection!, member, tx)
                ?? throw new InvalidOperationException($"The key of {member} was destroyed, or is not one of this installation's.");
        }
        var kept = new byte[1 + NonceBytes + TagBytes + clear.Length];
        kept[0] = Format;
        RandomNumberGenerator.Fill(kept.AsSpan(1, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(kept.AsSpan(1, NonceBytes), clear, kept.AsSpan(1 + NonceBytes + TagBytes), kept.AsSpan(1 + NonceBytes, TagBytes),
            About(member, what));
        CryptographicOperations.ZeroMemory(key);
        return kept;
    }

    /// <summary>Null when the key was destroyed, or when this is not what was kept as that.</summary>
    public async Task<byte[]?> Unprotect(DbConnection connection, MemberId member, string what, byte[]? kept, DbTransaction? tx = null)
    {
        if (kept is not [Format, ..] || kept.Length < 1 + NonceBytes + TagBytes || await Key(connection, member, tx) is not { } key)
            return null;
        var clear = new byte[kept.Length - 1 - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(kept.AsSpan(1, NonceBytes), kept.AsSpan(1 + NonceBytes + TagBytes), kept.AsSpan(1 + NonceBytes, TagBytes), clear,
                About(member, what));
            return clear;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Destroys the key. Nothing is kept for this member any more, and no other key is made.</summary>
    public Task Destroy(DbTransaction tx, MemberId member) => tx.Connection!.ExecuteAsync(
        """
        insert into member_key (member, protected_key, made_ms, destroyed_ms)
        values (@member, null, @now, @now)
        on conflict (member) do update
        set protected_key = null, destroyed_ms = excluded.destroyed_ms
        """,
        new { member, now = Now }, tx);

    long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    async Task<byte[]?> Key(DbConnection connection, MemberId member, DbTransaction? tx) =>
        await connection.QuerySingleOrDefaultAsync<byte[]?>(
            "select protected_key from member_key where member = @member", new { member }, tx) is { } kept
            ? protection.Unprotect(kept, SecretUse.MemberKey)
            : null;

    static byte[] About(MemberId member, string what) => Encoding.UTF8.GetBytes($"{what}\n{Id.Bare(member)}");
}
