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
    /// Compares in constant time. A null hash (no such account, no password) takes as long and fails. What was made with fewer rounds than
    /// today's is right, and is to be made again.
    /// </summary>
    public static PasswordVerificationResult Verify(string? hash, string password) =>
        Hasher.VerifyHashedPassword(s_anybody, hash ?? s_nobody.Value, Text(password)) is var result && hash is not null
            ? result
            : PasswordVerificationResult.Failed;

    internal static PasswordHasher<object> With(int rounds) => new(Options.Create(new PasswordHasherOptions { IterationCount = rounds }));

    // The same letters typed on another keyboard may be other code points (NIST SP 800-63B-4, 3.1.1.2: NFKC or NFKD).
    static string Text(string password) => PasswordRule.IsText(password) ? password.Normalize(NormalizationForm.FormKC) : password;
}
