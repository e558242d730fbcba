using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>Somebody who forgot a password types the address.</summary>
/// <param name="From">The address of the net that it comes from.</param>
public sealed record PasswordResetAsked(string Email, string From);

/// <summary>Why nothing is mailed; none of these says whether somebody has the address.</summary>
public enum AskPasswordResetRefusal
{
    None = 0,

    /// <summary>What was typed is no address.</summary>
    InvalidRequest = 1,

    /// <summary>No mail is set up here.</summary>
    NotAvailable = 2,
    TooManyRequests = 3,
}

/// <summary>
/// Takes the request for a link by which a forgotten password is replaced. What is done for it is the same for every address: so many
/// requests are counted, and one row is written. Whether somebody has the address is looked at afterwards, by nobody who waits, and only an
/// address that its owner confirmed gets a mail.
/// </summary>
public sealed class AskPasswordReset(Database db, Outbox outbox, AttemptLimiter tries, MemberDirectory directory, Programme programme,
    TimeProvider clock)
{
    /// <summary>The outbox's name for a request.</summary>
    public const string Kind = "password-reset";

    const int TokenBytes = 32;
    static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    /// <summary>Whether mail is set up here.</summary>
    public bool CanSend => outbox.Takes(Kind);

    public async Task<Answer<PasswordResetAsked, AskPasswordResetRefusal>> Run(PasswordResetAsked request, CancellationToken ct = default)
    {
        if (!EmailAddress.TryParse(request.Email.Trim(), out _, out var key))
            return AskPasswordResetRefusal.InvalidRequest;
        if (!CanSend)
            return AskPasswordResetRefusal.NotAvailable;
        var rules = programme.Membership;
        if (!await tries.Count("reset-address", request.From, new AttemptLimit(rules.MailsPerAddress, s_day), ct)
            || !await tries.Count("reset-mailbox", EmailAddress.Mailbox(key), new AttemptLimit(rules.MailsPerMailbox, s_day), ct)
            || !await tries.Count("reset-all", "", new AttemptLimit(rules.MailsInAll, s_day), ct))
            return AskPasswordResetRefusal.TooManyRequests;
        await db.Transact(tx => outbox.Add(tx, Id.New(clock), Kind, JsonSerializer.Serialize(new Body(key), ResetJson.Default.Body)), ct);
        outbox.Wake();
        return request;
    }

    /// <summary>
    /// The outbox's work: mails a link to the member who confirmed the address, if there is one. Links mailed before work on, for
    /// mails overtake each other: the first that is used ends all others (<see cref="ResetPassword"/>).
    /// </summary>
    public async Task<OutboxResult> Send(OutboxItem item, CancellationToken ct)
    {
        var body = JsonSerializer.Deserialize(item.Body, ResetJson.Default.Body) ?? throw new JsonException("A request is empty.");
        var now = clock.Now();
        var life = TimeSpan.FromMinutes(programme.Membership.ResetLinkMinutes);
        // A request that could not be looked at for so long has been made again, or is wanted no more.
        if (now - Id.TimeOf(item.Id) > life || await directory.FindByEmail(body.Email, ct) is not { } member)
            return OutboxResult.Done;
        await db.Transact(async tx =>
        {
            var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
            // The work may be done twice; a request has one link.
            if (await tx.Connection!.ExecuteAsync(
                """
                insert into password_reset (id, token_hash, member, asked, created_ms, expires_ms)
                values (@id, @hash, @member, @asked, @now, @expires)
                on conflict (asked) do nothing
                """,
                new
                {
                    id = Id.New(now),
                    hash = Hash(token),
                    member = member.Id,
                    asked = item.Id,
                    now = now.ToUnixTimeMilliseconds(),
                    expires = (now + life).ToUnixTimeMilliseconds(),
                }, tx) == 1 && Notice.Of(NoticeKind.ResetPassword, member) is { } notice)
                await (notice with { Token = token }).Add(outbox, tx, Id.New(now));
        }, ct);
        outbox.Wake();
        return OutboxResult.Done;
    }

    /// <summary>Forgets links that lapsed. Run now and then.</summary>
    public Task<int> Tidy(CancellationToken ct = default)
    {
        var old = clock.GetUtcNow().AddDays(-2).ToUnixTimeMilliseconds();
        return db.Transact(tx => tx.Connection!.ExecuteAsync("delete from password_reset where expires_ms < @old", new { old }, tx), ct);
    }

    internal static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>A request as it waits: the address as it is compared.</summary>
    internal sealed record Body(string Email);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AskPasswordReset.Body))]
sealed partial class ResetJson : JsonSerializerContext;
