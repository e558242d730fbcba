using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Basics;

namespace Ensen.Access;

/// <summary>
/// Ten codes that a member writes down for the day on which nothing else is at hand. They are shown once and kept as hashes; each is used
/// once, and new ones take the place of all.
/// </summary>
public static class RecoveryCodes
{
    public const int Count = 10;

    /// <summary>Four groups of four characters: 80 bits, which nobody finds from a hash.</summary>
    const int Characters = 16;
    const int Group = 4;
    const int Longest = 60;

    /// <summary>Those of ids: no letter looks like another or like a digit.</summary>
    const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>Makes ten, in place of those before. Whoever asked is shown them, and nobody again.</summary>
    public static async Task<IReadOnlyList<string>> Make(DbTransaction tx, Guid owner, DateTimeOffset now)
    {
        List<string> codes = [.. Enumerable.Range(0, Count).Select(_ => RandomNumberGenerator.GetString(Alphabet, Characters))];
        // By number, so that of two who make them at once one's are left, whole.
        foreach (var (number, code) in codes.Index())
            await tx.Connection!.ExecuteAsync(
                """
                insert into recovery_code (owner, number, hash, made_ms)
                values (@owner, @number, @hash, @at)
                on conflict (owner, number) do update set hash = excluded.hash, made_ms = excluded.made_ms, used_ms = null
                """,
                new { owner, number, hash = Hash(owner, code), at = now.ToUnixTimeMilliseconds() }, tx);
        return [.. codes.Select(code => string.Join('-', code.Chunk(Group).Select(part => new string(part))))];
    }

    /// <summary>Removes those that were made since an instant: a stolen session may have.</summary>
    internal static Task<int> RemoveSince(DbTransaction tx, Guid owner, DateTimeOffset since) => tx.Connection!.ExecuteAsync(
        "delete from recovery_code where owner = @owner and made_ms >= @from", new { owner, from = since.ToUnixTimeMilliseconds() }, tx);

    /// <summary>How many are left.</summary>
    public static Task<int> Left(DbConnection connection, Guid owner, DbTransaction? tx = null) => connection.ExecuteScalarAsync<int>(
        "select count(*) from recovery_code where owner = @owner and used_ms is null", new { owner }, tx);

    /// <summary>Uses a code up. False when it is none of the owner's, or was used: of forty at once one passes.</summary>
    public static async Task<bool> Take(DbTransaction tx, Guid owner, string typed, DateTimeOffset now) =>
        Read(typed) is { } code && await tx.Connection!.ExecuteAsync(
            "update recovery_code set used_ms = @at where owner = @owner and hash = @hash and used_ms is null",
            new { owner, hash = Hash(owner, code), at = now.ToUnixTimeMilliseconds() }, tx) == 1;

    /// <summary>
    /// As people copy it from paper: capitals, spaces and hyphens do not matter, o is 0 and i and l are 1. Null: it is no code.
    /// </summary>
    static string? Read(string typed)
    {
        if (typed.Length > Longest)
            return null;
        var code = new StringBuilder(Characters);
        foreach (var c in TypedDigits.Plain(typed).ToLowerInvariant())
            if (c switch { 'o' => '0', 'i' or 'l' => '1', _ => c } is var read && Alphabet.Contains(read))
                code.Append(read);
            else if (c is not (' ' or '-' or 'ー' or '‐' or '−'))
                return null;
        return code.Length == Characters ? code.ToString() : null;
    }

    static byte[] Hash(Guid owner, string code) =>
        SHA256.HashData([.. owner.ToByteArray(bigEndian: true), .. Encoding.ASCII.GetBytes(code)]);
}
