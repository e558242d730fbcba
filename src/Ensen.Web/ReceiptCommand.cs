using System.Globalization;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Wallet;

namespace Ensen.Web;

/// <summary><c>check-receipt FILE --root HEX</c>: says what a receipt proves. It needs no database, no network, and nothing of the server.</summary>
static class ReceiptCommand
{
    const long MostBytes = 50_000_000;
    const string Name = "check-receipt";
    const string Option = "--root";
    const string Usage = "check-receipt FILE --root HEX [--root HEX …]: HEX is the root of the receipt's day as it was published, or (before the day is closed) the hash of its seal.";

    /// <summary>Returns the exit code, or null when the arguments ask for something else.</summary>
    public static int? Run(string[] args)
    {
        if (Commands.WordsOf(args) is not [Name, ..])
            return null;
        if (Read(args) is not ({ } file, var roots))
            return Say(2, Usage);
        if (roots.FirstOrDefault(r => r.Length != 2 * MerkleTree.HashLength || !r.All(char.IsAsciiHexDigit)) is { } wrong)
            return Say(2, $"'{wrong}' is no root: it has 64 hexadecimal digits.");
        var path = Settings.Located(file);
        byte[] bytes;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes })
                return Say(1, $"{path} is too large for a receipt.");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Say(1, $"{path} cannot be read: {e.Message}");
        }
        var (proven, because) = ReceiptCheck.Of(bytes, roots);
        if (proven is null)
            return Say(1, $"NOT PROVEN  {because}");
        Print(proven);
        return 0;
    }

    /// <summary>One file and at least one root, in any order; null for anything else.</summary>
    static (string File, IReadOnlyList<string> Roots)? Read(string[] args) =>
        Commands.WordsOf(args) is [_, var file]
        && args.All(a => !a.StartsWith('-') || a.Split('=')[0] == Option)
        && ValuesOf(args, Option).Select(root => root.Split('=')[^1].Trim()).ToList() is { Count: > 0 } roots
            ? (file, roots)
            : null;

    /// <summary>What stands after an option, or behind its equals sign; options may be repeated.</summary>
    public static IEnumerable<string> ValuesOf(string[] args, string option)
    {
        for (var i = 0; i < args.Length; i++)
            if (args[i] == option)
                yield return i + 1 < args.Length ? args[i + 1] : "";
            else if (args[i].StartsWith(option + "=", StringComparison.Ordinal))
                yield return args[i][(option.Length + 1)..];
    }

    static void Print(CheckedReceipt proven)
    {
        var (receipt, seal) = (proven.Receipt, proven.Receipt.Proof.Seal);
        Console.WriteLine(proven.ByDay
            ? $"PROVEN  under the root of {receipt.Proof.Day!.Date}, {proven.Root}"
            : $"PROVEN  under seal {proven.Root}; the day's root is not part of it");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {receipt.Kind} {receipt.ReceiptNumber} at {BusinessDay.InTokyo(receipt.At):yyyy-MM-dd HH:mm:ss} in Japan, {receipt.EntryId}"));
        if (receipt.StoreId is not null)
            Console.WriteLine($"  store {receipt.StoreId} (the file calls it {Shown(receipt.StoreName)}; names are not sealed)");
        foreach (var leg in receipt.Legs)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {leg.Book,-10}{leg.Amount,12:+#,0;-#,0} {leg.Unit}{(leg.ExpiresOn is null ? "" : $", lapsing after {leg.ExpiresOn}")}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {(seal.Entries == 1 ? "the only entry" : $"one of {Counted.Entries(seal.Entries)}")} in seal {seal.Number} of lane {seal.Lane}"));
    }

    /// <summary>What nothing vouches for goes to the screen without anything that could steer it.</summary>
    static string Shown(string? name) => new([.. (name ?? "nothing").Where(c => !char.IsControl(c))]);

    static int Say(int code, string words)
    {
        Console.Error.WriteLine(words);
        return code;
    }
}
