using System.CommandLine;
using System.Globalization;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Wallet;

namespace Ensen.Web.Commands;

/// <summary>
/// <c>check-receipt FILE --root HEX</c>: says what a receipt proves. It needs no database, no network, and nothing of the server.
/// </summary>
static class CheckReceiptCommand
{
    const long MostBytes = 50_000_000;

    static readonly Argument<string> s_file = new("FILE") { Description = "the receipt" };

    static readonly Option<string[]> s_roots = new("--root")
    {
        HelpName = "HEX",
        Description =
            "the root of the receipt's day as it was published or, before the day is closed, the hash of its seal; may be repeated",
        Required = true,
        CustomParser = given =>
        {
            var roots = given.Tokens.Select(t => t.Value.Split('=')[^1].Trim()).ToArray();
            foreach (var wrong in roots.Where(r => r.Length != 2 * MerkleTree.HashLength || !r.All(char.IsAsciiHexDigit)))
                given.AddError($"'{wrong}' is no root: it has 64 hexadecimal digits.");
            return roots;
        },
    };

    public static Command Create()
    {
        var command = new Command(
            "check-receipt",
            "Says what a receipt proves; needs no database and no network. Ends with 0 when it is proven, 1 when not (and says why), "
            + "2 when it could not be asked. How it is checked: docs/receipts.md.") { s_file, s_roots };
        command.SetAction(asked => Check(Settings.Located(asked.GetRequiredValue(s_file)), asked.GetRequiredValue(s_roots)));
        return command;
    }

    static int Check(string path, string[] roots)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes })
                return CommandLine.Refuse(1, $"{path} is too large for a receipt.");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CommandLine.Refuse(1, $"{path} cannot be read: {e.Message}");
        }
        var (proven, because) = new ReceiptCheck(BuiltIn.Catalogue).Of(bytes, roots);
        if (proven is null)
            return CommandLine.Refuse(1, $"NOT PROVEN  {because}");
        Print(proven);
        return 0;
    }

    static void Print(CheckedReceipt proven)
    {
        var (receipt, seal) = (proven.Receipt, proven.Receipt.Proof.Seal);
        Console.WriteLine(proven.ByDay
            ? $"PROVEN  under the root of {receipt.Proof.Day!.Date}, {proven.Root}"
            : $"PROVEN  under seal {proven.Root}; the day's root is not part of it");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {receipt.Kind} {receipt.ReceiptNumber} at {JapanDay.InTokyo(receipt.At):yyyy-MM-dd HH:mm:ss} in Japan, {receipt.EntryId}"));
        if (receipt.StoreId is not null)
            Console.WriteLine($"  store {receipt.StoreId} (the file calls it {Shown(receipt.StoreName)}; names are not sealed)");
        foreach (var leg in receipt.Legs)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {leg.AccountType,-10}{leg.Amount,12:+#,0;-#,0} {leg.Unit}{(leg.ExpiresOn is null ? "" : $", lapsing after {leg.ExpiresOn}")}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {(seal.Entries == 1 ? "the only entry" : $"one of {Plural.Entries(seal.Entries)}")} in seal {seal.Number} of lane {seal.Lane}"));
    }

    /// <summary>What nothing vouches for goes to the screen without anything that could steer it.</summary>
    static string Shown(string? name) => new([.. (name ?? "nothing").Where(c => !char.IsControl(c))]);
}
