using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Ensen.Access;

/// <summary>What became of a password or PIN that somebody typed.</summary>
public enum PasswordVerdict
{
    /// <summary>It is another one, or there is none.</summary>
    Wrong = 0,

    /// <summary>It is the one.</summary>
    Right = 1,

    /// <summary>It is the one, and its hash costs a guesser less than today's do: it is to be made again.</summary>
    RightAndOutdated = 2,
}

/// <summary>What one hash costs whoever makes it, and whoever guesses: kibibytes of memory, and how often they are gone through.</summary>
readonly record struct HashCost(int MemoryKib, int Passes)
{
    /// <summary>
    /// One of five that OWASP's cheat sheet names as equally strong: about 12 ms of a processor, and less memory to be cleared for each
    /// hash than the first of them asks for.
    /// </summary>
    public static readonly HashCost Today = new(9 * 1024, 4);

    /// <summary>The least that Argon2 knows.</summary>
    public static readonly HashCost Least = new(8, 1);

    /// <summary>By this the time goes that a hash takes: kibibytes, as often as they are gone through.</summary>
    public int Work => MemoryKib * Passes;
}

/// <summary>
/// Passwords and PINs as they are kept: Argon2id (RFC 9106) by libsodium, 16 bytes of salt and 32 of hash, written as
/// <c>$argon2id$v=19$m=…,t=…,p=1$salt$hash</c> (PHC string format), so that each says what it was made with.
/// </summary>
public static class PasswordHash
{
    const int SaltSize = 16;
    const int HashSize = 32;

    /// <summary>No setting leads here: cheaper hashes are made by our tests alone, in their own process.</summary>
    internal static HashCost Cost { get; set; } = HashCost.Today;

    // A guess at an account that does not exist must take as long as one at an account that does.
    static readonly Lazy<string> s_nobody = new(() => Make(Convert.ToHexString(RandomNumberGenerator.GetBytes(16))));

    public static string Make(string password) => Make(password, Cost);

    /// <summary>
    /// Of a secret of 128 random bits or more, which nobody guesses however little a guess costs. Made again at its first sign-in.
    /// </summary>
    public static string OfRandom(string secret) => Make(secret, HashCost.Least);

    internal static string Make(string password, HashCost cost)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        return string.Create(CultureInfo.InvariantCulture,
            $"$argon2id$v=19$m={cost.MemoryKib},t={cost.Passes},p=1${Base64(salt)}${Base64(Argon2(Bytes(password), salt, cost))}");
    }

    /// <summary>
    /// Compares in constant time. A null hash (no such account, no password) takes as long and is wrong, and so does a wrong password
    /// beside a cheaper hash. What is no text is wrong, whatever it would be read as.
    /// </summary>
    public static PasswordVerdict Verify(string? hash, string password)
    {
        var (cost, salt, expected) = Read(hash ?? s_nobody.Value);
        var isRight = CryptographicOperations.FixedTimeEquals(Argon2(Bytes(password), salt, cost), expected);
        if (hash is not null && isRight && PasswordRule.IsText(password))
            return cost.Work < Cost.Work ? PasswordVerdict.RightAndOutdated : PasswordVerdict.Right;
        // A guess at a cheaper hash makes up for that: by how long it took nobody tells that there is one.
        if (Cost.Work - cost.Work is > 0 and var left)
            Argon2([], salt, new HashCost(Math.Max(HashCost.Least.MemoryKib, left / Cost.Passes), Cost.Passes));
        return PasswordVerdict.Wrong;
    }

    /// <summary>How much less work than today's a hash was made with.</summary>
    internal static int WorkLeft(string hash) => Math.Max(0, Cost.Work - Read(hash).Cost.Work);

    static byte[] Argon2(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, HashCost cost) =>
        PasswordBasedKeyDerivationAlgorithm.Argon2id(
            new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = cost.MemoryKib, NumberOfPasses = cost.Passes })
            .DeriveBytes(password, salt, HashSize);

    static (HashCost Cost, byte[] Salt, byte[] Hash) Read(string hash) =>
        hash.Split('$') is ["", "argon2id", "v=19", var cost, var salt, var bytes]
        && cost.Split(',') is [['m', '=', .. var memory], ['t', '=', .. var passes], "p=1"]
            ? (new HashCost(int.Parse(memory, CultureInfo.InvariantCulture), int.Parse(passes, CultureInfo.InvariantCulture)),
                FromBase64(salt), FromBase64(bytes))
            : throw new FormatException("What is kept is no hash of a password.");

    // The format's base64 goes without its padding.
    static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    static byte[] FromBase64(string text) => Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));

    // The same letters typed on another keyboard may be other code points (NIST SP 800-63B-4, 3.1.1.2: NFKC or NFKD).
    static byte[] Bytes(string password) =>
        Encoding.UTF8.GetBytes(PasswordRule.IsText(password) ? password.Normalize(NormalizationForm.FormKC) : password);
}
