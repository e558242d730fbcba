using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Ensen.Formats;

/// <summary>
/// A person's name in kana, as papers, banks and people write it. Banks keep half-width letters without small ones, papers full-width,
/// people what their keyboard makes: one name has many spellings, and <see cref="AreSame"/> says which are one. Companies' forms (カ）, ユ))
/// are no part of a person's name.
/// </summary>
public static class KanaName
{
    public const int Most = 60;

    /// <summary>The long vowel mark; what else it is written as becomes this.</summary>
    const char Long = 'ー';

    /// <summary>What one letter, or one with ヴ before it, is compared as. The longer spellings come first.</summary>
    static readonly (string Written, string Same)[] s_table =
    [
        ("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴ", "ブ"), ("ヷ", "バ"), ("ヸ", "ビ"), ("ヹ", "ベ"), ("ヺ", "ボ"),
        ("ァ", "ア"), ("ィ", "イ"), ("ゥ", "ウ"), ("ェ", "エ"), ("ォ", "オ"), ("ッ", "ツ"), ("ャ", "ヤ"), ("ュ", "ユ"), ("ョ", "ヨ"), ("ヮ", "ワ"),
        ("ヵ", "カ"), ("ヶ", "ケ"), ("ヲ", "オ"), ("ヰ", "イ"), ("ヱ", "エ"), ("ヂ", "ジ"), ("ヅ", "ズ"),
    ];

    /// <summary>What a long vowel mark may stand for, by the row of the letter before it.</summary>
    static readonly (string Letters, string Vowels)[] s_vowels =
    [
        ("アカサタナハマヤラワガザダバパ", "ア"), ("イキシチニヒミリギジビピ", "イ"), ("ウクスツヌフムユルグズブプ", "ウ"),
        ("エケセテネヘメレゲゼデベペ", "エイ"), ("オコソトノホモヨロゴゾドボポ", "オウ"),
    ];

    /// <summary>
    /// A name as it is kept: full-width katakana (or Latin capitals, as on a residence card), one space between its parts. False for
    /// anything else, a company's form among it.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (text is null || text.Length > 4 * Most)
            return false;
        var written = new StringBuilder();
        // A voicing mark that stands apart (カ゛), as lists of banks print it, would be taken for a space and a mark.
        var joined = text.Replace('゛', '\u3099').Replace('゜', '\u309A');
        foreach (var c in joined.Normalize(NormalizationForm.FormKC))
        {
            if (char.IsWhiteSpace(c) || c is '・' or '.' or ',' or '，' or '、')
            {
                if (written.Length > 0 && written[^1] != ' ')
                    written.Append(' ');
            }
            else if (IsDash(c))
                written.Append(Long);
            else if (c is >= 'ぁ' and <= 'ゖ')
                written.Append((char)(c + ('ァ' - 'ぁ')));
            else if (c is >= 'ァ' and <= 'ヺ')
                written.Append(c);
            else if (char.IsAsciiLetter(c))
                written.Append(char.ToUpperInvariant(c));
            else
                return false;
        }
        var parsed = written.ToString().Trim();
        if (parsed.Length is 0 or > Most || parsed[0] == Long)
            return false;
        name = parsed;
        return true;
    }

    /// <summary>
    /// Whether it is, or holds, a name in Latin letters, as on the papers of somebody who has no other. Whose name is written in kana or
    /// Chinese characters has one in kana.
    /// </summary>
    public static bool IsLatin(string name) => name.Any(char.IsAsciiLetter);

    /// <summary>Whether a name is written with kana or Chinese characters.</summary>
    public static bool IsInKanaOrKanji(string name) => name.EnumerateRunes().Any(r => r.Value is (>= 0x3041 and <= 0x30ff)
        or (>= 0x3400 and <= 0x9fff) or (>= 0xf900 and <= 0xfaff) or (>= 0xff66 and <= 0xff9d) or >= 0x20000 and <= 0x3ffff);

    /// <summary>Whether both are spellings of one name. What is no name is the same as nothing.</summary>
    public static bool AreSame(string? one, string? other)
    {
        if (!TryParse(one, out var first) || !TryParse(other, out var second))
            return false;
        var (a, b) = (Compared(first), Compared(second));
        if (a.Length != b.Length)
            return false;
        for (var i = 0; i < a.Length; i++)
            if (a[i] != b[i] && !IsLong(a, b, i) && !IsLong(b, a, i))
                return false;
        return true;
    }

    /// <summary>As it is compared: no spaces, no small letters, one letter for each sound.</summary>
    static string Compared(string name)
    {
        var text = new StringBuilder(name).Replace(" ", "");
        foreach (var (written, same) in s_table)
            text.Replace(written, same);
        return text.ToString();
    }

    /// <summary>One name has the mark where the other writes the vowel that the mark stands for: オオノ and オーノ.</summary>
    static bool IsLong(string mark, string vowel, int at) =>
        at > 0 && mark[at] == Long
        && s_vowels.Any(row => row.Letters.Contains(mark[at - 1], StringComparison.Ordinal)
            && row.Vowels.Contains(vowel[at], StringComparison.Ordinal));

    // What a keyboard, a bank's half-width letters and a copied table have in its place.
    static bool IsDash(char c) => c is Long or '-' or '‐' or '‑' or '‒' or '–' or '—' or '―' or '−' or '─' or '〜' or '~';
}
