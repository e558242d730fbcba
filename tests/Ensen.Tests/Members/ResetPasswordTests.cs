using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

/// <summary>A forgotten password: link, call or second factor, new password. Nobody learns on the way who is a member.</summary>
public class ResetPasswordTests
{
    const string Other = "Circle-line-10";

    [Theory, BothEngines]
    public async Task A_link_a_call_and_a_new_password_end_every_session_and_the_member_is_told(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await Visitor.In(town);
        var before = (await aoi.SignIn()).Session!;

        var link = await aoi.Link();
        (await town.Count("select count(*) from password_reset where token_hash = @hash", new { hash = AskPasswordReset.Hash(link) })).ShouldBe(1);
        var step = (await Begin(town, link)).ShouldNotBeNull();
        step.Methods.ShouldBe([ProofMethod.Call]);
        (await Set(town, step.Token)).ShouldBe(ResetPasswordRefusal.StepUpRequired, "the link alone");
        var asked = (await aoi.Show(step.Token, ProofMethod.Call)).Call!;
        (await aoi.Call(asked.Asks)).ShouldBeTrue();
        (await aoi.Show(step.Token, ProofMethod.Call)).IsDone.ShouldBeTrue();
        (await town.Get<Sessions>().Who(before.Token, Ct)).ShouldNotBeNull("nothing is changed yet");
        (await Set(town, step.Token, "weak")).ShouldBe(ResetPasswordRefusal.WeakPassword);
        var waiting = (await town.Get<PendingSignIns>().Find(step.Token, Ct)).ShouldNotBeNull();
        waiting.Began.ShouldBe(SignInStart.ResetLink);

        await town.Db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            insert into mail_change (id, member, email, email_key, confirm_hash, undo_hash, asked_ms, expires_ms, undo_until_ms)
            values (@id, @member, 'new@example.jp', 'new@example.jp', @hash, @hash, 0, @far, @far)
            """, new { id = Guid.NewGuid(), member = aoi.Member.Id, hash = new byte[32], far = long.MaxValue }, tx), Ct);

        (await Set(town, step.Token)).ShouldBe(ResetPasswordRefusal.None);

        (await town.Count("select count(*) from mail_change where expires_ms > @far", new { far = long.MaxValue - 1 }))
            .ShouldBe(0, "a change that somebody with the old password asked for is not made any more");
        (await town.Get<Sessions>().Who(before.Token, Ct)).ShouldBeNull();
        (await aoi.SignIn()).Refusal.ShouldBe(SignInRefusal.Unauthenticated, "the old password");
        (await aoi.SignIn(Other)).Next.ShouldNotBeNull("the call has shown that the telephone is hers: a new device is asked for one");
        (await Set(town, step.Token, "Third-line-11")).ShouldBe(ResetPasswordRefusal.Lapsed);
        (await Begin(town, link)).ShouldBeNull("used");
        await aoi.Deliver();
        aoi.Mails.Select(m => m.What).ShouldBe([NoticeKind.SignedIn, NoticeKind.ResetPassword, NoticeKind.PasswordReset]);
    }

    [Theory, BothEngines]
    public async Task Links_lapse_after_thirty_minutes_and_all_of_them_die_with_the_first_that_is_used(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await Visitor.In(town);
        var first = await aoi.Link();
        var second = await aoi.Link();
        town.Clock.Move(TimeSpan.FromMinutes(29));
        (await Begin(town, first)).ShouldNotBeNull("mails overtake each other: the first may be the one that is opened");
        var step = (await Begin(town, second)).ShouldNotBeNull();

        town.Clock.Move(TimeSpan.FromMinutes(1));

        (await Begin(town, first)).ShouldBeNull();
        (await Begin(town, second)).ShouldBeNull();
        (await aoi.Show(step.Token, ProofMethod.Call)).Refusal.ShouldBe(SecondStepRefusal.Lapsed);
        (await Set(town, step.Token)).ShouldBe(ResetPasswordRefusal.Lapsed);
        foreach (var nonsense in new[] { null, "", "x", new string('a', 10_000), second + "x" })
            (await Begin(town, nonsense)).ShouldBeNull();
        var (third, fourth) = (await aoi.Link(), await aoi.Link());
        var (used, other) = ((await Begin(town, third))!.Token, (await Begin(town, fourth))!.Token);
        await Prove(aoi, used);
        await Prove(aoi, other);
        (await Set(town, used)).ShouldBe(ResetPasswordRefusal.None);
        (await Begin(town, fourth)).ShouldBeNull("another link was used");
        (await Set(town, other, "Third-line-11")).ShouldBe(ResetPasswordRefusal.Lapsed);
        town.Clock.Move(TimeSpan.FromDays(3));
        (await town.Get<AskPasswordReset>().Tidy(Ct)).ShouldBe(1, "the used one, with which the others went");
    }

    [Theory, BothEngines]
    public async Task Who_has_just_called_signs_in_with_the_new_password_alone_once_and_where_they_called(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await Visitor.In(town);
        var step = (await Begin(town, await aoi.Link()))!.Token;
        (await aoi.SignIn(waiting: step)).Session.ShouldNotBeNull("a sign-in that is not so far changes nothing: no call has come from the telephone yet");
        await Prove(aoi, step);
        (await Set(town, step)).ShouldBe(ResetPasswordRefusal.None);

        (await aoi.SignIn(Other)).Next.ShouldNotBeNull("elsewhere a call is asked for");
        (await aoi.SignIn(Other, waiting: "chl_" + new string('0', 26))).Next.ShouldNotBeNull();
        (await aoi.SignIn(waiting: step)).Refusal.ShouldBe(SignInRefusal.Unauthenticated, "the old password");
        (await aoi.Show(step, ProofMethod.Call)).Refusal.ShouldBe(SecondStepRefusal.Lapsed, "the password is all that is left");
        (await town.Get<SecondStep>().Find(step, Ct)).ShouldBeNull();
        var signedIn = (await aoi.SignIn(Other, waiting: step)).Session.ShouldNotBeNull();
        (await town.Get<LowCaps>().Find(aoi.Member.Id, Ct)).ShouldNotBeNull("a new device is one all the same");
        (await aoi.SignIn(Other, waiting: step)).Next.ShouldNotBeNull("once");
        (await town.Get<Sessions>().Who(signedIn.Token, Ct)).ShouldNotBeNull();
    }

    [Theory, BothEngines]
    public async Task What_was_shown_lapses_with_the_minutes_and_with_another_password(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await Visitor.In(town);
        var first = await ResetBy(town, aoi, Other);
        town.Clock.Move(TimeSpan.FromMinutes(town.Programme.Membership.StepUpMinutes));
        (await aoi.SignIn(Other, waiting: first)).Next.ShouldNotBeNull("too late");

        var second = await ResetBy(town, aoi, "Third-line-11");
        await town.Db.Transact(tx => Credentials.Set(
            tx, aoi.Member.Id, CredentialKind.Password, PasswordHash.Make("Fourth-line-12"), town.Clock.GetUtcNow()), Ct);
        (await aoi.SignIn("Fourth-line-12", waiting: second)).Next.ShouldNotBeNull("another password than the one that was set there");
    }

    // Whoever has the mailbox alone shows nothing beside the link, so nothing of it is left over for what is set up meanwhile.
    [Theory, BothEngines]
    public async Task A_link_alone_shows_nothing_for_the_sign_in(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await Visitor.In(town, telephone: null);
        var step = (await Begin(town, await aoi.Link()))!.Token;
        await aoi.SetUpAuthenticator();
        (await Set(town, step)).ShouldBe(ResetPasswordRefusal.None);

        (await aoi.SignIn(Other, waiting: step)).Next.ShouldNotBeNull().Methods.ShouldBe([ProofMethod.Totp]);
    }

    [Theory, BothEngines]
    public async Task Of_forty_sign_ins_at_once_with_what_was_shown_one_passes(Engine engine)
    {
        await using var town = await Town.On(engine, new Programme { Membership = new() { TriesPerAccountAndAddress = 100, TriesPerAccount = 100 } });
        var aoi = await Visitor.In(town);
        var shown = await ResetBy(town, aoi, Other);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => aoi.SignIn(Other, waiting: shown), Ct)));

        answers.Count(a => a.Session is not null).ShouldBe(1);
        answers.Count(a => a.Next is not null).ShouldBe(39, "the others are asked for a call");
    }

    [Theory, BothEngines]
    public async Task A_link_dies_with_the_address_that_it_was_mailed_to_and_with_the_password_that_it_was_for(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await Visitor.In(town);
        var session = (await aoi.SignIn()).Session!.Caller;
        var first = await aoi.Link();
        await town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, session, ChangeMail.Purpose), Ct);
        (await town.Get<ChangeMail>().Ask(
            new ChangeMailRequest(aoi.Member.Id, "aoi.new@example.jp", new StepUpProof(session), "phone", "192.0.2.1"), Ct)).Accepted.ShouldBeTrue();
        await aoi.Deliver();
        (await Begin(town, first)).ShouldNotBeNull("nothing is changed yet");
        (await town.Get<ChangeMail>().Confirm(aoi.Mails.Single(m => m.What == NoticeKind.ConfirmNewMail).Token!, Ct)).Accepted.ShouldBeTrue();
        (await Begin(town, first)).ShouldBeNull("another address");

        var second = await aoi.Link("aoi.new@example.jp");
        var step = (await Begin(town, second))!.Token;
        await town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, session, ChangePassword.Purpose), Ct);
        (await town.Get<ChangePassword>().Run(
            new ChangePasswordRequest(aoi.Member.Id, Other, new StepUpProof(session), "phone", "192.0.2.1"), Ct)).Accepted.ShouldBeTrue();
        (await Begin(town, second)).ShouldBeNull("another password");
        (await aoi.Show(step, ProofMethod.Call)).Refusal.ShouldBe(SecondStepRefusal.Lapsed);
    }

    [Theory, BothEngines]
    public async Task An_authenticator_is_not_passed_by(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await Visitor.In(town);
        await aoi.SetUpAuthenticator();
        await aoi.Possess();
        var codes = await aoi.MakeCodes();
        var step = (await Begin(town, await aoi.Link()))!;
        step.Methods.ShouldBe([ProofMethod.Totp, ProofMethod.RecoveryCode]);

        (await aoi.Show(step.Token, ProofMethod.Call)).Refusal.ShouldBe(SecondStepRefusal.NotAvailable);
        (await aoi.Show(step.Token, ProofMethod.Totp, "000000x")).Refusal.ShouldBe(SecondStepRefusal.Unauthenticated);
        (await Set(town, step.Token)).ShouldBe(ResetPasswordRefusal.StepUpRequired);
        var done = await aoi.Show(step.Token, ProofMethod.RecoveryCode, codes[3]);
        (done.IsDone, done.Session).ShouldBe((true, null), "no session comes of a reset");
        (await Set(town, step.Token)).ShouldBe(ResetPasswordRefusal.None);
        (await aoi.SignIn(Other)).Next!.Methods.ShouldContain(ProofMethod.Totp);
    }

    [Theory, BothEngines]
    public async Task Only_an_address_that_its_owner_confirmed_gets_a_mail_and_everybody_is_answered_the_same(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await Visitor.In(town);
        await town.Db.Transact(tx => tx.Connection!.ExecuteAsync("update member set mail_confirmed = @no", new { no = false }, tx), Ct);

        foreach (var email in new[] { Visitor.Email, "nobody@example.jp", "AOI@example.jp " })
            (await town.Get<AskPasswordReset>().Run(new PasswordResetAsked(email, "192.0.2.1"), Ct)).Accepted.ShouldBeTrue(email);
        await aoi.Deliver();
        aoi.Mails.ShouldBeEmpty();

        await town.Db.Transact(tx => tx.Connection!.ExecuteAsync("update member set mail_confirmed = @yes", new { yes = true }, tx), Ct);
        (await town.Get<AskPasswordReset>().Run(new PasswordResetAsked(" Aoi@Example.JP", "192.0.2.1"), Ct)).Accepted.ShouldBeTrue();
        await aoi.Deliver();
        aoi.Mails.ShouldHaveSingleItem().To.ShouldBe(Visitor.Email, "to the address that is registered, not to the one that was typed");
        (await town.Count("select count(*) from outbox where body like '%example%'")).ShouldBe(0, "the address that was typed is forgotten");
    }

    [Theory, BothEngines]
    public async Task So_many_mails_go_to_one_mailbox_and_then_none_whoever_has_it(Engine engine)
    {
        await using var town = await Town.On(engine, new Programme { Membership = new() { MailsPerMailbox = 3 } });
        var aoi = await Visitor.In(town);
        foreach (var mailbox in new[] { "aoi", "nobody" })
            for (var i = 0; i < 5; i++)
                (await town.Get<AskPasswordReset>().Run(new PasswordResetAsked($"{mailbox}@example.jp", $"192.0.2.{i}"), Ct)).Refusal.ShouldBe(
                    i < 3 ? AskPasswordResetRefusal.None : AskPasswordResetRefusal.TooManyRequests, $"{mailbox} {i}");
        await aoi.Deliver();
        aoi.Mails.Count.ShouldBe(3);
        (await town.Get<AskPasswordReset>().Run(new PasswordResetAsked("no address", "192.0.2.1"), Ct)).Refusal
            .ShouldBe(AskPasswordResetRefusal.InvalidRequest);
    }

    [Theory, BothEngines]
    public async Task A_request_that_is_worked_on_twice_mails_one_link(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await Visitor.In(town);
        var item = new OutboxItem(Id.New(town.Clock), AskPasswordReset.Kind, $$"""{"email":"{{Visitor.Email}}"}""", 0);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => town.Get<AskPasswordReset>().Send(item, Ct), Ct)));

        await aoi.Deliver();
        aoi.Mails.ShouldHaveSingleItem();
    }

    [Theory, BothEngines]
    public async Task Of_forty_who_use_one_link_at_once_one_sets_a_password(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await Visitor.In(town, telephone: null);
        var link = await aoi.Link();
        var steps = new List<string>();
        for (var i = 0; i < 40; i++)
            steps.Add((await Begin(town, link))!.Token);

        var set = await Task.WhenAll(steps.Select((token, i) => Task.Run(() => Set(town, token, $"Circle-line-{i:D2}"), Ct)));

        set.Count(s => s == ResetPasswordRefusal.None).ShouldBe(1);
        set.Where(s => s != ResetPasswordRefusal.None).ShouldAllBe(s => s == ResetPasswordRefusal.Lapsed);
        var winner = Array.IndexOf(set, ResetPasswordRefusal.None);
        var proof = (await town.Get<MemberProofs>().Find(aoi.Member.Id, Ct))!;
        PasswordHash.Verify(proof.PasswordHash, $"Circle-line-{winner:D2}").ShouldNotBe(PasswordVerdict.Wrong);
    }

    [Theory, BothEngines]
    public async Task Where_too_many_passwords_are_hashed_nothing_is_changed(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await Visitor.In(town, telephone: null);
        var step = (await Begin(town, await aoi.Link()))!;
        var full = new HashLine(atOnce: 1, mostWaiting: 0);
        using var held = new ManualResetEventSlim();
        var first = full.Run("elsewhere", first: true, () => { held.Wait(Ct); return ""; }, Ct);
        var reset = new ResetPassword(town.Db, town.Get<PendingSignIns>(), town.Get<SecondFactors>(), town.Get<Sessions>(), town.Get<StepUp>(),
            town.Get<MemberDirectory>(), full, town.Get<LowCaps>(), town.Get<Outbox>(), town.Programme, town.Clock);

        (await reset.Run(new ResetPasswordRequest(step.Token, Other, "phone", "192.0.2.1"), Ct)).Refusal
            .ShouldBe(ResetPasswordRefusal.TooManyRequests);

        held.Set();
        await first;
        (await aoi.SignIn()).Session.ShouldNotBeNull("the password is the old one");
        (await Set(town, step.Token)).ShouldBe(ResetPasswordRefusal.None, "and the link is good still");
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Shows the second thing by a call.</summary>
    static async Task Prove(Visitor who, string step)
    {
        (await who.Call((await who.Show(step, ProofMethod.Call)).Call!.Asks)).ShouldBeTrue();
        (await who.Show(step, ProofMethod.Call)).IsDone.ShouldBeTrue();
    }

    /// <summary>A whole reset by a call; answers the token of its sign-in.</summary>
    static async Task<string> ResetBy(Town town, Visitor who, string password)
    {
        var step = (await Begin(town, await who.Link()))!.Token;
        await Prove(who, step);
        (await Set(town, step, password)).ShouldBe(ResetPasswordRefusal.None);
        return step;
    }

    static Task<SecondStepAsked?> Begin(Town town, string? link) => town.Get<ResetPassword>().Begin(link, "Edge, Windows", Ct);

    static async Task<ResetPasswordRefusal> Set(Town town, string token, string password = Other) =>
        (await town.Get<ResetPassword>().Run(new ResetPasswordRequest(token, password, "Edge, Windows", "192.0.2.1"), Ct)).Refusal;
}
