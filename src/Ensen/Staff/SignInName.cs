using System.Diagnostics.CodeAnalysis;

namespace Ensen.Staff;

/// <summary>By what an account signs in: 2 to 60 half-width letters, digits and <c>. _ - @ +</c>; case does not matter.</summary>
public static class SignInName
{
    public const int Most = 60;

    public static bool TryParse(string? text, [NotNullWhen(true)] out string? name)
    {
        name = text is null ? null : Key(text);
        if (name is { Length: >= 2 and <= Most } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@' or '+'))
            return true;
        name = null;
        return false;
    }

    /// <summary>As the account is found by what was typed.</summary>
    public static string Key(string text) => text.Length > 4 * Most ? "" : text.Trim().ToLowerInvariant();
}
