using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>Why a link from a mail does nothing.</summary>
public enum ConfirmMailRefusal
{
    None = 0,
    InvalidCode = 1,
    CodeUsed = 2,
    CodeExpired = 3,
}

/// <summary>Why no further mail is sent.</summary>
public enum SendMailRefusal
{
    None = 0,
    NotFound = 1,
    TooManyRequests = 2,

    /// <summary>No mail is set up here.</summary>
    NotAvailable = 3,
}

/// <summary>
/// Shows that an address is the member's: a link is mailed to it, used once within a day. Whoever got it by somebody else's mistake
/// says so from the same mail, and the address is free again.
/// </summary>
public sealed class ConfirmMail(Database db, Outbox outbox, MemberDirectory directory, AttemptLimiter tries, Programme programme,
    TimeProvider clock)
{
    const int TokenBytes = 32;

    /// <summary>Whether mail is set up here. Where it is not an address waits to be confirmed until it is.</summary>
    public bool CanSend => outbox.Takes(Notice.Kind);

    /// <summary>Mails a link, in the transaction that registers the member or changes the address. Earlier links die.</summary>
    public async Task Send(DbTransaction tx, Member member)
    {
        if (!CanSend)
            return;
        if (!EmailAddress.TryParse(member.Email, out var address, out var key))
            throw new ArgumentException("The member has no address.", nameof(member));
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var now = clock.GetUtcNow();
        await tx.Connection!.ExecuteAsync("delete from mail_token where member = @Id and used_ms is null", new { member.Id }, tx);
        await tx.Connection!.ExecuteAsync(
            """
            insert into mail_token (token_hash, member, email_key, created_ms, expires_ms)
            values (@hash, @Id, @key, @now, @expires)
            """,
            new
            {
                hash = Hash(token),
                member.Id,
                key,
                now = now.ToUnixTimeMilliseconds(),
                expires = now.AddHours(programme.Membership.MailLinkHours).ToUnixTimeMilliseconds(),
            }, tx);
        await new Notice(NoticeKind.ConfirmMail, member.Id, address, member.Name, member.Language, token).Add(outbox, tx, Id.New(now));
    }

    /// <summary>
    /// Whether a mail may go to this address, asked for from there: so many to a mailbox, whatever is behind its +, so many from one
    /// address of the net, so many of all. Counts it; not to be asked within a transaction. <paramref name="from"/> is null where nobody
    /// from outside asks.
    /// </summary>
    public async Task<bool> MayMail(string email, string? from, CancellationToken ct = default)
    {
        if (!EmailAddress.TryParse(email, out _, out var key))
            return false;
        var rules = programme.Membership;
        var day = TimeSpan.FromDays(1);
        return from is null
            || await tries.Count("mail-address", from, new AttemptLimit(rules.MailsPerAddress, day), ct)
            && await tries.Count("mail-mailbox", EmailAddress.Mailbox(key), new AttemptLimit(rules.MailsPerMailbox, day), ct)
            && await tries.Count("mail-all", "", new AttemptLimit(rules.MailsInAll, day), ct);
    }

    /// <summary>Mails another link to a member who did not get the first.</summary>
    public async Task<Answer<Member, SendMailRefusal>> SendAgain(MemberId id, string? from = null, CancellationToken ct = default)
    {
        if (await directory.Find(id, ct) is not { Email: not null, MailConfirmed: false } member)
            return SendMailRefusal.NotFound;
        if (!CanSend)
            return SendMailRefusal.NotAvailable;
        if (!await tries.Count("confirm-mail", Id.Bare(id), new AttemptLimit(programme.Membership.MailsPerDay, TimeSpan.FromDays(1)), ct)
            || !await MayMail(member.Email, from, ct))
            return SendMailRefusal.TooManyRequests;
        await db.Transact(async tx =>
        {
            // Whoever asks for another has made room in the mailbox, or knows better than the server that refused the first.
            await MailBounces.Forget(tx, member.Email);
            await Send(tx, member);
        }, ct);
        outbox.Wake();
        return member;
    }

    /// <summary>"This address is mine." Answers the member whose address is now confirmed.</summary>
    public Task<Answer<Member, ConfirmMailRefusal>> Run(string token, CancellationToken ct = default) => Run(token, null, ct);

    /// <summary>
    /// The same on a browser on which somebody has registered: it is they who have the address, whomever the link was mailed for
    /// (<see cref="LaterRegistration"/>).
    /// </summary>
    public Task<Answer<Member, ConfirmMailRefusal>> Run(string token, MemberId? here, CancellationToken ct = default) =>
        Use(token, (tx, link) => LaterRegistration.Settle(tx, link.EmailKey, link.Member, here, clock.GetUtcNow()), ct);

    /// <summary>As whom the link makes its opener a member; null when it opens nothing (any more).</summary>
    public async Task<TypedAs?> Find(string token, MemberId? here, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var link = await connection.QuerySingleOrDefaultAsync<Link?>(
            "select member, email_key as EmailKey from mail_token where token_hash = @hash and used_ms is null and expires_ms > @now",
            new { hash = Hash(token), now = clock.GetUtcNow().ToUnixTimeMilliseconds() });
        return link is null ? null : await LaterRegistration.Shown(connection, link.EmailKey, link.Member, here);
    }

    /// <summary>"I did not register." The address is free again; whoever typed it is left without one.</summary>
    public Task<Answer<Member, ConfirmMailRefusal>> Release(string token, CancellationToken ct = default) =>
        Use(token, (tx, link) => LaterRegistration.Release(tx, link.EmailKey, clock.GetUtcNow()), ct);

    /// <summary>Forgets what was typed for links that have lapsed. Run now and then.</summary>
    public Task<int> Tidy(CancellationToken ct = default) => db.Transact(
        tx => LaterRegistration.Tidy(tx, clock.GetUtcNow().AddHours(-programme.Membership.MailLinkHours)), ct);

    /// <param name="effect">Whose the address is by it, and whom it was taken from; null when it comes to nothing.</param>
    async Task<Answer<Member, ConfirmMailRefusal>> Use(
        string token, Func<DbTransaction, Link, Task<(MemberId Owner, MemberId? Before)?>> effect, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var hash = Hash(token);
        var used = await db.Transact(async tx =>
        {
            // The address first, as everywhere: of two links for one address one is used.
            await tx.Connection!.ExecuteAsync(
                "update member_email set member = member where email_key = (select email_key from mail_token where token_hash = @hash)",
                new { hash }, tx);
            var found = await tx.Connection!.QuerySingleOrDefaultAsync<Link>(
                """
                update mail_token
                set used_ms = @now
                where token_hash = @hash and used_ms is null and expires_ms > @now
                returning member, email_key as EmailKey
                """,
                new { hash, now }, tx);
            if (found is null || await effect(tx, found) is not { } settled)
                return null;
            await directory.Changing(tx, settled.Owner);
            if (settled.Before is { } before)
                await directory.Changing(tx, before);
            return ((MemberId Owner, MemberId? Before)?)settled;
        }, ct);
        if (used is not { } done)
            return await Why(hash, ct);
        directory.Changed(done.Owner);
        if (done.Before is { } without)
            directory.Changed(without);
        return await directory.Find(done.Owner, ct) is { } member ? member : ConfirmMailRefusal.InvalidCode;
    }

    async Task<ConfirmMailRefusal> Why(byte[] hash, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var link = await connection.QuerySingleOrDefaultAsync<Link>(
            "select member, email_key as EmailKey, used_ms as UsedMs from mail_token where token_hash = @hash", new { hash });
        return link switch
        {
            null => ConfirmMailRefusal.InvalidCode,
            { UsedMs: not null } => ConfirmMailRefusal.CodeUsed,
            _ => ConfirmMailRefusal.CodeExpired,
        };
    }

    static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    sealed class Link
    {
        public MemberId Member { get; init; }
        public string EmailKey { get; init; } = "";
        public long? UsedMs { get; init; }
    }
}
