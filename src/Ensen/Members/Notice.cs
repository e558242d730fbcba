using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>What a member is told, without its words: Notices finds those. The numbers are stored.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NoticeKind>))]
public enum NoticeKind
{
    ConfirmMail = 1,
    SignedIn = 2,

    /// <summary>Higher caps of the member's own were asked for; <see cref="Notice.At"/> is when they begin to hold.</summary>
    CapsRaised = 3,

    /// <summary>The member froze their wallet.</summary>
    Frozen = 4,

    /// <summary>The member thawed it.</summary>
    Thawed = 5,

    /// <summary>A passkey opens the account from now on, or opens it no more.</summary>
    PasskeyAdded = 6,
    PasskeyRemoved = 7,

    /// <summary>A passkey signed with a counter that had gone back: there is a copy of it. Nobody was let in.</summary>
    PasskeyCopied = 8,

    /// <summary>The member has another password; every other device is signed out.</summary>
    PasswordChanged = 9,

    /// <summary>An authenticator app was set up, in place of another or as the first.</summary>
    AuthenticatorSet = 11,

    /// <summary>It was removed.</summary>
    AuthenticatorRemoved = 12,

    /// <summary>Recovery codes were made; those before are worth nothing.</summary>
    RecoveryCodesMade = 13,

    /// <summary>One of them was used.</summary>
    RecoveryCodeUsed = 14,

    /// <summary>The link by which a forgotten password is replaced.</summary>
    ResetPassword = 15,

    /// <summary>A forgotten password was replaced; every device is signed out.</summary>
    PasswordReset = 16,

    /// <summary>Somebody wanted to register with the member's address. Nothing came of it.</summary>
    AddressRegistered = 31,

    /// <summary>To the confirmed address: somebody who had proven to be the member wants another; the link takes it back.</summary>
    MailChangeAsked = 32,

    /// <summary>To the new address: the link by which the change is made.</summary>
    ConfirmNewMail = 33,

    /// <summary>Another telephone took the place of the registered one.</summary>
    TelephoneChanged = 34,

    /// <summary>The key of a browser signed twice under one number: there is a copy of that browser. Its session was ended.</summary>
    DeviceCopied = 40,

    /// <summary>An operator signed out one of the member's devices, or took one of their passkeys away.</summary>
    DeviceThrownOut = 41,
    PasskeyThrownOut = 42,

    /// <summary>The member's identity was verified.</summary>
    IdentityVerified = 60,

    /// <summary>It was not.</summary>
    IdentityRejected = 61,

    /// <summary>A verification lapsed before anybody answered.</summary>
    IdentityLapsed = 62,

    /// <summary>It is to be verified again until <see cref="Notice.At"/>.</summary>
    IdentityRecheck = 63,

    /// <summary>That day has come: the limits are those of a member who is not verified.</summary>
    IdentityDue = 64,

    /// <summary>A bank account was linked; <see cref="Notice.Account"/> is what the member recognises it by.</summary>
    BankLinked = 65,
    BankUnlinked = 66,

    /// <summary>Somebody else tried to link a bank account that is the member's here.</summary>
    BankTried = 67,

    /// <summary>
    /// Two operators opened a way back for whoever has lost everything; its link is mailed at <see cref="Notice.At"/>, and the link of this
    /// mail stops it.
    /// </summary>
    RecoveryBegun = 50,

    /// <summary>The link of it, good until <see cref="Notice.At"/>.</summary>
    RecoveryLink = 51,

    /// <summary>It was used: there is another password, and nothing else that signs in.</summary>
    Recovered = 52,

    /// <summary>It was stopped or taken back, or nobody used it.</summary>
    RecoveryEnded = 53,

    /// <summary>Points lapse at the end of the day of <see cref="Notice.At"/>, so many as <see cref="Notice.Points"/> says.</summary>
    PointsLapse = 70,

    /// <summary>Somebody else tried to register a point card that is the member's here; <see cref="Notice.Account"/> is which.</summary>
    CardTried = 75,

    /// <summary>The number of a point card of the member's leaked and was taken out of use.</summary>
    CardRevoked = 76,

    /// <summary>Another member asks for money, or reminds of it.</summary>
    MoneyAsked = 77,

    /// <summary>Points were given, so many as <see cref="Notice.Points"/> says, until the day of <see cref="Notice.At"/>.</summary>
    PointsGiven = 71,

    /// <summary>To a shop that applies, which is no member: the link by which it shows its mailbox and goes on.</summary>
    ShopApplied = 90,

    /// <summary>It was asked something: <see cref="Notice.Reason"/>. The link leads to where it answers.</summary>
    ShopAsked = 91,

    /// <summary>It was refused, for <see cref="Notice.Reason"/>.</summary>
    ShopRefused = 92,

    /// <summary>It was accepted: the link leads to the contract.</summary>
    ShopApproved = 93,

    /// <summary>It has joined: the link is the owner's invitation.</summary>
    ShopJoined = 94,

    /// <summary>Money is on its way to a bank account, so much as <see cref="Notice.Yen"/> says.</summary>
    WithdrawalAsked = 110,

    /// <summary>The bank did not pay it, or it came back: it is in the wallet again.</summary>
    WithdrawalReturned = 111,

    /// <summary>The wallet was charged by itself from the bank account, so much as <see cref="Notice.Yen"/> says.</summary>
    AutoCharged = 112,

    /// <summary>It is charged by itself no more: the bank refused, or there is nothing to take from.</summary>
    AutoChargeStopped = 113,

    /// <summary>The member turned it on, or wants other amounts of it: <see cref="Notice.Terms"/>.</summary>
    AutoChargeSet = 130,
    AutoChargeChanged = 131,

    /// <summary>The member turned it off.</summary>
    AutoChargeOff = 132,

    /// <summary>The bank has paid a withdrawal, so much as <see cref="Notice.Yen"/> says.</summary>
    WithdrawalPaid = 133,

    /// <summary>The member has left the programme: the last that they are told.</summary>
    Left = 80,
}

/// <summary>
/// Something a member is to be told by mail, as it waits in the outbox. <paramref name="Token"/> is the secret of the mail's link: one
/// use, hours of life; the row that carries it is as secret as the mailbox it goes to. <paramref name="Passkey"/>: what its owner calls it.
/// <paramref name="Account"/>: a bank account's bank, or a card's issuer, and last digits. <paramref name="Points"/>: how many.
/// <paramref name="Reason"/>: what a shop that applies was asked, or why it was refused.
/// </summary>
public sealed record Notice(NoticeKind What, MemberId Member, string To, string Name, string Language, string? Token = null,
    string? Device = null, DateTimeOffset? At = null, string? Passkey = null, string? Account = null,
    long? Points = null, string? Reason = null)
{
    /// <summary>How much money, yen.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Yen { get; init; }

    /// <summary>What automatic charging is on with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NoticedTerms? Terms { get; init; }

    public const string Kind = "telling";

    /// <summary>What was told so much earlier is waited for no more.</summary>
    static readonly TimeSpan s_waitsBehind = TimeSpan.FromHours(2);

    /// <summary>What this member is told; null where they have no address of their own to be told at.</summary>
    public static Notice? Of(NoticeKind what, Member member, string? device = null, DateTimeOffset? at = null) =>
        member is { MailConfirmed: true, Email: { } to }
            ? new Notice(what, member.Id, to, member.Name, member.Language, Device: device, At: at) : null;

    /// <summary>
    /// Writes it into the transaction that is its reason, and that it was told. Where no mail is set up nothing waits to be sent.
    /// </summary>
    public async Task Add(Outbox outbox, DbTransaction tx, Guid id)
    {
        if (!outbox.Takes(Kind))
            return;
        await outbox.Add(tx, id, Kind, JsonSerializer.Serialize(this, NoticeJson.Default.Notice));
        await tx.Connection!.ExecuteAsync("insert into notice (id, member, what, at_ms) values (@id, @Member, @what, @at)",
            new { id, Member, what = What.ToString(), at = Id.TimeOf(id).ToUnixTimeMilliseconds() }, tx);
    }

    /// <summary>The same to whoever is no member any more: that it was told is kept nowhere.</summary>
    internal Task AddUnrecorded(Outbox outbox, DbTransaction tx, Guid id) => outbox.Takes(Kind)
        ? outbox.Add(tx, id, Kind, JsonSerializer.Serialize(this, NoticeJson.Default.Notice)) : Task.CompletedTask;

    /// <summary>
    /// Whether something that the same mailbox was told before is still on its way, and has not been for longer than it is waited for.
    /// </summary>
    public async Task<bool> IsBehindAnother(DbConnection connection, Guid id)
    {
        var earliest = (Id.TimeOf(id) - s_waitsBehind).ToUnixTimeMilliseconds();
        return (await connection.QueryAsync<string>(
            """
            select outbox.body
            from notice
            join outbox on outbox.id = notice.id
            where notice.member = @Member and notice.id < @id and notice.at_ms > @earliest and outbox.state = 1
            limit 20
            """, new { Member, id, earliest })).Any(body => Read(body).To == To);
    }

    public static Notice Read(string body) =>
        JsonSerializer.Deserialize(body, NoticeJson.Default.Notice) ?? throw new JsonException("A telling is empty.");
}

/// <summary>Automatic charging as a mail tells it, yen: below so much, so much, at most so much a month.</summary>
public sealed record NoticedTerms(long Below, long Amount, long PerMonth);

/// <summary>That a member was told something, as far as it is kept.</summary>
public sealed record SentNotice(string What, long AtMs)
{
    /// <summary>The newest first.</summary>
    public static async Task<IReadOnlyList<SentNotice>> Latest(DbConnection connection, MemberId member, int most) =>
        (await connection.QueryAsync<SentNotice>(
            """
            select what, at_ms
            from notice
            where member = @member
            order by at_ms desc, id desc
            limit @most
            """, new { member, most })).AsList();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Notice))]
sealed partial class NoticeJson : JsonSerializerContext;
