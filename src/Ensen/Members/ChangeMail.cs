using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>Another address that a member wants in place of theirs.</summary>
/// <param name="Device">The device on which they ask.</param>
/// <param name="From">The address of the net that it comes from; null where nobody from outside asks.</param>
public sealed record ChangeMailRequest(MemberId Member, string Email, StepUpProof Proof, string Device, string? From = null);

/// <summary>Why a change of address is not begun, in the order it is checked.</summary>
public enum ChangeMailRefusal
{
    None = 0,

    /// <summary>It is no address, or it is the member's already.</summary>
    InvalidRequest = 1,

    /// <summary>No mail is set up here.</summary>
    NotAvailable = 2,

    /// <summary>Too many mails were asked for.</summary>
    TooManyRequests = 3,

    /// <summary>The member has to prove who they are.</summary>
    StepUpRequired = 4,
}

/// <summary>
/// A new address or telephone that is still to be shown: what it is, as others may see it, and until when it is waited for.
/// </summary>
public sealed record ChangeUnderWay(string Masked, DateTimeOffset Until);

/// <summary>A change whose link was opened: whose, and what holds now.</summary>
public sealed record MailChange(Guid Id, MemberId Member, string Email);

/// <summary>
/// Gives a member another address, once its owner has opened the link that is mailed to it. Whoever asks hears the same whether or not
/// the address is somebody's. The confirmed address before is told at once, with a link by which its owner takes the change back for three
/// days; for so long nobody else gets that address.
/// </summary>
public sealed class ChangeMail(
    Database db, StepUp stepUp, MemberDirectory members, ConfirmMail confirm, Sessions sessions, PendingSignIns pending,
    AttemptLimiter tries, Outbox outbox, Programme programme, TimeProvider clock)
{
    const int TokenBytes = 32;
    const int KeptDays = 30;

    /// <summary>How long a change can be taken back, from when it was asked for.</summary>
    public static readonly TimeSpan UndoFor = TimeSpan.FromHours(72);

    /// <summary>
    /// Whoever changed the address and leaves at once would take the way back from the owner of the address before.
    /// </summary>
    public static LeavingObstacle Undoable { get; } = new("change_pending", "", (connection, tx, member, now) =>
        connection.ExecuteScalarAsync<bool>(
            """
            select exists (
              select 1
              from mail_change
              where member = @member and done_ms is not null and undone_ms is null and undo_until_ms > @now
            )
            """, new { member, now = now.ToUnixTimeMilliseconds() }, tx));

    /// <summary>What a challenge says that is to change the address.</summary>
    public static StepUpPurpose Purpose { get; } = new("change_email", lasts: true);

    public async Task<Answer<MailChange, ChangeMailRefusal>> Ask(ChangeMailRequest request, CancellationToken ct = default)
    {
        var member = await members.Find(request.Member, ct) ?? throw new ArgumentException("There is no such member.", nameof(request));
        if (!EmailAddress.TryParse(request.Email, out var email, out var key)
            || EmailAddress.TryParse(member.Email, out _, out var own) && own == key)
            return ChangeMailRefusal.InvalidRequest;
        if (!confirm.CanSend)
            return ChangeMailRefusal.NotAvailable;
        // Nothing is counted for whoever has no proof at all.
        if (request.Proof.Challenge is null && !await stepUp.IsProven(request.Proof.Caller, Purpose, ct))
            return ChangeMailRefusal.StepUpRequired;
        var limit = new AttemptLimit(programme.Membership.MailsPerDay, TimeSpan.FromDays(1));
        if (!await tries.Count("change-mail", Id.Bare(member.Id), limit, ct) || !await confirm.MayMail(email, request.From, ct))
            return ChangeMailRefusal.TooManyRequests;
        var owner = await OwnerOf(key, ct);
        var begun = await db.Transact(async tx =>
        {
            if (!await stepUp.Take(tx, request.Proof, Purpose))
                return default;
            var (forNew, forOld) = (NewToken(), NewToken());
            var id = await Write(tx, member, email, key, forNew, forOld);
            var told = owner is null
                ? new Notice(NoticeKind.ConfirmNewMail, member.Id, email, member.Name, member.Language, forNew)
                : owner.Id == member.Id ? null
                : Notice.Of(NoticeKind.AddressRegistered, owner, at: clock.Now());
            if (told is not null)
                await told.Add(outbox, tx, Id.New(clock));
            if (Notice.Of(NoticeKind.MailChangeAsked, member, request.Device, clock.Now()) is { } warning)
                await (warning with { Token = forOld }).Add(outbox, tx, Id.New(clock));
            return id;
        }, ct);
        if (begun == default)
            return ChangeMailRefusal.StepUpRequired;
        outbox.Wake();
        return new MailChange(begun, member.Id, email);
    }

    /// <summary>The change that waits for its link to be opened; null when none does. Whose the new address is, it does not say.</summary>
    public async Task<ChangeUnderWay?> UnderWay(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var (email, untilMs) = await connection.QueryFirstOrDefaultAsync<(string? Email, long UntilMs)>(
            """
            select email, expires_ms
            from mail_change
            where member = @member and done_ms is null and undone_ms is null and expires_ms > @now
            order by asked_ms desc
            limit 1
            """, new { member, now = clock.GetUtcNow().ToUnixTimeMilliseconds() });
        return email is null ? null : new ChangeUnderWay(EmailAddress.Masked(email), Instant.OfMilliseconds(untilMs));
    }

    /// <summary>
    /// The member wants the new address no more: its link leads nowhere from now on. It takes no proof, for nothing is changed by it. False
    /// when no change waited.
    /// </summary>
    public async Task<bool> Withdraw(MemberId member, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return await db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            update mail_change
            set expires_ms = @now
            where member = @member and done_ms is null and undone_ms is null and expires_ms > @now
            """, new { member, now }, tx), ct) > 0;
    }

    /// <summary>"This address is mine", from the mail to the new one: the change is made. Of any number at once one is.</summary>
    public async Task<Answer<MailChange, ConfirmMailRefusal>> Confirm(string token, CancellationToken ct = default)
    {
        var hash = Hash(token);
        var done = await db.Transact(async tx =>
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            var row = await tx.Connection!.QuerySingleOrDefaultAsync<Row>(
                $"""
                update mail_change
                set done_ms = @now
                where confirm_hash = @hash and done_ms is null and undone_ms is null and expires_ms > @now
                returning {Columns}
                """,
                new { hash, now }, tx);
            if (row is null)
                return null;
            if (!await Claim(tx, row.EmailKey, row.Member, now))
            {
                // Somebody registered with it meanwhile: the link leads nowhere any more, and the change was not made.
                await tx.Connection!.ExecuteAsync(
                    "update mail_change set done_ms = null, expires_ms = @now where id = @Id", new { row.Id, now }, tx);
                return null;
            }
            await tx.Connection!.ExecuteAsync(
                """
                update member_email
                set held_until_ms = @UndoUntilMs
                where member = @Member and email_key <> @EmailKey and held_until_ms is null
                """,
                new { row.UndoUntilMs, row.Member, row.EmailKey }, tx);
            await tx.Connection!.ExecuteAsync("delete from mail_token where member = @Member and used_ms is null", new { row.Member }, tx);
            await ResetPassword.ForgetLinks(tx, row.Member, outbox, Instant.OfMilliseconds(now));
            await tx.Connection!.ExecuteAsync(
                "update member set email = @Email, mail_confirmed = @yes where id = @Member", new { row.Email, row.Member, yes = true }, tx);
            await members.Changing(tx, row.Member);
            return row;
        }, ct);
        if (done is null)
            return await Why("confirm_hash", "done_ms", "expires_ms", hash, ct);
        members.Changed(done.Member);
        return new MailChange(done.Id, done.Member, done.Email);
    }

    /// <summary>Whose change a link takes back, if it still does.</summary>
    public async Task<Answer<MailChange, ConfirmMailRefusal>> FindUndo(string token, CancellationToken ct = default)
    {
        Row? row;
        // Given back before the next look: whoever holds one connection and waits for another keeps it from those who do the same.
        await using (var connection = await db.Connect(ct))
            row = await connection.QuerySingleOrDefaultAsync<Row>(
                $"select {Columns} from mail_change where undo_hash = @hash and undone_ms is null and undo_until_ms > @now",
                new { hash = Hash(token), now = clock.GetUtcNow().ToUnixTimeMilliseconds() });
        return row is null ? await Why("undo_hash", "undone_ms", "undo_until_ms", Hash(token), ct)
            : new MailChange(row.Id, row.Member, row.Email);
    }

    /// <summary>
    /// "That was not me", from the mail to the address before, in the transaction that freezes the wallet: the address is as it was, every
    /// session ends, and the password opens nothing, since whoever asked for the change had proven that they are the member. For the same
    /// reason nothing proves any more that was set up in the three days before it or since: passkeys, the authenticator, recovery codes,
    /// another telephone. What is older is their own, and not taken from them by whoever reads their mail. Null when the link was used.
    /// </summary>
    internal async Task<EndedSessions?> Undo(DbTransaction tx, string token)
    {
        var at = clock.Now();
        var now = at.ToUnixTimeMilliseconds();
        var row = await tx.Connection!.QuerySingleOrDefaultAsync<Row>(
            $"""
            update mail_change
            set undone_ms = @now
            where undo_hash = @hash and undone_ms is null and undo_until_ms > @now
            returning {Columns}
            """,
            new { hash = Hash(token), now }, tx);
        if (row is null)
            return null;
        if (row.DoneMs is not null && EmailAddress.TryParse(row.EmailBefore, out var before, out var beforeKey)
            && await Claim(tx, beforeKey, row.Member, now))
        {
            await tx.Connection!.ExecuteAsync("delete from member_email where member = @Member and email_key <> @beforeKey",
                new { row.Member, beforeKey }, tx);
            await tx.Connection!.ExecuteAsync("update member set email = @before, mail_confirmed = @yes where id = @Member",
                new { before, row.Member, yes = true }, tx);
        }
        // Whatever else was asked for with the stolen session leads nowhere either.
        await Drop(tx, row.Member, at);
        var subject = Subject.Member(row.Member);
        await ResetPassword.ForgetLinks(tx, row.Member, outbox, at);
        await Credentials.Set(tx, row.Member, CredentialKind.Password, PasswordHash.OfRandom(NewToken()), at);
        await pending.EndAll(tx, subject);
        var ended = await sessions.EndAll(tx, subject, except: null, SessionEnd.Password);
        await stepUp.Void(tx, subject);
        // After the proofs are void: what one of them was setting up meanwhile is committed by now, or is not set up.
        var since = Instant.OfMilliseconds(row.AskedMs) - UndoFor;
        await Passkeys.RemoveSince(tx, subject, since);
        await Authenticators.RemoveSince(tx, row.Member, since);
        await RecoveryCodes.RemoveSince(tx, row.Member, since);
        await ChangeTelephone.TakeBack(tx, row.Member, since);
        await members.Changing(tx, row.Member);
        return ended;
    }

    /// <summary>Forgets changes that nobody can make or take back, and addresses that are held no more. Run now and then.</summary>
    public Task<int> Tidy(CancellationToken ct = default) => db.Transact(async tx =>
    {
        var now = clock.GetUtcNow();
        await tx.Connection!.ExecuteAsync(
            "delete from mail_change where asked_ms < @old", new { old = now.AddDays(-KeptDays).ToUnixTimeMilliseconds() }, tx);
        return await tx.Connection!.ExecuteAsync(
            "delete from member_email where held_until_ms < @now", new { now = now.ToUnixTimeMilliseconds() }, tx);
    }, ct);

    /// <summary>Takes an address that is free, or held for the member, or held no more.</summary>
    internal static async Task<bool> Claim(DbTransaction tx, string key, MemberId member, long now) =>
        await tx.Connection!.ExecuteAsync(
            """
            insert into member_email (email_key, member)
            values (@key, @member)
            on conflict (email_key) do update
            set member = excluded.member, held_until_ms = null
            where member_email.held_until_ms <= @now or member_email.member = excluded.member and member_email.held_until_ms is not null
            """,
            new { key, member, now }, tx) == 1;

    /// <summary>
    /// A change that waits for its link is not made any more: whoever asked for it may have been a thief. What a member was warned of can
    /// still be taken back.
    /// </summary>
    internal static Task Drop(DbTransaction tx, MemberId member, DateTimeOffset now) => tx.Connection!.ExecuteAsync(
        "update mail_change set expires_ms = @now where member = @member and done_ms is null and expires_ms > @now",
        new { member, now = now.ToUnixTimeMilliseconds() }, tx);

    async Task<Guid> Write(DbTransaction tx, Member member, string email, string key, string forNew, string forOld)
    {
        var now = clock.GetUtcNow();
        var id = Id.New(now);
        // One change at a time.
        await Drop(tx, member.Id, now);
        await tx.Connection!.ExecuteAsync(
            """
            insert into mail_change (id, member, email, email_key, email_before, confirm_hash, undo_hash, asked_ms, expires_ms, undo_until_ms)
            values (@id, @member, @email, @key, @before, @confirmHash, @undoHash, @asked, @expires, @undoUntil)
            """,
            new
            {
                id,
                member = member.Id,
                email,
                key,
                before = member.MailConfirmed ? member.Email : null,
                confirmHash = Hash(forNew),
                undoHash = Hash(forOld),
                asked = now.ToUnixTimeMilliseconds(),
                expires = now.AddHours(programme.Membership.MailLinkHours).ToUnixTimeMilliseconds(),
                undoUntil = (now + UndoFor).ToUnixTimeMilliseconds(),
            }, tx);
        return id;
    }

    async Task<Member?> OwnerOf(string key, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var owner = await connection.ExecuteScalarAsync<Guid?>(
            "select member from member_email where email_key = @key and (held_until_ms is null or held_until_ms > @now)",
            new { key, now = clock.GetUtcNow().ToUnixTimeMilliseconds() });
        return owner is { } id ? await members.Find(new MemberId(id), ct) : null;
    }

    async Task<ConfirmMailRefusal> Why(string link, string used, string until, byte[] hash, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var (found, usedMs) = await connection.QuerySingleOrDefaultAsync<(long? UntilMs, long? UsedMs)>(
            $"select {until}, {used} from mail_change where {link} = @hash", new { hash });
        return found is null ? ConfirmMailRefusal.InvalidCode
            : usedMs is not null ? ConfirmMailRefusal.CodeUsed
            : ConfirmMailRefusal.CodeExpired;
    }

    const string Columns = """
        id, member, email, email_key as EmailKey, email_before as EmailBefore, undo_until_ms as UndoUntilMs, asked_ms as AskedMs,
        done_ms as DoneMs
        """;

    static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));

    static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    sealed class Row
    {
        public Guid Id { get; init; }
        public MemberId Member { get; init; }
        public string Email { get; init; } = "";
        public string EmailKey { get; init; } = "";
        public string? EmailBefore { get; init; }
        public long UndoUntilMs { get; init; }
        public long AskedMs { get; init; }
        public long? DoneMs { get; init; }
    }
}
