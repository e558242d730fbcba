using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>
/// What a person types to become a member. The language is that of the page. <paramref name="From"/>: the address of the net it comes from;
/// null where nobody from outside asks. <paramref name="As"/>: the number that the member is to have, where whoever asks keeps it.
/// </summary>
public sealed record RegisterRequest(
    string Name, string Email, string Telephone, string Password, string Language, string? From = null, bool Newsletter = false,
    bool PostalMail = false, MemberId? As = null);

/// <summary>The new member; their address waits to be confirmed from the mail.</summary>
public sealed record Registered(Member Member);

/// <summary>Why somebody cannot be registered, in the order it is checked.</summary>
public enum RegisterRefusal
{
    None = 0,
    InvalidName = 1,
    InvalidEmail = 2,
    InvalidTelephone = 3,

    /// <summary>What is wrong with it: <see cref="PasswordRule.Faults"/>.</summary>
    WeakPassword = 4,

    /// <summary>
    /// Somebody has an account with the address. Whoever asks is not told: they hear the same, and the address's owner gets a mail.
    /// </summary>
    EmailTaken = 5,

    /// <summary>From there, or of all: it may be tried again soon.</summary>
    TooManyRequests = 6,
}

/// <summary>
/// Makes a member of a person, and sends the mail that confirms their address. Where the address is somebody's, as much is done and as long
/// is taken: the password is hashed, and its owner gets a mail in place of the newcomer's (<see cref="TellOwner"/>).
/// </summary>
public sealed class Register(Database db, Outbox outbox, ConfirmMail confirm, AttemptLimiter tries, HashLine hashes, Programme programme,
    TimeProvider clock)
{
    /// <summary>The owner of an address is told at most so often that somebody wants to register with it.</summary>
    static readonly AttemptLimit s_told = new(1, TimeSpan.FromMinutes(10));

    /// <summary>How long whoever was told "too many" should wait.</summary>
    public static TimeSpan ComeAgain => TimeSpan.FromMinutes(1);

    /// <summary>Everything that is wrong with what was typed, so that a form can say it all at once.</summary>
    public static IReadOnlyList<RegisterRefusal> Check(MembershipRules rules, RegisterRequest request)
    {
        var refusals = new List<RegisterRefusal>();
        if (!OneLineName.TryParse(request.Name, out _))
            refusals.Add(RegisterRefusal.InvalidName);
        if (!EmailAddress.TryParse(request.Email, out _, out _))
            refusals.Add(RegisterRefusal.InvalidEmail);
        if (!TelephoneNumber.TryParse(request.Telephone, out _))
            refusals.Add(RegisterRefusal.InvalidTelephone);
        if (PasswordRule.Faults(rules, request.Password, request.Email).Count > 0)
            refusals.Add(RegisterRefusal.WeakPassword);
        return refusals;
    }

    public async Task<Answer<Registered, RegisterRefusal>> Run(RegisterRequest request, CancellationToken ct = default)
    {
        if (!OneLineName.TryParse(request.Name, out var name))
            return RegisterRefusal.InvalidName;
        if (!EmailAddress.TryParse(request.Email, out var email, out var key))
            return RegisterRefusal.InvalidEmail;
        if (!TelephoneNumber.TryParse(request.Telephone, out var telephone))
            return RegisterRefusal.InvalidTelephone;
        if (PasswordRule.Faults(programme.Membership, request.Password, request.Email).Count > 0)
            return RegisterRefusal.WeakPassword;
        if (!await MayRegister(request.From, ct))
            return RegisterRefusal.TooManyRequests;
        // Hashing takes a tenth of a second: before the transaction, not in it.
        if (await hashes.Make(request.Password, request.From ?? "", ct) is not { } hash)
            return RegisterRefusal.TooManyRequests;
        // A mailbox that gets too many gets this one another day, when its owner asks for it.
        var mails = await confirm.MayMail(email, request.From, ct);
        var now = clock.GetUtcNow();
        var member = new Member
        {
            Id = request.As ?? Id.New<MemberId>(now),
            Name = name,
            Email = email,
            Telephone = telephone,
            Language = Languages.Nearest(request.Language).Tag,
            Theme = Preferences.Themes[0],
            CreatedMs = now.ToUnixTimeMilliseconds(),
            Newsletter = request.Newsletter,
            PostalMail = request.PostalMail,
        };
        var isNew = await db.Transact(async tx =>
        {
            if (!await Write(tx, member, hash))
                return false;
            if (mails)
                await confirm.Send(tx, member);
            return true;
        }, ct);
        if (!isNew)
            await TellOwner(member, key, hash, mails, ct);
        outbox.Wake();
        return isNew ? new Registered(member) : RegisterRefusal.EmailTaken;
    }

    /// <summary>
    /// Tells the owner of an address that somebody wanted to register with it: how to sign in; or, where the address was never confirmed,
    /// a link by which it becomes that of whoever registered now, or is released. So nobody keeps an address from its owner by having
    /// typed it first, and nobody is led into an account that has somebody else's password (<see cref="LaterRegistration"/>).
    /// </summary>
    async Task TellOwner(Member again, string key, string hash, bool mails, CancellationToken ct)
    {
        var owner = await OwnerOf(key, ct);
        if (owner is { MailConfirmed: false } && confirm.CanSend)
            await db.Transact(tx => LaterRegistration.Add(tx, again, key, hash), ct);
        // A link that was sent a moment ago is on its way.
        var isFresh = owner is { MailConfirmed: false } && Instant.OfMilliseconds(owner.CreatedMs) > clock.GetUtcNow() - s_told.Within;
        if (owner is null || isFresh || !mails || !await tries.Count("address-told", key, s_told, ct))
            return;
        await db.Transact(async tx =>
        {
            if (Notice.Of(NoticeKind.AddressRegistered, owner, at: clock.Now()) is { } notice)
                await notice.Add(outbox, tx, Id.New(clock));
            else
                await confirm.Send(tx, again);
        }, ct);
    }

    /// <summary>
    /// Writes the rows of a new member. False, and nothing is written, when the address is somebody's: of any number at once, one passes.
    /// </summary>
    internal static async Task<bool> Write(DbTransaction tx, Member member, string? hash)
    {
        if (EmailAddress.TryParse(member.Email, out _, out var key) && !await ChangeMail.Claim(tx, key, member.Id, member.CreatedMs))
            return false;
        await tx.Connection!.ExecuteAsync(
            """
            insert into member (id, name, email, telephone, verified, mail_confirmed, language, theme, created_ms, newsletter, postal_mail,
              goal_points)
            values (@Id, @Name, @Email, @Telephone, @Verified, @MailConfirmed, @Language, @Theme, @CreatedMs, @Newsletter, @PostalMail, @Goal)
            """,
            new
            {
                member.Id,
                member.Name,
                member.Email,
                member.Telephone,
                member.Verified,
                member.MailConfirmed,
                member.Language,
                member.Theme,
                member.CreatedMs,
                member.Newsletter,
                member.PostalMail,
                member.Goal,
            }, tx);
        if (hash is not null)
            await Credentials.Set(tx, member.Id, CredentialKind.Password, hash, DateTimeOffset.FromUnixTimeMilliseconds(member.CreatedMs));
        return true;
    }

    async Task<bool> MayRegister(string? from, CancellationToken ct)
    {
        if (from is null)
            return true;
        var rules = programme.Membership;
        var wait = TimeSpan.Zero;
        (string What, string Who, int Free)[] doors =
            [("register-address", from, rules.RegistrationsPerAddress), ("register-all", "", rules.RegistrationsInAll)];
        foreach (var (what, who, free) in doors)
        {
            var turn = await tries.Pace(what, who, new AttemptPace(free, TimeSpan.FromHours(1), TimeSpan.FromSeconds(1)),
                rules.Patience, ct);
            if (!turn.May)
                return false;
            wait = turn.Wait > wait ? turn.Wait : wait;
        }
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, ct);
        return true;
    }

    async Task<Member?> OwnerOf(string key, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Member?>(
            """
            select m.id, m.name, m.email, m.mail_confirmed as MailConfirmed, m.language, m.created_ms as CreatedMs
            from member_email e
            join member m on m.id = e.member
            where e.email_key = @key and e.held_until_ms is null
            """,
            new { key });
    }
}
