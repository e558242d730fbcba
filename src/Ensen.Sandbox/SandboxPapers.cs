using System.Globalization;
using System.Security.Cryptography;
using Ensen.Access;
using Ensen.Formats;
using Ensen.Identity;

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

    /// <summary>What stands in somebody's papers: the name's own reading where it is in kana, else none.</summary>
    public static PersonalDetails Details(string name, string? kana = null, string? bornOn = null) => new(
        name, KanaName.TryParse(kana ?? (IsKana(name) ? name : null), out var read) ? read : kana ?? "", bornOn ?? "1990-04-01",
        "大阪市北区梅田一丁目1番1号");

    static bool IsKana(string name) => name.Any(c => c is (>= 'ぁ' and <= 'ヺ') or (>= 'ｦ' and <= 'ﾝ'));
}
