using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Microsoft.AspNetCore.Identity;

namespace Ensen.Web.Session;

/// <summary>A member's sign-in as typed. <paramref name="From"/>: the address it comes from, as <see cref="Visitor.AddressOf"/> gives it.</summary>
public sealed record SignInRequest(string Email, string Password, string Device, string From);

/// <summary>Why somebody is not signed in. An address nobody has and a wrong password get the same answer, equally slow.</summary>
public enum SignInRefusal
{
    None = 0,
    Unauthenticated = 1,
    TooManyRequests = 2,
}

/// <summary>
/// Signs a member in by e-mail address and password: a new session for this device, and a mail that says so. Guesses are counted in
/// the database before the password is looked at: of one account from one address, of one account, from one address.
/// </summary>
public sealed class SignIn(
    UserManager<Credential> users, Tries tries, Sessions sessions, Roster roster, Outbox outbox, Database db, Programme programme, TimeProvider clock)
{
    const int MostPassword = 1_000;
    const string PairTries = "password-pair";
    const string AccountTries = "password-account";
    const string AddressTries = "password-address";

    /// <summary>After this long, whoever was told "too many" may try again for certain.</summary>
    public TimeSpan RetryAfter => TimeSpan.FromMinutes(programme.Membership.TriesMinutes);

    public async Task<Answer<OpenedSession, SignInRefusal>> Run(SignInRequest request, CancellationToken ct = default)
    {
        var account = users.NormalizeEmail(request.Email.Trim()) ?? "";
        var pair = $"{account} {request.From}";
        if (!await MayTry(account, pair, request.From, ct))
            return SignInRefusal.TooManyRequests;
        var user = request.Password.Length > MostPassword ? null : await users.FindByEmailAsync(account);
        if (user?.PasswordHash is null)
        {
            PasswordHash.Matches(null, request.Password.Length > MostPassword ? "" : request.Password);
            return SignInRefusal.Unauthenticated;
        }
        if (!await users.CheckPasswordAsync(user, request.Password) || await roster.Find(user.Member, ct) is not { } member)
            return SignInRefusal.Unauthenticated;

        await tries.Forget(PairTries, pair, ct);
        await tries.TakeBack(AccountTries, account, ct);
        await tries.TakeBack(AddressTries, request.From, ct);
        return await Open(member, request.Device, ct);
    }

    /// <summary>Opens a session for a member who has proven who they are (also by having just registered).</summary>
    public async Task<OpenedSession> Open(Member member, string device, CancellationToken ct = default)
    {
        var session = await db.Transact(async tx =>
        {
            var opened = await sessions.Open(tx, SessionKind.Member, member.Id, device);
            if (member is { MailConfirmed: true, Email: { } to })
                await new Telling(Told.SignedIn, member.Id, to, member.Name, member.Language, Device: device)
                    .Add(outbox, tx, Id.New(clock));
            return opened;
        }, ct);
        outbox.Wake();
        return session;
    }

    async Task<bool> MayTry(string account, string pair, string from, CancellationToken ct)
    {
        var rules = programme.Membership;
        return await tries.Count(AddressTries, from, new TryLimit(rules.TriesPerAddress, RetryAfter), ct)
            && await tries.Count(PairTries, pair, new TryLimit(rules.TriesPerAccountAndAddress, RetryAfter), ct)
            && await tries.Count(AccountTries, account, new TryLimit(rules.TriesPerAccount, RetryAfter), ct);
    }
}
