using System.Collections.Frozen;
using System.Text;

namespace Ensen.Access;

/// <summary>
/// Words that are guessed first, also when dressed up to please a rule: "P@ssw0rd1!" is "password" with letters swapped and
/// something added at its end, and so are its relatives.
/// </summary>
static class CommonPasswords
{
    static readonly FrozenSet<string> s_words = Fold(
        """
        password passwords passphrase passcode passwort motdepasse contrasena secret topsecret letmein letmeinnow welcome welcomeback
        hello helloworld login signin admin administrator root user guest test testtest tester testing demo sample example default changeme changeit
        changemenow qwerty qwertyui qwertyuiop qwertz azerty asdf asdfgh asdfghjk asdfghjkl zxcv zxcvbn zxcvbnm qazwsx qazwsxedc qweasd qweasdzxc
        qaz wsx abc abcd abcde abcdef abcdefg abcdefgh aaaa aaaaaa aaaaaaaa iloveyou ilovejapan loveyou lovely sunshine princess dragon monkey
        football baseball soccer basketball tennis superman batman spiderman pokemon pikachu doraemon totoro gundam naruto starwars master
        shadow michael jordan jennifer jessica ashley charlie daniel andrew thomas robert joshua matthew trustno freedom whatever ninja samurai
        mustang ferrari mercedes computer internet server windows microsoft google apple amazon facebook instagram twitter android iphone samsung
        summer winter spring autumn january february march april june july august september october november december monday friday
        japan nippon nihon tokyo osaka kyoto kobe nara nagoya umeda namba sakura fujisan hanako taro yamada suzuki tanaka sato takahashi
        watanabe arigato konnichiwa ohayou oishii daisuki aishiteru himitsu pasuwado ensen wallet railway station members point points kippu densha
        cheese flower purple orange banana cookie pepper ginger killer hunter ranger access money lucky happy angel family forever
        """);

    static readonly FrozenSet<string> s_digits = new[]
    {
        "12345678", "123456789", "1234567890", "0123456789", "87654321", "987654321", "9876543210", "11111111", "00000000", "12341234",
        "11223344", "12121212", "123123123", "147258369", "1q2w3e4r", "1q2w3e4r5t", "1qaz2wsx", "q1w2e3r4", "zaq12wsx", "a1b2c3d4",
    }.ToFrozenSet(StringComparer.Ordinal);

    internal static bool Contain(string password)
    {
        var plain = password.Trim().ToLowerInvariant();
        var letters = Unswap(plain.TrimEnd(IsDecoration).TrimStart(IsDecoration));
        return s_words.Contains(letters)
            || s_words.Contains(Unswap(plain).TrimEnd(IsDecoration).TrimStart(IsDecoration))
            || s_digits.Contains(plain.TrimEnd(IsSymbol).TrimStart(IsSymbol))
            || IsRepeated(letters)
            || IsCounting(plain)
            || plain.Distinct().Count() <= 2;
    }

    // "Aa123456!": counting, and as few letters as the rule lets pass.
    static bool IsCounting(string text)
    {
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        return digits.Length >= 4 && text.Count(char.IsLetter) <= 3
            && ("01234567890".Contains(digits, StringComparison.Ordinal) || "09876543210".Contains(digits, StringComparison.Ordinal));
    }

    // "passwordpassword" and "abc abc abc" say no more than their word once.
    static bool IsRepeated(string text)
    {
        for (var n = 3; n <= text.Length / 2; n++)
            if (text.Length % n == 0 && s_words.Contains(text[..n]) && text.Chunk(n).All(part => text.AsSpan(0, n).SequenceEqual(part)))
                return true;
        return false;
    }

    static string Unswap(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
            result.Append(c switch
            {
                '@' or '4' => 'a',
                '0' => 'o',
                '1' or '!' or '|' => 'i',
                '3' => 'e',
                '$' or '5' => 's',
                '7' or '+' => 't',
                _ => c,
            });
        return result.ToString();
    }

    static FrozenSet<string> Fold(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Unswap).ToFrozenSet(StringComparer.Ordinal);

    static bool IsDecoration(char c) => !char.IsLetter(c);

    static bool IsSymbol(char c) => !char.IsLetterOrDigit(c);

    static string TrimEnd(this string text, Func<char, bool> which)
    {
        var end = text.Length;
        while (end > 0 && which(text[end - 1]))
            end--;
        return text[..end];
    }

    static string TrimStart(this string text, Func<char, bool> which)
    {
        var start = 0;
        while (start < text.Length && which(text[start]))
            start++;
        return text[start..];
    }
}
