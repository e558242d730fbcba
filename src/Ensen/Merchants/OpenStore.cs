using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Merchants;

/// <summary>
/// A store to be opened, with its first tag and till. <paramref name="Merchant"/>: the merchant it belongs to; null makes a new one of
/// that name. Without a PIN its till is signed in by token only; without a refund PIN nobody can refund at the till's screen. Where many
/// stores are opened at once (the demo town), their PINs may come as hashes made before; a hash is kept as it is given.
/// </summary>
public sealed record OpenStoreRequest(
    string MerchantName, string StoreName, string Area = "", string Station = "", string Category = MerchantCategory.Other,
    string Address = "",
    string PostalCode = "5300001", string? LatinName = null, string LatinCity = "OSAKA", string? TillPin = null, string? RefundPin = null,
    MerchantId? Merchant = null, string? TillPinHash = null, string? RefundPinHash = null);

/// <summary>The opened store. The tag is a plain one.</summary>
public sealed record OpenedStore(Store Store, TagId TagId, TillId TillId);

/// <summary>Why a store cannot be opened, in the order it is checked.</summary>
public enum OpenStoreRefusal
{
    None = 0,
    InvalidName = 1,
    InvalidCategory = 2,
    InvalidAddress = 3,
    InvalidPostalCode = 4,
    WeakPin = 5,

    /// <summary>No such merchant.</summary>
    NotFound = 6,
}

/// <summary>Opens a store: merchant, store, number, tag, till and PINs in one transaction.</summary>
public sealed class OpenStore(Database db, TimeProvider clock)
{
    const int MostText = 120;

    /// <summary>So many drawn numbers that are taken already: a hundred stores in a row do not happen while there is room.</summary>
    const int MostNumbers = 100;

    public async Task<Answer<OpenedStore, OpenStoreRefusal>> Run(OpenStoreRequest request, CancellationToken ct = default)
    {
        if (Check(request) is var refusal and not OpenStoreRefusal.None)
            return refusal;
        var now = clock.GetUtcNow();
        (PinPurpose, string?)[] pins =
        [
            (PinPurpose.TillSignIn, request.TillPinHash ?? Hash(request.TillPin)),
            (PinPurpose.Refund, request.RefundPinHash ?? Hash(request.RefundPin)),
        ];
        var merchant = request.Merchant ?? Id.New<MerchantId>(now);
        var opened = await db.Transact<OpenedStore?>(async tx =>
        {
            if (request.Merchant is null)
                await WriteMerchant(tx, merchant, request.MerchantName, now);
            else if (!await HasMerchant(tx, merchant))
                return null;
            return await Write(tx, request with { Merchant = merchant }, now, pins);
        }, ct);
        return opened is null ? OpenStoreRefusal.NotFound : opened;
    }

    /// <summary>Writes the store of a merchant that is there, with its number, first tag and first till.</summary>
    internal static async Task<OpenedStore> Write(
        DbTransaction tx, OpenStoreRequest request, DateTimeOffset now, params IReadOnlyList<(PinPurpose Purpose, string? Hash)> pins)
    {
        var id = Id.New<StoreId>(now);
        var number = await TakeNumber(tx, id);
        var store = new Store
        {
            Id = id,
            Merchant = request.Merchant!.Value,
            Number = number,
            Name = request.StoreName.Trim(),
            LatinName = Latin(request.LatinName ?? request.StoreName, 25, $"STORE {number}"),
            LatinCity = Latin(request.LatinCity, 15, "OSAKA"),
            Area = request.Area.Trim(),
            Station = request.Station.Trim(),
            Category = request.Category,
            Address = request.Address.Trim(),
            PostalCode = PostalDigits(request.PostalCode),
            State = StoreState.Open,
        };
        await Write(tx, store, now);
        foreach (var (purpose, hash) in pins)
            if (hash is not null)
                await Pins.Write(tx, id, purpose, hash, now);
        return new OpenedStore(store, await Tags.Write(tx, id, null, 0, now), await Tills.Write(tx, id, "1", now));
    }

    /// <summary>Writes a merchant that has no store yet.</summary>
    internal static Task WriteMerchant(DbTransaction tx, MerchantId merchant, string name, DateTimeOffset now) =>
        tx.Connection!.ExecuteAsync(
            "insert into merchant (id, name, created_ms) values (@merchant, @name, @at)",
            new { merchant, name = name.Trim(), at = now.ToUnixTimeMilliseconds() }, tx);

    /// <summary>The first fault in what is asked for.</summary>
    public static OpenStoreRefusal Check(OpenStoreRequest request)
    {
        if (!OneLineName.TryParse(request.StoreName, out _) || request.Merchant is null
            && !OneLineName.TryParse(request.MerchantName, out _))
            return OpenStoreRefusal.InvalidName;
        if (!MerchantCategory.IsKnown(request.Category))
            return OpenStoreRefusal.InvalidCategory;
        if (!IsLine(request.Area) || !IsLine(request.Station) || !IsLine(request.Address))
            return OpenStoreRefusal.InvalidAddress;
        if (PostalDigits(request.PostalCode) is not { Length: 7 } digits || !digits.All(char.IsAsciiDigit))
            return OpenStoreRefusal.InvalidPostalCode;
        if (request.TillPin is { } till && !Pins.IsStrong(PinPurpose.TillSignIn, till) || request.RefundPin is { } refund
            && !Pins.IsStrong(PinPurpose.Refund, refund))
            return OpenStoreRefusal.WeakPin;
        return OpenStoreRefusal.None;
    }

    static string? Hash(string? pin) => pin is null ? null : PasswordHash.Make(pin);

    static bool IsLine(string text) =>
        text.Length <= MostText && (text.Trim().Length == 0 || OneLineName.TryParse(text, OneLineName.Most * 2, out _));

    /// <summary>As it is printed on letters, in whatever width: 〒５３０－０００１.</summary>
    internal static string PostalDigits(string text) => string.Concat(text.EnumerateRunes()
        .Where(r => !InvisibleCharacters.Is(r) && !Rune.IsWhiteSpace(r) && Rune.GetUnicodeCategory(r) != UnicodeCategory.DashPunctuation
            && r.Value is not ('〒' or 'ー' or 'ｰ' or '\u2212'))
        .Select(r => Rune.IsDigit(r) ? ((int)Rune.GetNumericValue(r)).ToString(CultureInfo.InvariantCulture) : r.ToString()));

    // A name for people who read no Japanese: what of it is Latin already, or a word that says nothing wrong.
    static string Latin(string text, int most, string otherwise)
    {
        var kept = string.Concat(text.Where(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '&' or '\'' or '-' or '.')).Trim();
        var name = kept.Any(char.IsAsciiLetter) ? kept : otherwise;
        return (name.Length > most ? name[..most] : name).Trim();
    }

    static async Task<bool> HasMerchant(DbTransaction tx, MerchantId merchant) => await tx.Connection!.ExecuteScalarAsync<int?>(
        "select 1 from merchant where id = @merchant", new { merchant }, tx) is not null;

    // Eight digits at random: a number says nothing about when a store came or how many there are.
    static async Task<string> TakeNumber(DbTransaction tx, StoreId store)
    {
        for (var tries = 0; tries < MostNumbers; tries++)
        {
            var number = RandomNumberGenerator.GetInt32(10_000_000, 100_000_000).ToString(CultureInfo.InvariantCulture);
            if (await tx.Connection!.ExecuteAsync(
                """
                insert into store_number (number, store)
                values (@number, @store)
                on conflict (number) do nothing
                """,
                new { number, store }, tx) == 1)
                return number;
        }
        throw new InvalidOperationException("There are hardly any store numbers left.");
    }

    static Task Write(DbTransaction tx, Store store, DateTimeOffset now) =>
        tx.Connection!.ExecuteAsync(
            """
            insert into store (id, merchant, number, name, latin_name, latin_city, area, station, category, address, postal_code, state, created_ms)
            values (@Id, @Merchant, @Number, @Name, @LatinName, @LatinCity, @Area, @Station, @Category, @Address, @PostalCode, @State, @at)
            """,
            new
            {
                store.Id,
                store.Merchant,
                store.Number,
                store.Name,
                store.LatinName,
                store.LatinCity,
                store.Area,
                store.Station,
                store.Category,
                store.Address,
                store.PostalCode,
                store.State,
                at = now.ToUnixTimeMilliseconds(),
            }, tx);
}
