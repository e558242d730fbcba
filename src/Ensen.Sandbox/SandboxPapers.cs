using System.Globalization;
using System.Security.Cryptography;
using Ensen.Access;

namespace Ensen.Sandbox;

/// <summary>What a member made by the sandbox signs in with and is reached at, so that a program can play the person.</summary>
sealed record SandboxPapers(string Email, string Telephone, string Password)
{
    /// <summary>An address and a number that nobody has, and a password that nobody guesses.</summary>
    public static SandboxPapers Draw() => new(
        $"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}@sandbox.example",
        string.Create(CultureInfo.InvariantCulture, $"+8190{RandomNumberGenerator.GetInt32(100_000_000):00000000}"),
        $"Aa1-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}");

    /// <summary>
    /// Of a random key, which no stretching makes harder to guess: a program makes members by the thousand, and waits for none.
    /// </summary>
    public string PasswordHash => Ensen.Access.PasswordHash.OfRandom(Password);
}
