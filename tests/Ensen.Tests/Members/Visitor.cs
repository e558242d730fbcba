using System.Globalization;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Identity;
using Ensen.Members;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

/// <summary>Aoi at the door of a town: with an address, a password and a telephone, and with what she sets up beside them.</summary>
sealed class Visitor
{
    public const string Email = "aoi@example.jp", Password = "Loop-line-09", Telephone = "+819000000001";

    readonly Town _town;
    readonly List<Notice> _mails = [];

    Visitor(Town town, Member member) => (_town, Member) = (town, member);

    public Member Member { get; }
    public byte[] Secret { get; private set; } = [];

    /// <summary>No mail is taken; what is to be told waits.</summary>
    public bool MailIsDown { get; set; }

    /// <summary>What the member was told so far.</summary>
    public IReadOnlyList<Notice> Mails => _mails;

    /// <param name="telephone">Null: none is registered.</param>
    /// <param name="details">What stands in the papers by which she was verified; null: nothing of it is kept.</param>
    public static async Task<Visitor> In(
        Town town, string? telephone = Telephone, string email = Email, PersonalDetails? details = null)
    {
        var made = await town.Get<CreateVerifiedMember>().Run(new CreateVerifiedMemberRequest(
            "Aoi", true, email, telephone, PasswordHash.Make(Password), Details: details), Ct);
        var visitor = new Visitor(town, made.Value!);
        town.Get<Outbox>().On(Notice.Kind, (item, _) =>
        {
            if (visitor.MailIsDown)
                return Task.FromResult(OutboxResult.Later);
            visitor._mails.Add(Notice.Read(item.Body));
            return Task.FromResult(OutboxResult.Done);
        });
        town.Get<Outbox>().On(AskPasswordReset.Kind, town.Get<AskPasswordReset>().Send);
        return visitor;
    }

    public async Task SetUpAuthenticator()
    {
        Secret = Totp.NewSecret();
        await _town.Db.Transact(tx => _town.Get<Authenticators>().Set(tx, Member.Id, Secret, 0, _town.Clock.GetUtcNow()), Ct);
    }

    public Task<IReadOnlyList<string>> MakeCodes() =>
        _town.Db.Transact(tx => RecoveryCodes.Make(tx, Member.Id, _town.Clock.GetUtcNow()), Ct);

    /// <summary>A call has shown that the telephone is hers.</summary>
    public Task Possess() => _town.Db.Transact(tx => tx.Connection!.ExecuteAsync(
        "update member set telephone_possessed_ms = 1 where id = @Id", new { Member.Id }, tx), Ct);

    public string Code(int seconds = 0) => Totp.CodeAt(Secret, _town.Clock.GetUtcNow().AddSeconds(seconds));

    /// <param name="waiting">The token of the sign-in that set the password.</param>
    public Task<SignInAnswer> SignIn(string password = Password, KnownDevice? known = null, string from = "192.0.2.1", string? waiting = null) =>
        _town.Get<SignIn>().Run(new SignInRequest(Email, password, "Safari, iPhone", from, known, waiting), Ct);

    /// <summary>The token of a sign-in that waits for the second step.</summary>
    public async Task<string> Waiting() => (await SignIn()).Next.ShouldNotBeNull().Token;

    public Task<SecondStepAnswer> Show(string? token, ProofMethod method, string? code = null) =>
        _town.Get<SecondStep>().Run(new SecondStepRequest(token, method, code, "192.0.2.1"), Ct);

    /// <param name="from">Null: from the telephone that was registered at first.</param>
    public Task<bool> Call(string? to, string? from = null) => _town.Get<HearCall>().Run(
        new IncomingCall(Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture), from ?? Member.Telephone, to), Ct);

    /// <summary>Asks for a link and finds its token in the mail.</summary>
    public async Task<string> Link(string email = Email)
    {
        (await _town.Get<AskPasswordReset>().Run(new PasswordResetAsked(email, "192.0.2.1"), Ct)).Accepted.ShouldBeTrue();
        await Deliver();
        return _mails.Last(m => m.What == NoticeKind.ResetPassword).Token.ShouldNotBeNull();
    }

    /// <summary>What waits in the outbox is done, and what comes of that.</summary>
    public async Task Deliver()
    {
        while (await _town.Get<Outbox>().RunDue(Ct) > 0) { }
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
