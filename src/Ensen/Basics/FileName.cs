using System.Text;

namespace Ensen.Basics;

/// <summary>The name that somebody gave a file, as it is kept beside what it brought.</summary>
public static class FileName
{
    const string Unreadable = "?";

    /// <summary>
    /// Of a long one its beginning, in whole letters: half of one, or a control character, is a text that PostgreSQL does not take.
    /// </summary>
    public static string Kept(string name, int longest)
    {
        var kept = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if (kept.Length + rune.Utf16SequenceLength > longest)
                break;
            kept.Append(Rune.IsControl(rune) ? Unreadable : rune.ToString());
        }
        return kept.ToString();
    }
}
