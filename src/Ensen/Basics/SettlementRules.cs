using System.Text.Json.Serialization;

namespace Ensen.Basics;

/// <summary>
/// What merchants pay and how they are paid: the fee of what they took, the tax on it, the bank's cut-off, who asks the bank, and under
/// which number the programme issues invoices.
/// </summary>
public sealed record SettlementRules
{
    /// <summary>1.9 %.</summary>
    public long FeeBasisPoints { get; init; } = 190;
    public long FeeTaxPercent { get; init; } = 10;

    /// <summary>The bank takes pay-outs of a business day before this hour.</summary>
    public int CutOffHour { get; init; } = 14;

    /// <summary>Most transfers in one file; it is one entry in the books.</summary>
    public int MostLines { get; init; } = 1_000;

    public string SenderCode { get; init; } = "0000000000";

    /// <summary>In letters that banks write.</summary>
    public string SenderName { get; init; } = "ｴﾝｾﾝ";
    public string SenderBank { get; init; } = "0000";
    public string SenderBranch { get; init; } = "000";
    public string SenderAccount { get; init; } = "0000000";
    public string InvoiceNumber { get; init; } = "T0000000000000";

    [JsonIgnore]
    public Rate Fee => new(FeeBasisPoints, 10_000);

    [JsonIgnore]
    public Rate FeeTax => new(FeeTaxPercent, 100);

    internal static bool IsInvoiceNumber(string text) => text.Length == 14 && text[0] == 'T' && text.Skip(1).All(char.IsAsciiDigit);

    // Basics names no format, so the table of half-width letters stands here once more as its range; small ones, ヲ and the long vowel
    // mark are in no file of a bank.
    internal static bool IsSenderName(string text) => text.Length is >= 1 and <= 40
        && text.All(c => c is >= 'ｱ' and <= 'ﾟ' or >= 'A' and <= 'Z' or ' ' or '(' or ')' or '-' or '.' or '/' || char.IsAsciiDigit(c));
}
