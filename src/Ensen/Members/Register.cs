using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>
/// What a person types to become a member. The language is that of the page. <paramref name="From"/>: the address of the net it comes from;
/// null where nobody from outside asks.
/// </summary>
public sealed record RegisterRequest(string Name, string Email, string Telephone, string Password, string Language, string? From = null);

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
    EmailTaken = 5,

    /// <summary>From there, or of all: it may be tried again soon.</summary>
    TooManyRequests = 6,
}

/// <summary>Makes a member of a person, and sends the mail that confirms their address.</summary>
public sealed class Register(Database db, Outbox outbox, ConfirmMail confirm, AttemptLimiter tries, HashLine hashes, Programme programme,
    TimeProvider clock)
{
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
        if (await IsTaken(key, ct))
            return RegisterRefusal.EmailTaken;

        // Hashing takes a tenth of a second: before the transaction, not in it.
        if (await hashes.Make(request.Password, request.From ?? "", ct) is not { } hash)
            return RegisterRefusal.TooManyRequests;
        // A mailbox that gets too many gets this one another day, when its owner asks for it.
        var mails = await confirm.MayMail(email, request.From, ct);
        var now = clock.GetUtcNow();
        var member = new Member
        {
            Id = Id.New<MemberId>(now),
            Name = name,
            Email = email,
            Telephone = telephone,
            Language = Languages.Nearest(request.Language).Tag,
            Theme = Preferences.Themes[0],
            CreatedMs = now.ToUnixTimeMilliseconds(),
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
            return RegisterRefusal.EmailTaken;
        outbox.Wake();
        return new Registered(member);
    }

    /// <summary>
    /// Writes the rows of a new member. False, and nothing is written, when the address is somebody's: of any number at once, one passes.
    /// </summary>
    internal static async Task<bool> Write(DbTransaction tx, Member member, string? hash)
    {
        if (EmailAddress.TryParse(member.Email, out _, out var key)
            && await tx.Connection!.ExecuteAsync(
                """
                insert into member_email (email_key, member)
                values (@key, @Id)
                on conflict (email_key) do nothing
                """,
                new { key, member.Id }, tx) == 0)
            return false;
        await tx.Connection!.ExecuteAsync(
            """
            insert into member (id, name, email, telephone, verified, mail_confirmed, language, theme, created_ms)
            values (@Id, @Name, @Email, @Telephone, @Verified, @MailConfirmed, @Language, @Theme, @CreatedMs)
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

    async Task<bool> IsTaken(string key, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await connection.ExecuteScalarAsync<int?>("select 1 from member_email where email_key = @key", new { key }) is not null;
    }
}
