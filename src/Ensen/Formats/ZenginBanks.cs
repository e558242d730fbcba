using System.Collections.Frozen;

namespace Ensen.Formats;

/// <summary>
/// Names of banks and branches by their codes, for people who have to see whether a number is the one they meant. They are of the public
/// <c>zengin-code</c> data (<c>zengin-code.tsv</c>), which grows old: a code that it does not have is said, and not refused.
/// </summary>
public static class ZenginBanks
{
    const string File = "zengin-code.tsv";
    const int BankDigits = 4;

    static readonly Lazy<FrozenDictionary<string, string>> s_names = new(Read);

    /// <summary>As banks call themselves among banks, without the word for bank: 三菱UFJ. Null when nobody has that code.</summary>
    public static string? Bank(string code) => s_names.Value.GetValueOrDefault(code);

    public static string? Branch(string bank, string branch) => s_names.Value.GetValueOrDefault(bank + branch);

    internal static IEnumerable<string> Codes => s_names.Value.Keys;

    static FrozenDictionary<string, string> Read()
    {
        using var lines = new StreamReader(typeof(ZenginBanks).Assembly.GetManifestResourceStream(File)!);
        var (names, bank) = (new Dictionary<string, string>(), "");
        while (lines.ReadLine() is { } line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var isBank = tab == BankDigits;
            bank = isBank ? line[..tab] : bank;
            names.Add(isBank ? bank : bank + line[..tab], line[(tab + 1)..]);
        }
        return names.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
