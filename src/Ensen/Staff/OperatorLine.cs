using Ensen.Basics;

namespace Ensen.Staff;

/// <summary>What operators write beside what they do, a reason or who they are: one line of visible text, at most 200 characters.</summary>
static class OperatorLine
{
    public static bool IsOne(string text) => text.Trim() is { Length: > 0 and <= 200 } line && !InvisibleCharacters.Only(line)
        && InvisibleCharacters.IsReadable(line);
}
