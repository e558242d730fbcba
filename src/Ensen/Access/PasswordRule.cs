using System.Text;
using Ensen.Basics;

namespace Ensen.Access;

/// <summary>What is wrong with a password somebody chose.</summary>
public enum PasswordFault
{
    TooShort = 1,
    TooLong = 2,

    /// <summary>A space at the beginning or the end: pointed out, never silently kept or dropped.</summary>
    SpaceBefore = 3,
    SpaceAfter = 4,
    NotHalfWidth = 5,
    NoDigit = 6,
    NoUpperCase = 7,
    NoLowerCase = 8,
    NoSymbol = 9,

    /// <summary>A half-width symbol (or a space) that the programme does not list.</summary>
    SymbolNotListed = 10,
    Common = 11,

    /// <summary>It holds the member's own e-mail address.</summary>
    LikeAddress = 12,

    /// <summary>Not text: half of a character, or a control character.</summary>
    NotText = 13,

    /// <summary>Nothing was typed (<see cref="PasswordRule.Told"/>).</summary>
    Missing = 14,
}

/// <summary>The programme's rule for new passwords. All faults are told at once, so that nobody has to guess the next one.</summary>
public static class PasswordRule
{
    const int LeastComposed = 8;
    const int MostComposed = 64;
    const int LeastNist = 15;
    const int MostNist = 128;

    public static (int Least, int Most) Length(PasswordPolicy policy) => policy switch
    {
        PasswordPolicy.Composed => (LeastComposed, MostComposed),
        PasswordPolicy.Nist => (LeastNist, MostNist),
        _ => throw new ArgumentOutOfRangeException(nameof(policy)),
    };

    /// <summary>What a form says of it: where nothing was typed that, and no list of all that it lacks.</summary>
    public static IReadOnlyList<PasswordFault> Told(MembershipRules rules, string password, string? email = null) =>
        password.Length == 0 ? [PasswordFault.Missing] : Faults(rules, password, email);

    public static IReadOnlyList<PasswordFault> Faults(MembershipRules rules, string password, string? email = null)
    {
        var (least, most) = Length(rules.Password);
        if (password.Length > 4 * most)
            return [PasswordFault.TooLong];
        if (!IsText(password))
            return [PasswordFault.NotText];
        var faults = new List<PasswordFault>();
        var length = password.EnumerateRunes().Count();
        Add(length < least, PasswordFault.TooShort);
        Add(length > most, PasswordFault.TooLong);
        Add(password.Length > 0 && char.IsWhiteSpace(password[0]), PasswordFault.SpaceBefore);
        Add(password.Length > 0 && char.IsWhiteSpace(password[^1]), PasswordFault.SpaceAfter);
        if (rules.Password == PasswordPolicy.Composed)
        {
            Add(!password.All(char.IsAscii), PasswordFault.NotHalfWidth);
            Add(!password.Any(char.IsAsciiDigit), PasswordFault.NoDigit);
            Add(!password.Any(char.IsAsciiLetterUpper), PasswordFault.NoUpperCase);
            Add(!password.Any(char.IsAsciiLetterLower), PasswordFault.NoLowerCase);
            Add(!password.Any(c => IsListed(rules, c)), PasswordFault.NoSymbol);
            Add(password.Trim().Any(c => char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c) && !IsListed(rules, c)),
                PasswordFault.SymbolNotListed);
        }
        Add(CommonPasswords.Contain(password), PasswordFault.Common);
        Add(HoldsAddress(password, email), PasswordFault.LikeAddress);
        return faults;

        void Add(bool wrong, PasswordFault fault)
        {
            if (wrong)
                faults.Add(fault);
        }
    }

    static bool IsListed(MembershipRules rules, char c) => rules.PasswordSymbols.Contains(c);

    internal static bool IsText(string password) =>
        password.EnumerateRunes().All(r => r != Rune.ReplacementChar && !Rune.IsControl(r));

    static bool HoldsAddress(string password, string? email)
    {
        var local = email?.Split('@')[0].Trim() ?? "";
        return local.Length >= 4 && password.Contains(local, StringComparison.OrdinalIgnoreCase);
    }
}
