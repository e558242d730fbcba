using System.Security.Cryptography;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Staff;

/// <summary>What operators prove who they are by: kept protected, one of two always there, a passkey alone enough.</summary>
public class OperatorFactorsTests
{
    const string Password = "Loop-line-09";

    [Theory, BothEngines]
    public async Task The_secret_of_an_operators_authenticator_is_kept_nowhere_in_the_open(Engine engine)
    {
        await using var town = await Town.On(engine);
        var secret = Totp.NewSecret();
        var who = await Joined(town, "mori", secret: secret);

        await using var connection = await town.Db.Connect(Ct);
        var kept = await connection.QuerySingleAsync<byte[]>("select protected_secret from authenticator where owner = @who", new { who });

        kept.Length.ShouldBeGreaterThan(secret.Length);
        kept.AsSpan().IndexOf(secret).ShouldBe(-1);
        town.Get<ISecretProtection>().Unprotect(kept).ShouldBe(secret);
    }

    [Theory, BothEngines]
    public async Task A_passkey_signs_in_alone_and_once_and_never_at_another_account(Engine engine)
    {
        await using var town = await Town.On(engine);
        var credential = RandomNumberGenerator.GetBytes(16);
        var mori = await Joined(town, "mori", credential);
        var ito = await Joined(town, "ito", RandomNumberGenerator.GetBytes(16));
        var challenge = Id.New(town.Clock);

        var forty = await Task.WhenAll(Enumerable.Range(1, 40).Select(count => Task.Run(() => SignIn(town, mori, credential, challenge, count), Ct)));

        var session = forty.Where(a => a.Accepted).ShouldHaveSingleItem().Value!;
        session.Caller.Assurance.ShouldBe(AssuranceLevel.Passkey);
        (await town.Get<StepUp>().IsProven(session.Caller, Passkeys.Purpose, Ct)).ShouldBeFalse("signing in proves nothing for later");
        (await SignIn(town, ito, credential, Id.New(town.Clock), 90)).Accepted.ShouldBeFalse("another account's credential");
        (await town.Get<OperatorSignIn>().ByPasskey(new SignedByPasskey(
            Id.New(town.Clock), Subject.Member(mori), credential, 90, false), "Edge", Ct)).Accepted.ShouldBeFalse("no member comes in here");
        (await SignIn(town, mori, credential, Id.New(town.Clock), 1)).Accepted.ShouldBeFalse("the counter went back");
        var acts = (await town.Get<OperatorLog>().List(100, ct: Ct)).Select(e => e.Act).ToList();
        acts.Count(a => a == OperatorAct.SignedIn).ShouldBe(1);
        acts.ShouldContain(OperatorAct.PasskeyCopied);

        (await town.Get<DismissOperator>().Run(new DismissOperatorRequest(mori, "left", await town.Operator("Chief")), Ct)).Accepted.ShouldBeTrue();
        (await town.Get<Sessions>().Who(session.Token, Ct)).ShouldBeNull();
        (await SignIn(town, mori, credential, Id.New(town.Clock), 100)).Accepted.ShouldBeFalse();
        (await town.Count("select count(*) from passkey")).ShouldBe(1, "the other one's");
    }

    [Theory, BothEngines]
    public async Task Of_forty_who_take_away_the_last_two_ways_in_at_once_one_does(Engine engine)
    {
        await using var town = await Town.On(engine);
        var mori = await Joined(town, "mori", secret: Totp.NewSecret());
        var subject = Subject.Operator(mori);
        var caller = (await town.Get<Sessions>().Open(subject, "Edge", assurance: AssuranceLevel.Password, ct: Ct)).Caller;
        (await town.Get<ChangeFactors>().Remove(subject, await Proof(ChangeFactors.Purpose), "Edge", Ct))
            .Refusal.ShouldBe(ChangeFactorsRefusal.NotDetachable, "the last one");
        (await town.Get<AddPasskey>().Run(new AddPasskeyRequest(
            subject, Made(RandomNumberGenerator.GetBytes(16), town), await Proof(Passkeys.Purpose), "Key", "Edge"), Ct)).Accepted.ShouldBeTrue();
        var passkey = (await town.Get<Passkeys>().Of(subject, Ct)).Single().Id;
        for (var i = 0; i < 20; i++)
            (await Proof(Passkeys.Purpose), await Proof(ChangeFactors.Purpose)).ShouldNotBe(default);

        var gone = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () => i % 2 == 0
            ? (await town.Get<RemovePasskey>().Run(new RemovePasskeyRequest(subject, passkey, new StepUpProof(caller), "Edge"), Ct)).Accepted
            : (await town.Get<ChangeFactors>().Remove(subject, new StepUpProof(caller), "Edge", Ct)).Accepted, Ct)));

        gone.Count(g => g).ShouldBe(1);
        ((await town.Get<Passkeys>().Of(subject, Ct)).Count + await town.Count("select count(*) from authenticator")).ShouldBe(1);
        (await town.Get<OperatorLog>().List(100, ct: Ct)).Count(
            e => e.Act is OperatorAct.RemovedPasskey or OperatorAct.RemovedAuthenticator).ShouldBe(1);

        async Task<StepUpProof> Proof(StepUpPurpose purpose)
        {
            await town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, caller, purpose), Ct);
            return new StepUpProof(caller);
        }
    }

    [Theory, BothEngines]
    public async Task Of_forty_who_join_with_a_passkey_by_one_link_one_does_and_a_credential_is_one_accounts(Engine engine)
    {
        await using var town = await Town.On(engine);
        var link = (await Invite(town, "mori")).Token;

        var forty = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(
            () => Join(town, link, Made(RandomNumberGenerator.GetBytes(16), town)), Ct)));

        forty.Count(r => r == JoinStaffRefusal.None).ShouldBe(1);
        (await town.Count("select count(*) from passkey")).ShouldBe(1);
        await using var connection = await town.Db.Connect(Ct);
        var credential = await connection.QuerySingleAsync<byte[]>("select credential_id from passkey");
        var other = (await Invite(town, "ito")).Token;
        (await Join(town, other, Made(credential, town))).ShouldBe(JoinStaffRefusal.InvalidCode);
        (await town.Get<JoinStaff>().Find(other, Ct)).ShouldNotBeNull("the link is still good");
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static NewPasskey Made(byte[] credential, Town town) => new(Id.New(town.Clock), credential, [4, 5, 6], 0, "internal", false, false);

    static async Task<Invitation> Invite(Town town, string name) => (await town.Get<InviteOperator>().Run(
        new InviteOperatorRequest(name, name, RoleNames.All, null, null), Ct)).Value!;

    static async Task<JoinStaffRefusal> Join(Town town, string token, NewPasskey? passkey, byte[]? secret = null) =>
        (await town.Get<JoinStaff>().Run(new JoinStaffRequest(token, Password, secret,
            secret is null ? null : Totp.CodeAt(secret, town.Clock.GetUtcNow().AddSeconds(-30)), "192.0.2.1", passkey, "Edge, Windows"), Ct)).Refusal;

    static async Task<OperatorId> Joined(Town town, string name, byte[]? credential = null, byte[]? secret = null)
    {
        var invited = await Invite(town, name);
        (await Join(town, invited.Token, credential is null ? null : Made(credential, town), secret)).ShouldBe(JoinStaffRefusal.None);
        return invited.Account;
    }

    static Task<Answer<OpenedSession, OperatorSignInRefusal>> SignIn(Town town, OperatorId who, byte[] credential, Guid challenge, long count) =>
        town.Get<OperatorSignIn>().ByPasskey(
            new SignedByPasskey(challenge, Subject.Operator(who), credential, count, false), "Edge, Windows", Ct);
}
