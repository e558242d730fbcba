using System.Text.Json.Serialization;
using Ensen.Centres;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Staff;

namespace Ensen.Sandbox.Town;

/// <summary>Why somebody of the town is worth looking at.</summary>
public enum TownRole
{
    /// <summary>One of many.</summary>
    Neighbour = 0,

    /// <summary>Aoi: has a balance and points, and is near no cap. Begin here.</summary>
    Suggested = 1,

    /// <summary>Keeps points; they lapse in two different years.</summary>
    Saver = 2,

    /// <summary>Had a whole and a partial refund.</summary>
    Refunded = 3,

    /// <summary>Uses the pages in English, and a card.</summary>
    English = 4,

    /// <summary>Has nearly used up the month's cap (the day's, in the first days of a month).</summary>
    NearCap = 5,

    /// <summary>Identity not verified: prepaid only, low caps.</summary>
    Unverified = 6,

    /// <summary>Gets money from a member of the family.</summary>
    Family = 7,

    /// <summary>Registered hours ago: an empty wallet, and a mail that waits to be confirmed.</summary>
    Newcomer = 8,

    /// <summary>Pictures wait to be judged by two persons.</summary>
    Waiting = 20,

    /// <summary>The pictures were not enough.</summary>
    Rejected = 21,

    /// <summary>Verified, and not of age: lower caps.</summary>
    Minor = 22,

    /// <summary>Froze the own wallet.</summary>
    FrozenBySelf = 23,

    /// <summary>Was frozen by an operator.</summary>
    FrozenByOperator = 24,

    /// <summary>Lowered the own caps, and waits for a raise.</summary>
    OwnCaps = 25,

    /// <summary>Signed in on a new device: low caps for a day.</summary>
    NewDevice = 26,

    /// <summary>Has a new telephone: low caps for three days.</summary>
    NewTelephone = 27,

    /// <summary>Asked for another mail address, and has not opened the link.</summary>
    ChangingMail = 28,

    /// <summary>Signs in by passkey; nobody knows the password.</summary>
    PasskeyOnly = 29,

    /// <summary>Is asked for the code of an authenticator app at sign-in.</summary>
    Authenticator = 30,
}

/// <summary>Under which heading the people of the town stand in the sandbox.</summary>
public enum TownGroup
{
    /// <summary>What they have done with money and points.</summary>
    Wallet = 1,
    Identity = 2,

    /// <summary>Frozen, or capped.</summary>
    Safety = 3,
    SigningIn = 4,
}

/// <summary>A member of the town who can be signed in with one click.</summary>
public sealed record TownMember(MemberId Id, string Name, string Email, string Language, TownRole Role);

/// <summary>Somebody of the town who works for the programme, and can be signed in with one click.</summary>
public sealed record TownOperator(OperatorId Id, string Name, IReadOnlyList<string> Roles);

/// <summary>Somebody of the town who works for a merchant, and can be signed in with one click.</summary>
/// <param name="At">The store where they work; for an owner the merchant.</param>
public sealed record TownShopAccount(ShopAccountId Id, MerchantId Merchant, string Name, ShopRole Role, string At);

/// <summary>A shop of the town, with its first till and its tags.</summary>
public sealed record TownShop(
    StoreId Store, MerchantId Merchant, TillId Till, string Number, string Name, string MerchantCategory, string Station, TagId PlainTag,
    TagId? CryptographicTag, string? Uid);

/// <summary>The town's shopping centre and its point till; its PIN is that of the shops' tills.</summary>
public sealed record TownMall(CentreId Centre, PointTillId Till, string Name, string Number);

/// <summary>A point card that nobody has registered yet.</summary>
public sealed record TownPointCard(string Issuer, string Number, string Pin);

/// <summary>Who lives in the demo town, for the start page and the sandbox. The password and the PINs are the same for all.</summary>
public sealed record TownPeople(IReadOnlyList<TownMember> Members, IReadOnlyList<TownShop> Shops)
{
    /// <summary>Who works for the programme; nobody in a town that an earlier program made.</summary>
    public IReadOnlyList<TownOperator> Operators { get; init; } = [];

    /// <summary>Who works for a merchant; nobody in a town that an earlier program made.</summary>
    public IReadOnlyList<TownShopAccount> ShopStaff { get; init; } = [];

    /// <summary>The numbers of those who have left: nothing else of them is there.</summary>
    public IReadOnlyList<MemberId> Former { get; init; } = [];

    /// <summary>Where points are given and taken; none in a town that an earlier program made.</summary>
    public TownMall? Mall { get; init; }

    /// <summary>A card to register; none in a town that an earlier program made.</summary>
    public TownPointCard? CardToTry { get; init; }

    /// <summary>Where everybody of the town gets mail, and nobody else.</summary>
    public const string MailDomain = "@ensen.example";

    /// <summary>Obeys both policies of passwords.</summary>
    public const string Password = "Kanjosen-19-eki";

    /// <summary>Signs a till in, together with the store's number.</summary>
    public const string TillPin = "246802";

    public const string RefundPin = "2468";

    /// <summary>Whom to be first: Aoi.</summary>
    [JsonIgnore]
    public TownMember Suggested => Members.First(m => m.Role == TownRole.Suggested);

    /// <summary>Members with something to show, the suggested one first.</summary>
    [JsonIgnore]
    public IEnumerable<TownMember> Featured =>
        Members.Where(m => m.Role is > TownRole.Neighbour and <= TownRole.Newcomer).OrderBy(m => m.Role);

    /// <summary>Everybody with something special, by what it concerns.</summary>
    [JsonIgnore]
    public IEnumerable<IGrouping<TownGroup, TownMember>> Special =>
        Members.Where(m => m.Role != TownRole.Neighbour).OrderBy(m => m.Role).GroupBy(m => GroupOf(m.Role)).OrderBy(g => g.Key);

    static TownGroup GroupOf(TownRole role) => role switch
    {
        TownRole.Unverified or TownRole.Waiting or TownRole.Rejected or TownRole.Minor => TownGroup.Identity,
        TownRole.FrozenBySelf or TownRole.FrozenByOperator or TownRole.OwnCaps or TownRole.NewDevice or TownRole.NewTelephone
            => TownGroup.Safety,
        TownRole.Newcomer or TownRole.ChangingMail or TownRole.PasskeyOnly or TownRole.Authenticator => TownGroup.SigningIn,
        _ => TownGroup.Wallet,
    };

    /// <summary>Where to pay first: its till and its merchant.</summary>
    [JsonIgnore]
    public TownShop SuggestedShop => Shops.First(s => s.Name == ShopPlans.Suggested);
}

/// <summary>
/// The row that says how far the town is: written before anything else, and again at its end with its people. <paramref name="EndsMs"/> is
/// the instant up to which its history goes, so that a town left half-made is finished as it was begun.
/// </summary>
sealed record TownMark(int Edition, long EndsMs, TownPeople? People);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(TownMark))]
sealed partial class TownJson : JsonSerializerContext;
