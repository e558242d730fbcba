using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ensen.Formats;

/// <summary>What a store shows of itself on its code: our id of it, its names, and where it is.</summary>
/// <param name="StoreId">Our id as outsiders know it (<c>str_…</c>): letters, digits, <c>_ . -</c>; at most 40.</param>
/// <param name="Name">The name in Japanese; what is over 25 characters is cut off.</param>
/// <param name="LatinName">The name in Latin letters; other letters are left out, and what is over 25 is cut off.</param>
/// <param name="LatinCity">The city in Latin letters, at most 15.</param>
/// <param name="PostalCode">Seven digits; a hyphen may stand between.</param>
/// <param name="Category">Merchant category code (ISO 18245), four digits.</param>
/// <param name="Levels">What Payments Japan calls the store; null makes up a sandbox's.</param>
public sealed record StoreSign(
    string StoreId, string Name, string LatinName, string LatinCity, string PostalCode, string Category, JpqrLevels? Levels = null);

/// <summary>What a store asks for with a dynamic code: an amount, for an order, until an instant (whole seconds).</summary>
/// <param name="OrderId">Letters, digits, <c>_ . -</c>; at most 36.</param>
public sealed record Bill(long AmountYen, string OrderId, DateTimeOffset ExpiresAt);

/// <summary>The code of one of our stores: printed once (static), or made for one payment and signed (dynamic).</summary>
/// <remarks>
/// In the shape of JPQR, with two templates of our own. ID 27, a merchant account (26 to 51 are for these): 00 our network, 01 the
/// store. ID 80, an unreserved template (80 to 99), in dynamic codes only: 00 our network, 01 the order, 02 the expiry in Unix seconds,
/// 03 the first 12 bytes of an HMAC-SHA256 over store, amount, order and expiry. Anyone can recompute a checksum; nobody without the
/// key can change what the customer is asked to pay (attack 21). The names on a code are not signed: show those of the register.
/// </remarks>
public sealed record MerchantQr(string StoreId, Bill? Bill, Jpqr Shape)
{
    /// <summary>Our unique identifier on codes, a reversed domain name as the standard asks; under .example nobody can own it.</summary>
    public const string Network = "example.ensen";

    private const int AccountTag = 27;
    private const int BillTag = 80;
    private const int MacBytes = 12;
    private const int ShortestKey = 16;

    /// <summary>What is left in a template of 99 characters: the length of a UUID.</summary>
    private const int LongestOrder = 36;
    private const long LargestAmount = 9_999_999_999_999;

    /// <summary>The text of the code that a store prints: the customer types the amount.</summary>
    public static string Static(StoreSign store) => EmvFields.Write(Fields(store, "11", null, null));

    /// <summary>The text of a code for one payment, signed with the key of the operator.</summary>
    public static string Dynamic(StoreSign store, Bill bill, ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bill.AmountYen, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bill.AmountYen, LargestAmount);
        var expiry = bill.ExpiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var amount = bill.AmountYen.ToString(CultureInfo.InvariantCulture);
        var order = Token(bill.OrderId, LongestOrder);
        var mac = Convert.ToHexStringLower(Mac(key, store.StoreId, amount, order, expiry));
        return EmvFields.Write(
            Fields(store, "12", amount, EmvFields.WriteTemplate([new(0, Network), new(1, order), new(2, expiry), new(3, mac)])));
    }

    /// <summary>
    /// Reads what a camera saw: a code of one of our stores, or the precise reason why it is none. Never throws on what it reads.
    /// </summary>
    public static bool TryRead(
        string? text, ReadOnlySpan<byte> key, DateTimeOffset now, [NotNullWhen(true)] out MerchantQr? code, out StoreCodeFault fault)
    {
        code = null;
        if (!EmvFields.TryRead(text, out var fields, out fault) || !Jpqr.TryRead(fields, out var shape, out fault))
            return false;

        if (fields.Template(AccountTag) is not { } account || account[0] != Network || !IsToken(account[1], 40))
            fault = StoreCodeFault.NotOurs;
        else if (!shape.IsDynamic)
            fault = ReadStatic(fields, new MerchantQr(account[1]!, null, shape), out code);
        else
            fault = ReadDynamic(fields, new MerchantQr(account[1]!, null, shape), key, now, out code);

        return code is not null;
    }

    /// <summary>A printed code has no amount: one that has was never printed by us.</summary>
    private static StoreCodeFault ReadStatic(EmvFields fields, MerchantQr read, out MerchantQr? code)
    {
        var plain = fields[54] is null && fields[BillTag] is null;
        code = plain ? read : null;
        return plain ? StoreCodeFault.None : StoreCodeFault.Altered;
    }

    private static StoreCodeFault ReadDynamic(EmvFields fields, MerchantQr read, ReadOnlySpan<byte> key, DateTimeOffset now,
        out MerchantQr? code)
    {
        code = null;
        if (fields.Template(BillTag) is not { } bill || bill[0] != Network || fields[54] is not { } amount) return StoreCodeFault.Altered;
        if (!IsOrder(bill[1]) || bill[2] is not { Length: 10 } expiry || !expiry.All(char.IsAsciiDigit)) return StoreCodeFault.Altered;
        if (!IsMac(bill[3], Mac(key, read.StoreId, amount, bill[1]!, expiry))) return StoreCodeFault.Altered;

        var until = DateTimeOffset.FromUnixTimeSeconds(long.Parse(expiry, NumberStyles.None, CultureInfo.InvariantCulture));
        if (until <= now) return StoreCodeFault.Lapsed;

        code = read with { Bill = new Bill(read.Shape.AmountYen!.Value, bill[1]!, until) };
        return StoreCodeFault.None;
    }

    private static IEnumerable<EmvField> Fields(StoreSign store, string initiation, string? amount, string? bill)
    {
        var id = Token(store.StoreId, 40);
        var levels = store.Levels ?? JpqrLevels.Sandbox(id);
        var postal = store.PostalCode.Replace("-", "", StringComparison.Ordinal);
        if (postal.Length != 7 || store.Category.Length != 4 || !(postal + store.Category).All(char.IsAsciiDigit))
            throw new ArgumentException(
                $"A store needs a postal code of 7 digits and a category of 4, not '{store.PostalCode}' and '{store.Category}'.",
                nameof(store));

        return
        [
            new(1, initiation),
            new(Jpqr.AccountTag, EmvFields.WriteTemplate(
                [new(0, Jpqr.Network), new(1, levels.First), new(2, levels.Second), new(3, levels.Third), new(4, levels.Fourth)])),
            new(AccountTag, EmvFields.WriteTemplate([new(0, Network), new(1, id)])),
            new(52, store.Category),
            new(53, "392"),
            new(54, amount ?? ""),
            new(58, "JP"),
            new(59, Latin(store.LatinName, 25, "STORE")),
            new(60, Latin(store.LatinCity, 15, "JAPAN")),
            new(61, postal),
            new(64, EmvFields.WriteTemplate([new(0, "JA"), new(1, Printable(store.Name, 25, "店舗"))])),
            new(BillTag, bill ?? ""),
        ];
    }

    /// <summary>The parts cannot run into each other: none of them can hold the bar that stands between them.</summary>
    private static byte[] Mac(ReadOnlySpan<byte> key, string store, string amount, string order, string expiry)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, ShortestKey);
        return HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"ensen-qr-1|{store}|{amount}|{order}|{expiry}"))[..MacBytes];
    }

    private static bool IsMac(string? hex, ReadOnlySpan<byte> mac)
    {
        Span<byte> given = stackalloc byte[MacBytes];
        return hex?.Length == 2 * MacBytes
            && Convert.FromHexString(hex, given, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(given, mac);
    }

    /// <summary>Whether an order's number can stand in a code: 1 to 36 letters, digits, '_', '.' or '-'.</summary>
    public static bool IsOrder([NotNullWhen(true)] string? order) => IsToken(order, LongestOrder);

    private static bool IsToken([NotNullWhen(true)] string? id, int longest) =>
        id is not (null or "") && id.Length <= longest && id.All(
            letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-');

    private static string Token(string id, int longest) =>
        IsToken(id, longest) ? id : throw new ArgumentException(
            $"An id on a code is 1 to {longest} letters, digits, '_', '.' or '-', not '{id}'.", nameof(id));

    private static string Latin(string text, int longest, string otherwise) =>
        Printable(string.Concat(Printable(text, int.MaxValue, "").Normalize(NormalizationForm.FormKD)
            .Where(letter => letter is >= ' ' and <= '~')), longest, otherwise);

    private static string Printable(string text, int longest, string otherwise)
    {
        var kept = string.Concat(text.EnumerateRunes().Where(rune => !Rune.IsControl(rune)).Take(longest)).Trim();
        return kept.Length == 0 ? otherwise : kept;
    }
}
