using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Centres;

/// <summary>
/// The member's own number: twelve digits that a point till scans to give points, and that nothing can be spent with. Two fixed digits,
/// nine random ones and a check digit: it tells nothing of its member, and is too short to be taken for the number of a payment card.
/// </summary>
public static class MemberCode
{
    public const int Length = 12;
    const string Beginning = "80";

    /// <summary>A new number that nobody can foresee.</summary>
    public static string New()
    {
        var digits = Beginning + RandomNumberGenerator.GetString("0123456789", Length - 1 - Beginning.Length);
        return digits + Luhn.DigitOf(digits);
    }

    /// <summary>Reads digits as typed or scanned; spaces and hyphens between them are overlooked.</summary>
    public static bool TryRead(string? typed, [NotNullWhen(true)] out string? code)
    {
        code = TypedDigits.Number(typed) is { Length: Length } digits && digits.StartsWith(Beginning, StringComparison.Ordinal)
            && Luhn.IsRight(digits) ? digits : null;
        return code is not null;
    }
}

/// <summary>The check digit that most cards have (ISO/IEC 7812-1, annex B).</summary>
public static class Luhn
{
    public static char DigitOf(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var counted = (digits[^(i + 1)] - '0') * (i % 2 == 0 ? 2 : 1);
            sum += counted > 9 ? counted - 9 : counted;
        }
        return (char)('0' + (10 - sum % 10) % 10);
    }

    public static bool IsRight(string digits) => digits.Length > 1 && digits[^1] == DigitOf(digits[..^1]);
}

/// <summary>The numbers of all members: drawn when a member first looks at theirs, and never changed.</summary>
public sealed class MemberCodes(Database db, TimeProvider clock)
{
    /// <summary>The member's number; forty who ask at once are told the same.</summary>
    public Task<string> Of(MemberId member, CancellationToken ct = default) => db.Transact(async tx =>
    {
        const string read = "select code from member_code where member_id = @member";
        while (true)
        {
            if (await tx.Connection!.ExecuteScalarAsync<string?>(read, new { member }, tx) is { } code)
                return code;
            await tx.Connection!.ExecuteAsync(
                """
                insert into member_code (code, member_id, created_ms)
                values (@code, @member, @at)
                on conflict do nothing
                """,
                new { code = MemberCode.New(), member, at = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx);
        }
    }, ct);

    /// <summary>Whose numbers these are, of those that are somebody's.</summary>
    internal async Task<IReadOnlyDictionary<string, MemberId>> FindAll(IReadOnlyCollection<string> codes, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<(string Code, MemberId MemberId)>(
            $"select code, member_id from member_code where code {Among.Text(db, "@codes")}", new { codes = codes.ToArray() })).ToDictionary(c => c.Code, c => c.MemberId);
    }

    /// <summary>Whose number it is; null when it is nobody's.</summary>
    public async Task<MemberId?> Find(string code, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<MemberId?>("select member_id from member_code where code = @code", new { code });
    }
}
