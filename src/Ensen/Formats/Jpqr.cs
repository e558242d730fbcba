using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ensen.Formats;

/// <summary>The four levels under which Payments Japan knows a store: 13, 4, 6 and 6 characters.</summary>
/// <remarks>Real ones are given out by Payments Japan only; a sandbox makes up its own with <see cref="Sandbox"/>.</remarks>
public sealed record JpqrLevels(string First, string Second, string Third, string Fourth)
{
    /// <summary>Levels that nobody was given: the first begins with 99999, then eight digits that follow from our own store id.</summary>
    public static JpqrLevels Sandbox(string storeId)
    {
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(storeId));
        var number = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash) % 100_000_000;
        return new JpqrLevels(string.Create(CultureInfo.InvariantCulture, $"99999{number:D8}"), "0001", "000001", "000001");
    }

    internal bool FitTheShape => Fits(First, 13) && Fits(Second, 4) && Fits(Third, 6) && Fits(Fourth, 6);

    private static bool Fits(string value, int length) => value.Length == length && value.All(char.IsAsciiLetterOrDigit);
}

/// <summary>A merchant-presented code in the shape that JPQR gives it, whoever's store it is.</summary>
public sealed record Jpqr
{
    /// <summary>The unique identifier of JPQR in its merchant account template.</summary>
    public const string Network = "jp.or.paymentsjapan";

    public const int AccountTag = 26;

    /// <summary>A code made for one payment, rather than printed once for all of them.</summary>
    public required bool IsDynamic { get; init; }

    public required JpqrLevels Levels { get; init; }

    /// <summary>Merchant category code, ISO 18245.</summary>
    public required string Category { get; init; }

    /// <summary>The amount in whole yen, where the code gives one.</summary>
    public long? AmountYen { get; init; }

    /// <summary>The name in Latin letters, at most 25 characters.</summary>
    public required string LatinName { get; init; }

    /// <summary>The city in Latin letters, at most 15 characters.</summary>
    public required string LatinCity { get; init; }

    /// <summary>Seven digits without a hyphen.</summary>
    public required string PostalCode { get; init; }

    /// <summary>The name as the store writes it, at most 25 characters.</summary>
    public required string Name { get; init; }

    public string? BillNumber { get; init; }

    public string? StoreLabel { get; init; }

    public string? ReferenceLabel { get; init; }

    public string? TerminalLabel { get; init; }

    /// <summary>Reads the fields of a code as JPQR; each line is one demand on the shape.</summary>
    public static bool TryRead(EmvFields fields, [NotNullWhen(true)] out Jpqr? code, out StoreCodeFault fault)
    {
        code = null;
        fault = Check(fields, out var amount, out var levels);
        if (fault != StoreCodeFault.None)
            return false;

        var more = fields.Template(62);
        code = new Jpqr
        {
            IsDynamic = fields[1] == "12",
            Levels = levels!,
            Category = fields[52]!,
            AmountYen = amount,
            LatinName = fields[59]!,
            LatinCity = fields[60]!,
            PostalCode = fields[61]!,
            Name = fields.Template(64)![1]!,
            BillNumber = more?[1],
            StoreLabel = more?[3],
            ReferenceLabel = more?[5],
            TerminalLabel = more?[7],
        };
        return true;
    }

    private static StoreCodeFault Check(EmvFields fields, out long? amount, out JpqrLevels? levels)
    {
        amount = null;
        levels = Account(fields.Template(AccountTag));
        if (fields[58] != "JP") return StoreCodeFault.NotJapanese;                                     // ID 58 country, ISO 3166-1
        if (fields[53] != "392") return StoreCodeFault.NotJapanese;                                    // ID 53 currency, ISO 4217: yen
        if (fields[1] is not ("11" or "12")) return StoreCodeFault.Incomplete;                         // ID 01 static or dynamic
        if (levels is not { FitTheShape: true }) return StoreCodeFault.Incomplete;                     // ID 26 account, the levels of JPQR
        if (!Digits(fields[52], 4)) return StoreCodeFault.Incomplete;                                  // ID 52 category, ISO 18245
        if (fields[59] is not { Length: <= 25 }) return StoreCodeFault.Incomplete;                     // ID 59 name
        if (fields[60] is not { Length: <= 15 }) return StoreCodeFault.Incomplete;                     // ID 60 city
        // ID 61 postal code, always present in JPQR
        if (!Digits(fields[61], 7)) return StoreCodeFault.Incomplete;
        // ID 64 other language: Japanese, with a name
        if (fields.Template(64) is not { } language) return StoreCodeFault.Incomplete;
        if (language[0] != "JA" || language[1] is null) return StoreCodeFault.Incomplete;
        // ID 54 amount; the yen has no decimals
        if (fields[54] is { } text && !TryAmount(text, out amount)) return StoreCodeFault.WrongAmount;
        return StoreCodeFault.None;
    }

    private static JpqrLevels? Account(EmvFields? account) =>
        account is not null && account[0] == Network
        && account[1] is { } first && account[2] is { } second && account[3] is { } third && account[4] is { } fourth
            ? new JpqrLevels(first, second, third, fourth)
            : null;

    private static bool Digits(string? value, int length) => value?.Length == length && value.All(char.IsAsciiDigit);

    /// <summary>One way only to write an amount: 1 to 13 digits, the first not zero, no sign, no point.</summary>
    private static bool TryAmount(string text, out long? amount)
    {
        var good = text.Length is >= 1 and <= 13 && text[0] != '0' && text.All(char.IsAsciiDigit);
        amount = good ? long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;
        return good;
    }
}
