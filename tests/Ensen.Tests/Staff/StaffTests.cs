using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Staff;

/// <summary>How people come to work in the console and leave it: two approve, password and authenticator always, an end at once.</summary>
public class StaffTests
{
    const string Password = "Loop-line-09";

    [Theory, BothEngines]
    public async Task The_first_operator_comes_by_command_and_the_next_by_two_persons(Engine engine)
    {
        await using var town = await Town.On(engine);
        var first = (await Invite(town, "suzuki", null)).Value!;
        first.Waits.ShouldBeFalse();
        var (suzuki, secret) = await Join(town, first.Token);
        (await SignIn(town, "Suzuki ", secret)).Accepted.ShouldBeTrue();

        var second = (await Invite(town, "mori", suzuki.Id)).Value!;
        second.Waits.ShouldBeTrue();
        (await town.Get<JoinStaff>().Find(second.Token, Ct)).ShouldBeNull("nobody has approved yet");
        var further = (await Invite(town, "suzuki.2", null, suzuki.Person)).Value!;
        var (sameOne, _) = await Join(town, further.Token);
        sameOne.Person.ShouldBe(suzuki.Person);
        foreach (var account in new[] { suzuki.Id, sameOne.Id })
            (await town.Get<ApproveInvitation>().Run(second.Account, account, Ct)).Refusal.ShouldBe(ApproveInvitationRefusal.SamePerson);
        var ito = await town.Operator("Ito");
        var answers = await Task.WhenAll(Enumerable.Range(0, 40)
            .Select(_ => Task.Run(() => town.Get<ApproveInvitation>().Run(second.Account, ito, Ct))));
        answers.Count(a => a.Accepted).ShouldBe(1);
        (await Join(town, second.Token)).Who.State.ShouldBe(OperatorState.Active);
    }

    [Theory, BothEngines]
    public async Task A_link_opens_once_in_its_time_for_a_good_password_and_a_right_code(Engine engine)
    {
        await using var town = await Town.On(engine);
        var link = (await Invite(town, "mori", null)).Value!.Token;
        var secret = Totp.NewSecret();
        var code = Totp.CodeAt(secret, town.Clock.GetUtcNow());

        (await Try(link, "short", code)).ShouldBe(JoinStaffRefusal.InvalidPassword);
        (await Try(link, Password, code == "123456" ? "654321" : "123456")).ShouldBe(JoinStaffRefusal.InvalidCode);
        (await Try("nothing", Password, code)).ShouldBe(JoinStaffRefusal.NotFound);
        var forty = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => Try(link, Password, code))));
        forty.Count(r => r == JoinStaffRefusal.None).ShouldBe(1);
        (await town.Get<JoinStaff>().Find(link, Ct)).ShouldBeNull();
        var late = (await Invite(town, "late", null)).Value!.Token;
        town.Clock.Move(TimeSpan.FromDays(7));
        (await Try(late, Password, Totp.CodeAt(secret, town.Clock.GetUtcNow()))).ShouldBe(JoinStaffRefusal.NotFound);

        async Task<JoinStaffRefusal> Try(string token, string password, string shown) =>
            (await town.Get<JoinStaff>().Run(new JoinStaffRequest(token, password, secret, shown, "192.0.2.1"), Ct)).Refusal;
    }

    [Theory, BothEngines]
    public async Task Sign_in_takes_both_and_a_code_once(Engine engine)
    {
        await using var town = await Town.On(engine, new Programme { Membership = new() { TriesPerAccountAndAddress = 100 } });
        var (mori, secret) = await Join(town, (await Invite(town, "mori", null)).Value!.Token);
        (await SignIn(town, "mori", secret, shownBefore: 30)).Refusal.ShouldBe(
            OperatorSignInRefusal.Unauthenticated, "the code that joined is used");
        town.Clock.Move(TimeSpan.FromSeconds(60));

        (await SignIn(town, "mori", secret, password: "Wrong-pass-1")).Refusal.ShouldBe(OperatorSignInRefusal.Unauthenticated);
        (await SignIn(town, "mori", Totp.NewSecret())).Refusal.ShouldBe(OperatorSignInRefusal.Unauthenticated);
        (await SignIn(town, "nobody", secret)).Refusal.ShouldBe(OperatorSignInRefusal.Unauthenticated);
        var ready = await town.Operator("Ready");
        (await SignIn(town, "ready", secret)).Refusal.ShouldBe(OperatorSignInRefusal.Unauthenticated, "no password, no authenticator");
        var forty = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => SignIn(town, "mori", secret))));
        var opened = forty.Where(a => a.Accepted).ShouldHaveSingleItem().Value!;
        opened.Caller.Subject.ShouldBe(Subject.Operator(mori.Id));
        (await town.Get<OperatorLog>().List(100, ct: Ct)).Count(e => e.Act == OperatorAct.SignedIn).ShouldBe(1);

        town.Clock.Move(TimeSpan.FromMinutes(61));
        (await town.Get<Sessions>().Who(opened.Token, Ct)).ShouldBeNull("an hour without use");
        ready.ShouldNotBe(mori.Id);
    }

    [Theory, BothEngines]
    public async Task Who_guesses_at_an_operator_is_slowed_down(Engine engine)
    {
        await using var town = await Town.On(engine, new Programme { Membership = new() { TriesPatienceSeconds = 0 } });
        var (_, secret) = await Join(town, (await Invite(town, "mori", null)).Value!.Token);
        town.Clock.Move(TimeSpan.FromMinutes(1));

        var refusals = new List<OperatorSignInRefusal>();
        for (var i = 0; i < 7; i++)
            refusals.Add((await SignIn(town, "mori", secret, password: $"Wrong-pass-{i}")).Refusal);

        refusals.Take(5).ShouldAllBe(r => r == OperatorSignInRefusal.Unauthenticated);
        refusals[^1].ShouldBe(OperatorSignInRefusal.TooManyRequests);
        (await SignIn(town, "mori", secret)).Refusal.ShouldBe(OperatorSignInRefusal.TooManyRequests, "the right one as well, from there");
    }

    [Theory, BothEngines]
    public async Task Whoever_is_dismissed_is_out_at_once_and_for_ever(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (mori, secret) = await Join(town, (await Invite(town, "mori", null)).Value!.Token);
        town.Clock.Move(TimeSpan.FromMinutes(1));
        var session = (await SignIn(town, "mori", secret)).Value!;
        (await town.Get<Sessions>().Who(session.Token, Ct)).ShouldNotBeNull();

        (await town.Get<DismissOperator>().Run(new DismissOperatorRequest(mori.Id, "left", await town.Operator("Ito")), Ct)).Accepted.ShouldBeTrue();

        (await town.Get<Sessions>().Who(session.Token, Ct)).ShouldBeNull();
        town.Clock.Move(TimeSpan.FromMinutes(1));
        (await SignIn(town, "mori", secret)).Refusal.ShouldBe(OperatorSignInRefusal.Unauthenticated);
        (await town.Get<Operators>().Acting(mori.Id, OperatorRoles.Support, Ct)).ShouldBeNull();
        await using var connection = await town.Db.Connect(Ct);
        (await connection.ExecuteScalarAsync<int>("select count(*) from credential where owner = @Id", new { mori.Id })).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task Who_may_not_invites_approves_and_dismisses_nobody(Engine engine)
    {
        await using var town = await Town.On(engine);
        var clerk = await town.Operator("Clerk", roles: OperatorRoles.Support | OperatorRoles.Security | OperatorRoles.Corrections | OperatorRoles.Audit);
        var ito = await town.Operator("Ito");
        var waiting = (await Invite(town, "mori", ito)).Value!;

        (await Invite(town, "yamada", clerk)).Refusal.ShouldBe(InviteOperatorRefusal.Forbidden);
        (await town.Get<ApproveInvitation>().Run(waiting.Account, clerk, Ct)).Refusal.ShouldBe(ApproveInvitationRefusal.Forbidden);
        (await town.Get<DismissOperator>().Run(new DismissOperatorRequest(ito, "no", clerk), Ct)).Refusal.ShouldBe(DismissOperatorRefusal.Forbidden);
        (await town.Get<Operators>().Find(ito, Ct))!.State.ShouldBe(OperatorState.Active);
    }

    [Theory, BothEngines]
    public async Task Forty_invitations_by_one_sign_in_name_make_one_account(Engine engine)
    {
        await using var town = await Town.On(engine);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => Invite(town, "mori", null))));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == InviteOperatorRefusal.NameTaken);
        (await town.Count("select count(*) from person")).ShouldBe(1);
    }

    [Theory]
    [InlineData("support", OperatorRoles.Support)]
    [InlineData("audit staff", OperatorRoles.Audit | OperatorRoles.Staff)]
    [InlineData("", null)]
    [InlineData("support king", null)]
    [InlineData("none", null)]
    public void Roles_are_read_as_they_are_written(string words, OperatorRoles? roles) =>
        RoleNames.Read(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ShouldBe(roles);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static Task<Answer<Invitation, InviteOperatorRefusal>> Invite(Town town, string signIn, OperatorId? by, PersonId? person = null) =>
        town.Get<InviteOperator>().Run(new InviteOperatorRequest(
            "Mori Ken", signIn, RoleNames.All, person, by is { } account ? new ActingOperator(account) : null), Ct);

    static async Task<(Operator Who, byte[] Secret)> Join(Town town, string token)
    {
        var secret = Totp.NewSecret();
        var joined = await town.Get<JoinStaff>().Run(new JoinStaffRequest(
            token, Password, secret, Totp.CodeAt(secret, town.Clock.GetUtcNow().AddSeconds(-30)), "192.0.2.1"), Ct);
        joined.Refusal.ShouldBe(JoinStaffRefusal.None);
        return (joined.Value!, secret);
    }

    static Task<Answer<OpenedSession, OperatorSignInRefusal>> SignIn(Town town, string name, byte[] secret, string password = Password,
        int shownBefore = 0) =>
        town.Get<OperatorSignIn>().Run(new OperatorSignInRequest(
            name, password, Totp.CodeAt(secret, town.Clock.GetUtcNow().AddSeconds(-shownBefore)), "Edge, Windows", "192.0.2.1"), Ct);
}
