using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Ensen.Formats;

/// <summary>
/// A name as banks write it in files: half-width kana without small ones, Latin capitals, digits, and the few signs that the Zengin table
/// has. A long vowel is a hyphen, forms of companies have their short form (<c>ｶ)</c>). What has no such form is named, never dropped.
/// </summary>
public static class ZenginKana
{
    const string Signs = " ()-./\\｢｣";

    /// <summary>Kana of full width in the order of the code table, each with its half-width form.</summary>
    const string Full = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
    const string Half = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ";
    const string Small = "ァィゥェォッャュョヮヵヶ";
    const string Large = "アイウエオツヤユヨワカケ";

    /// <summary>The short forms of the Zengin table: before a name <c>ｶ)</c>, behind it <c>(ｶ</c>. The longer ones come first.</summary>
    static readonly (string Written, string Short)[] s_forms =
    [
        ("特定非営利活動法人", "トクヒ"), ("トクテイヒエイリカツドウホウジン", "トクヒ"), ("社会福祉法人", "フク"), ("独立行政法人", "ドク"),
        ("株式会社", "カ"), ("カブシキガイシャ", "カ"), ("カブシキカイシャ", "カ"), ("有限会社", "ユ"), ("ユウゲンガイシャ", "ユ"),
        ("合同会社", "ド"), ("ゴウドウガイシャ", "ド"), ("合資会社", "シ"), ("合名会社", "メ"), ("医療法人", "イ"), ("学校法人", "ガク"),
        ("宗教法人", "シユウ"), ("一般社団法人", "シヤ"), ("一般財団法人", "ザイ"), ("社団法人", "シヤ"), ("財団法人", "ザイ"),
    ];

    static readonly string[] s_shortForms =
        [.. s_forms.Select(f => f.Short).Distinct().Select(f => TryWrite(f, out var half, out _) ? half : f)];

    /// <summary>The name in half-width letters, or the first letter that has no such form.</summary>
    /// <param name="stranger">What cannot be written; null when all can, or nothing was given.</param>
    public static bool TryWrite(string? text, [NotNullWhen(true)] out string? half, out string? stranger)
    {
        (half, stranger) = (null, null);
        if (string.IsNullOrWhiteSpace(text) || text.Length > 200)
            return false;
        // A voicing mark that stands apart is no space and a mark, and decomposed a voiced letter is the letter and its mark.
        var joined = text.Replace('゛', '\u3099').Replace('゜', '\u309A').Normalize(NormalizationForm.FormKC).Trim();
        var written = new StringBuilder();
        foreach (var rune in Shortened(ToKatakana(joined)).Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (Of(rune) is not { } letter)
            {
                stranger = rune.ToString();
                return false;
            }
            if (letter != ' ' || written.Length > 0 && written[^1] != ' ')
                written.Append(letter);
        }
        half = written.ToString();
        return half.Length > 0;
    }

    /// <summary>A written name without the short form of a company before or behind it.</summary>
    public static string WithoutForm(string half)
    {
        foreach (var form in s_shortForms)
            if (half.StartsWith($"{form})", StringComparison.Ordinal) || half.StartsWith($"({form})", StringComparison.Ordinal))
                return half[(half.IndexOf(')', StringComparison.Ordinal) + 1)..];
            else if (half.EndsWith($"({form}", StringComparison.Ordinal) || half.EndsWith($"({form})", StringComparison.Ordinal))
                return half[..half.LastIndexOf('(')];
        return half;
    }

    /// <summary>Whether a text holds only what may stand in a file.</summary>
    public static bool IsWritten(string text) => text.All(c => IsHalf(c) || char.IsAsciiDigit(c) || c is >= 'A' and <= 'Z'
        || Signs.Contains(c, StringComparison.Ordinal));

    /// <summary>A byte of Shift_JIS for a letter that may stand in a file.</summary>
    internal static byte ByteOf(char c) => IsHalf(c) || c is '｢' or '｣' ? (byte)(c - 0xFF61 + 0xA1)
        : c < 0x80 ? (byte)c : throw new ArgumentOutOfRangeException(nameof(c), $"'{c}' has no place in a file of a bank.");

    /// <summary>The letter of a byte; null for a byte that no such file has.</summary>
    internal static char? LetterOf(byte b) => b is >= 0xA1 and <= 0xDF ? (char)(b - 0xA1 + 0xFF61)
        : b is >= 0x20 and < 0x7F ? (char)b : null;

    static bool IsHalf(char c) => Half.Contains(c, StringComparison.Ordinal) || c is 'ﾞ' or 'ﾟ';

    static char? Of(Rune rune)
    {
        if (!rune.IsBmp)
            return null;
        var c = (char)rune.Value;
        if (c is '\u3099')
            return 'ﾞ';
        if (c is '\u309A')
            return 'ﾟ';
        if (c is 'ー' or '‐' or '‑' or '–' or '—' or '―' or '−' or '─')
            return '-';
        if (c is '「' or '」')
            return c == '「' ? '｢' : '｣';
        if (Small.IndexOf(c, StringComparison.Ordinal) is >= 0 and var small)
            c = Large[small];
        if (Full.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at)
            return Half[at];
        if (char.IsWhiteSpace(c) || c == '・')
            return c == '・' ? '.' : ' ';
        c = char.IsAsciiLetterLower(c) ? char.ToUpperInvariant(c) : c;
        return char.IsAsciiDigit(c) || c is >= 'A' and <= 'Z' || Signs.Contains(c, StringComparison.Ordinal) ? c : null;
    }

    static string ToKatakana(string text) => string.Concat(text.Select(c => c is >= 'ぁ' and <= 'ゖ' ? (char)(c + ('ァ' - 'ぁ')) : c));

    static string Shortened(string text)
    {
        foreach (var (written, brief) in s_forms)
            if (text.StartsWith(written, StringComparison.Ordinal) && text.Length > written.Length)
                return $"{brief}){text[written.Length..].TrimStart()}";
            else if (text.EndsWith(written, StringComparison.Ordinal) && text.Length > written.Length)
                return $"{text[..^written.Length].TrimEnd()}({brief}";
        return text;
    }
}
