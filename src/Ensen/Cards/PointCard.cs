using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Centres;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Cards;

/// <summary>How a member's card stands here.</summary>
public enum PointCardState : short
{
    InForce = 1,

    /// <summary>Its issuer was asked to close the old balance and has not said yet.</summary>
    Migrating = 2,
    Migrated = 3,

    /// <summary>The membership with its issuer has lapsed, or its new number was registered as a card.</summary>
    Gone = 4,

    /// <summary>Its number leaked, and two operators took it out of use.</summary>
    Revoked = 5,
}

/// <summary>A member's card; its number is read with <see cref="CardNumbers"/> and shown to its member only.</summary>
public sealed record PointCard(
    PointCardId Id, MemberId MemberId, string Issuer, byte[] NumberSecret, string LastFour, PointCardState State)
{
    /// <summary>The number as it is written everywhere but on the card's own barcode.</summary>
    public string Masked => "****" + LastFour;
}

/// <summary>
/// Numbers of point cards: kept as a hash under a key of the installation, by which one card is one account, and protected, for the barcode
/// and for asking the issuer (docs/decisions/0035).
/// </summary>
public sealed class CardNumbers(CardNumberKey key, ISecretProtection protection, IPointCardIssuers issuers, Database db) : IEarningNumbers
{
    public byte[] Hash(string issuer, string number) => key.Of(issuer, number);

    public byte[] Protect(string number) => protection.Protect(Encoding.ASCII.GetBytes(number), SecretUse.PointCard);

    /// <summary>Null where the installation's keys are not those of the card's row.</summary>
    public string? Read(PointCard card) =>
        protection.Unprotect(card.NumberSecret, SecretUse.PointCard) is { } bytes ? Encoding.ASCII.GetString(bytes) : null;

    /// <summary>The digits of a number of this issuer's; null when it cannot be one.</summary>
    public static string? Digits(PointCardIssuer issuer, string? typed) =>
        TypedDigits.Number(typed) is { } digits && digits.Length == issuer.NumberLength
        && digits.StartsWith(issuer.Beginning, StringComparison.Ordinal) && (!issuer.HasCheckDigit || Luhn.IsRight(digits))
            ? digits : null;

    /// <summary>A card earns for whoever registered it, before and after its own points were migrated.</summary>
    public async Task<MemberId?> Find(string typed, CancellationToken ct)
    {
        foreach (var issuer in issuers.All)
            if (Digits(issuer, typed) is { } number)
            {
                await using var connection = await db.Connect(ct);
                return await connection.QuerySingleOrDefaultAsync<MemberId?>(
                    "select member_id from point_card where number_hash = @hash", new { hash = Hash(issuer.Code, number) });
            }
        return null;
    }

    internal static Task<PointCard?> Find(DbConnection connection, MemberId member, PointCardId id) =>
        connection.QuerySingleOrDefaultAsync<PointCard?>(
            """
            select id, member_id, issuer, number_secret, last_four, state
            from point_card
            where id = @id and member_id = @member and number_hash is not null
            """, new { id, member });
}

/// <summary>
/// Tells whether two cards are one: a hash under a key of the installation, for their numbers are few enough to be tried.
/// </summary>
public sealed class CardNumberKey
{
    internal const string Name = "point-card-key";
    internal const int KeyBytes = 32;

    readonly byte[] _key;

    internal CardNumberKey(byte[] key) => _key = key;

    public byte[] Of(string issuer, string number) => HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes($"{issuer} {number}"));
}
