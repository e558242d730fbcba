using System.Globalization;
using System.Security.Cryptography;
using Ensen.Basics;

namespace Ensen.Businesses;

/// <summary>
/// The number of a company's account: eight digits drawn at random and a check digit (Luhn), so that one digit typed wrong is told and
/// never another company.
/// </summary>
public static class BusinessNumber
{
    public const int Length = 9;

    internal static string Draw()
    {
        var drawn = RandomNumberGenerator.GetInt32(10_000_000, 100_000_000).ToString(CultureInfo.InvariantCulture);
        for (var check = '0'; check <= '9'; check++)
            if (IsNumber(drawn + check))
                return drawn + check;
        throw new InvalidOperationException("One of ten digits makes every number right.");
    }

    public static bool IsNumber(string digits)
    {
        if (digits.Length != Length || !digits.All(char.IsAsciiDigit))
            return false;
        var sum = 0;
        for (var i = 0; i < Length; i++)
        {
            var digit = (digits[^(i + 1)] - '0') * (i % 2 + 1);
            sum += digit / 10 + digit % 10;
        }
        return sum % 10 == 0;
    }

    /// <summary>As people read it to each other.</summary>
    public static string Grouped(string number) => number.Length == Length ? $"{number[..3]} {number[3..6]} {number[6..]}" : number;

    /// <summary>As people type it, with spaces and hyphens, in whatever width; null when it is none.</summary>
    public static string? Read(string? typed) => TypedDigits.Number(typed) is { } digits && IsNumber(digits) ? digits : null;
}
