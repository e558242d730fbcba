using System.Security.Cryptography;
using System.Text;
using Ensen.Basics;

namespace Ensen.Banking;

/// <summary>What sort of account it is; the names are the contract's.</summary>
public enum BankAccountKind
{
    /// <summary>普通.</summary>
    Ordinary = 1,

    /// <summary>当座.</summary>
    Current = 2,

    /// <summary>貯蓄.</summary>
    Savings = 4,
}

/// <summary>An account as banks in Japan write it: bank (4 digits), branch (3), kind, number (7; shorter ones begin with zeros).</summary>
public sealed record BankAccountNumber(string BankCode, string BranchCode, BankAccountKind Kind, string Number)
{
    const int NumberDigits = 7;

    public string LastFour => Number[^4..];

    public static string NameOf(BankAccountKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>As people type and paste it: digits of any script, spaces and dashes between them.</summary>
    public static BankAccountNumber? Read(string? bankCode, string? branchCode, string? kind, string? number) =>
        Digits(bankCode) is { Length: 4 } bank && Digits(branchCode) is { Length: 3 } branch
        && Enum.GetValues<BankAccountKind>().Cast<BankAccountKind?>().FirstOrDefault(k => NameOf(k!.Value) == kind) is { } sort
        && Digits(number) is { Length: >= 1 and <= NumberDigits } digits
            ? new BankAccountNumber(bank, branch, sort, digits.PadLeft(NumberDigits, '0'))
            : null;

    /// <summary>Whether it has the four digits of a bank, zeros before it among them.</summary>
    public static bool IsBankCode(string? text) => Digits(text) is { Length: 4 };

    /// <summary>Whether it has the three digits of a branch.</summary>
    public static bool IsBranchCode(string? text) => Digits(text) is { Length: 3 };

    public static bool IsNumber(string? text) => Digits(text) is { Length: >= 1 and <= NumberDigits };

    static string? Digits(string? text)
    {
        if (text is null || text.Length > 40)
            return null;
        var digits = new StringBuilder();
        foreach (var c in text.Normalize(NormalizationForm.FormKC))
            if (char.IsAsciiDigit(c))
                digits.Append(c);
            else if (!char.IsWhiteSpace(c) && c is not ('-' or 'ー' or '‐' or '−'))
                return null;
        return digits.ToString();
    }
}

/// <summary>
/// Tells whether two accounts are one without keeping their numbers: a hash under a key of the installation. Without the key ten million
/// numbers of a branch would be tried in a second.
/// </summary>
public sealed class BankNumberHash
{
    internal const string Name = "bank-number-key";
    internal const int KeyBytes = 32;

    readonly byte[] _key;

    internal BankNumberHash(byte[] key) => _key = key;

    public byte[] Of(BankAccountNumber account) => HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(
        $"{account.BankCode} {account.BranchCode} {(int)account.Kind} {account.Number}"));
}
