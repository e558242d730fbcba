using System.Text.Json.Serialization;
using System.Text.Json;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Points;

namespace Ensen.Wallet;

/// <summary>A leg as a receipt names it: the account type, the amount in its unit, and for points the day they lapse.</summary>
public sealed record ReceiptLeg(string AccountType, long Amount, string Unit, string? ExpiresOn)
{
    public static ReceiptLeg Of(Leg leg) => new(
        leg.AccountType.Word, leg.Amount, leg.AccountType.Unit == Ledger.Unit.Yen ? "yen" : "points",
        Lot.Of(leg)?.LastDay?.ToString());
}

/// <summary>What an entry changed at one of its parties, and the proof that it was sealed so.</summary>
/// <param name="StoreName">How the store is called now. Names are not in the ledger: it is the one thing here that the proof does not
/// cover.</param>
public sealed record Receipt(
    string EntryId, string Kind, DateTimeOffset At, string ReceiptNumber, string? StoreId, string? StoreName,
    IReadOnlyList<ReceiptLeg> Legs, Proof Proof)
{
    /// <summary>A file's name that people recognise.</summary>
    public string FileName() => FormattableString.Invariant($"ensen-receipt-{JapanDay.Of(At)}-{ReceiptNumber}.json");

    public byte[] ToFile() => [.. JsonSerializer.SerializeToUtf8Bytes(this, ReceiptJson.Pretty.Receipt), (byte)'\n'];

    /// <summary>
    /// Reads a file, strictly. Throws <see cref="JsonException"/> for anything that is not a whole receipt and nothing else.
    /// </summary>
    public static Receipt Read(ReadOnlySpan<byte> file) =>
        JsonSerializer.Deserialize(file, ReceiptJson.Default.Receipt) ?? throw new JsonException("The file holds nothing.");

    /// <summary>How an entry is called outside.</summary>
    public static string KnownAs(EntryKind kind, Guid id) => Id.Format(kind.Prefix, id);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.Strict,
    MaxDepth = 8)]
[JsonSerializable(typeof(Receipt))]
sealed partial class ReceiptJson : JsonSerializerContext
{
    static ReceiptJson? s_pretty;

    /// <summary>For people: indented, Japanese as itself.</summary>
    public static ReceiptJson Pretty => s_pretty ??= new ReceiptJson(new JsonSerializerOptions(Default.Options)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
