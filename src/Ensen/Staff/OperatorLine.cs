using Ensen.Basics;

namespace Ensen.Staff;

/// <summary>What operators write beside what they do: one line of visible text, at most 200 characters.</summary>
static class OperatorLine
{
    /// <summary>A reason, as it is kept for years: no number of a payment card stands in it.</summary>
    public static bool IsOne(string text) => IsName(text) && !CardDigits.In(text);

    /// <summary>Who somebody is, as people or as programs write it.</summary>
    public static bool IsName(string text) => text.Trim() is { Length: > 0 and <= 200 } line && !InvisibleCharacters.Only(line)
        && InvisibleCharacters.IsReadable(line);
}
