using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Ensen.Access;

/// <summary>
/// Passwords and PINs as they are kept: hashed by ASP.NET Core Identity's hasher (PBKDF2-HMAC-SHA512, 16 bytes of salt) with 210,000
/// rounds.
/// </summary>
public static class PasswordHash
{
    public const int Rounds = 210_000;

    static readonly object s_anybody = new();

    /// <summary>No setting leads here: fewer rounds are taken by our tests alone, in their own process.</summary>
    internal static PasswordHasher<object> Hasher { get; set; } = With(Rounds);

    // A guess at an account that does not exist must take as long as one at an account that does.
    static readonly Lazy<string> s_nobody = new(() => Make(Convert.ToHexString(RandomNumberGenerator.GetBytes(16))));

    public static string Make(string password) => Hasher.HashPassword(s_anybody, Text(password));

    /// <summary>
    /// Of a secret of 128 random bits or more, which nobody guesses however few rounds there are. Made again at its first sign-in.
    /// </summary>
    public static string OfRandom(string secret) => With(rounds: 1).HashPassword(s_anybody, Text(secret));

    /// <summary>
    /// Compares in constant time. A null hash (no such account, no password) takes as long and fails, and so does a wrong password beside a
    /// hash of fewer rounds. What was made with fewer rounds than today's is right, and is to be made again.
    /// </summary>
    public static PasswordVerificationResult Verify(string? hash, string password)
    {
        var result = Hasher.VerifyHashedPassword(s_anybody, hash ?? s_nobody.Value, Text(password));
        if (hash is null || result != PasswordVerificationResult.Failed)
            return hash is null ? PasswordVerificationResult.Failed : result;
        // A guess at a hash of fewer rounds makes up for them: by how long it took nobody tells that there is one.
        if (RoundsLeft(hash) is > 0 and var left)
            Rfc2898DeriveBytes.Pbkdf2("", RandomNumberGenerator.GetBytes(16), left, HashAlgorithmName.SHA512, 32);
        return result;
    }

    /// <summary>How many rounds fewer than today's a hash was made with.</summary>
    internal static int RoundsLeft(string hash) => Math.Max(0, RoundsOf(s_nobody.Value) - RoundsOf(hash));

    // The hasher's third form: a marker, which function, the rounds, each but the first in four bytes.
    static int RoundsOf(string hash) => Convert.FromBase64String(hash) is [1, _, _, _, _, .. var rest] && rest.Length > 4
        ? BinaryPrimitives.ReadInt32BigEndian(rest)
        : 0;

    internal static PasswordHasher<object> With(int rounds) => new(Options.Create(new PasswordHasherOptions { IterationCount = rounds }));

    // The same letters typed on another keyboard may be other code points (NIST SP 800-63B-4, 3.1.1.2: NFKC or NFKD).
    static string Text(string password) => PasswordRule.IsText(password) ? password.Normalize(NormalizationForm.FormKC) : password;
}
