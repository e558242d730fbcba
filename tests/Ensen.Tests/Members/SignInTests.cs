using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

/// <summary>Signing in step by step: password, second factor where the member has one, session.</summary>
public class SignInTests
{
    /// <summary>Nobody is slowed down, so that what refuses is what is looked at here.</summary>
    static readonly Programme s_unhurried = new() { Membership = new() { TriesPerAccountAndAddress = 1_000, TriesPerAccount = 1_000 } };

    [Theory, BothEngines]
    public async Task Without_a_second_factor_the_password_opens_a_session(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        var aoi = await Visitor.In(town);

        (await aoi.SignIn("Wrong-pass-1")).Refusal.ShouldBe(SignInRefusal.Unauthenticated);
        var opened = (await aoi.SignIn()).Session.ShouldNotBeNull();

        (await town.Get<Sessions>().Who(opened.Token, Ct))!.Owner.ShouldBe(aoi.Member.Id.Value);
        await aoi.Deliver();
        aoi.Mails.ShouldHaveSingleItem().What.ShouldBe(NoticeKind.SignedIn);
    }

    [Theory, BothEngines]
    public async Task An_authenticator_is_asked_for_on_every_device_and_its_code_opens_one_session(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        var aoi = await Visitor.In(town);
        await aoi.SetUpAuthenticator();
        await aoi.Possess();
        var known = new KnownDevice(Guid.NewGuid(), [aoi.Member.Id]);

        (await aoi.SignIn(known: known)).Next!.Methods.ShouldBe([ProofMethod.Totp]);
        var asked = (await aoi.SignIn()).Next!;
        asked.Methods.ShouldBe([ProofMethod.Totp], "a call stands in for no authenticator");
        (await town.Count("select count(*) from session")).ShouldBe(0);
        foreach (var code in new[] { "", "000000x", "123", null })
            (await aoi.Show(asked.Token, ProofMethod.Totp, code)).Refusal.ShouldBe(SecondStepRefusal.Unauthenticated, code);
        (await aoi.Show(asked.Token, ProofMethod.Call)).Refusal.ShouldBe(SecondStepRefusal.NotAvailable);
        (await aoi.Show(asked.Token, ProofMethod.Password, Visitor.Password)).Refusal.ShouldBe(SecondStepRefusal.NotAvailable);

        var done = await aoi.Show(asked.Token, ProofMethod.Totp, aoi.Code());

        (await town.Get<Sessions>().Who(done.Session.ShouldNotBeNull().Token, Ct)).ShouldNotBeNull();
        (await aoi.Show(asked.Token, ProofMethod.Totp, aoi.Code(30))).Refusal.ShouldBe(SecondStepRefusal.Lapsed, "it opened its session");
        (await aoi.Show(await aoi.Waiting(), ProofMethod.Totp, aoi.Code())).Refusal.ShouldBe(SecondStepRefusal.Unauthenticated, "used");
        await aoi.Deliver();
        aoi.Mails.ShouldHaveSingleItem().What.ShouldBe(NoticeKind.SignedIn);
    }

    [Theory, BothEngines]
    public async Task A_recovery_code_does_it_once_and_the_member_is_told_from_where(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        var aoi = await Visitor.In(town);
        await aoi.SetUpAuthenticator();
        var codes = await aoi.MakeCodes();

        (await aoi.Show(await aoi.Waiting(), ProofMethod.RecoveryCode, codes[0])).Session.ShouldNotBeNull();
        (await aoi.Show(await aoi.Waiting(), ProofMethod.RecoveryCode, codes[0])).Refusal.ShouldBe(SecondStepRefusal.Unauthenticated);

        await aoi.Deliver();
        aoi.Mails.Single(m => m.What == NoticeKind.RecoveryCodeUsed).Device.ShouldBe("Safari, iPhone");
    }

    [Theory, BothEngines]
    public async Task On_a_new_device_a_call_from_the_telephone_that_is_the_members_is_asked_for(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        var aoi = await Visitor.In(town);
        await aoi.Possess();
        var known = new KnownDevice(Guid.NewGuid(), [aoi.Member.Id]);
        (await aoi.SignIn(known: known)).Session.ShouldNotBeNull("the device is known");

        var token = await aoi.Waiting();
        var asked = (await aoi.Show(token, ProofMethod.Call)).Call.ShouldNotBeNull();
        Town.Numbers.ShouldContain(asked.Asks);
        (await aoi.Show(token, ProofMethod.Call)).Call!.Id.ShouldBe(asked.Id, "the same number until it is called");
        var other = await aoi.Waiting();
        (await aoi.Call(asked.Asks)).ShouldBeTrue();
        (await aoi.Show(other, ProofMethod.Call)).Session.ShouldBeNull("another sign-in's call");

        (await aoi.Show(token, ProofMethod.Call)).Session.ShouldNotBeNull();
        (await aoi.Show(token, ProofMethod.Call)).Refusal.ShouldBe(SecondStepRefusal.Lapsed);
    }

    [Theory, BothEngines]
    public async Task A_call_that_comes_too_late_opens_nothing_and_another_number_is_shown(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        var aoi = await Visitor.In(town);
        await aoi.Possess();
        var token = await aoi.Waiting();
        var asked = (await aoi.Show(token, ProofMethod.Call)).Call!;
        town.Clock.Move(TimeSpan.FromSeconds(120));

        (await aoi.Call(asked.Asks)).ShouldBeFalse();

        (await aoi.Show(token, ProofMethod.Call)).Call!.Id.ShouldNotBe(asked.Id);
        town.Clock.Move(TimeSpan.FromMinutes(8));
        (await aoi.Show(token, ProofMethod.Call)).Refusal.ShouldBe(SecondStepRefusal.Lapsed, "ten minutes after the password");
        town.Clock.Move(TimeSpan.FromDays(3));
        (await town.Get<PendingSignIns>().Tidy(Ct)).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task Of_forty_who_show_it_at_once_one_comes_in(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        var aoi = await Visitor.In(town);
        await aoi.SetUpAuthenticator();
        var codes = await aoi.MakeCodes();
        var token = await aoi.Waiting();

        var shown = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(
            () => aoi.Show(token, i % 2 == 0 ? ProofMethod.Totp : ProofMethod.RecoveryCode, i % 2 == 0 ? aoi.Code() : codes[i / 4]), Ct)));
        shown.Count(s => s.Session is not null).ShouldBe(1);

        // The last step alone: forty rows of the database, one sign-in.
        var waiting = (await town.Get<PendingSignIns>().Find(await aoi.Waiting(), Ct))!;
        using var start = new Barrier(40);
        var ended = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait(Ct);
            return town.Db.Transact(tx => town.Get<PendingSignIns>().End(tx, waiting), Ct);
        }, Ct, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
        ended.Count(e => e).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_password_that_is_changed_and_a_freeze_end_what_waits(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        var aoi = await Visitor.In(town);
        await aoi.SetUpAuthenticator();
        var token = await aoi.Waiting();
        await town.Db.Transact(tx => Credentials.Set(
            tx, aoi.Member.Id, CredentialKind.Password, PasswordHash.Make("Other-line-10"), town.Clock.GetUtcNow()), Ct);
        (await aoi.Show(token, ProofMethod.Totp, aoi.Code())).Refusal.ShouldBe(SecondStepRefusal.Lapsed);

        town.Clock.Move(TimeSpan.FromMinutes(1));
        await town.Db.Transact(tx => Credentials.Set(
            tx, aoi.Member.Id, CredentialKind.Password, PasswordHash.Make(Visitor.Password), town.Clock.GetUtcNow()), Ct);
        await town.Db.Transact(tx => Authenticators.Remove(tx, aoi.Member.Id), Ct);
        await aoi.Possess();
        var called = await aoi.Waiting();
        var asked = (await aoi.Show(called, ProofMethod.Call)).Call!;
        await town.Get<Thaw>().Freeze(aoi.Member.Id, "phone", Ct);
        (await aoi.Call(asked.Asks)).ShouldBeFalse("whoever locks a door takes the open keys back");
    }

    [Theory, BothEngines]
    public async Task A_call_that_did_not_come_in_time_is_told_and_another_number_is_asked_for(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        var aoi = await Visitor.In(town);
        await aoi.Possess();
        var waiting = await aoi.Waiting();
        (await Look()).ShouldBe((null, false));
        var first = (await aoi.Show(waiting, ProofMethod.Call)).Call!;
        (await Look()).ShouldBe((first.Id, false));

        town.Clock.Move(town.Programme.Membership.CallLife);

        (await Look()).ShouldBe((null, true));
        (await aoi.Call(first.Asks)).ShouldBeFalse();
        var second = (await aoi.Show(waiting, ProofMethod.Call)).Call!;
        (await Look()).ShouldBe((second.Id, false));
        (await aoi.Call(second.Asks)).ShouldBeTrue();
        (await aoi.Show(waiting, ProofMethod.Call)).Session.ShouldNotBeNull();

        async Task<(ChallengeId?, bool)> Look() =>
            (await town.Get<SecondStep>().Find(waiting, Ct)) is { } state ? (state.Call?.Id, state.CallLapsed) : default;
    }

    [Theory, BothEngines]
    public async Task On_a_new_device_little_leaves_the_wallet_for_a_day_and_the_device_can_be_thrown_out(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        var aoi = await Visitor.In(town);
        var first = await town.Get<SignIn>().Open(aoi.Member, "the first device", Ct);
        (await aoi.SignIn(known: new KnownDevice(Guid.NewGuid(), [aoi.Member.Id]))).Session.ShouldNotBeNull();
        (await town.Get<LowCaps>().Find(aoi.Member.Id, Ct)).ShouldBeNull("neither is new");

        var device = (await aoi.SignIn()).Session!;

        var low = (await town.Get<LowCaps>().Find(aoi.Member.Id, Ct)).ShouldNotBeNull();
        (low.Cause, low.Until).ShouldBe((LowCapsCause.NewDevice, town.Clock.GetUtcNow().AddHours(24)));
        (await town.Get<Sessions>().Devices(first.Caller.Subject, Ct)).Select(d => d.Name).ShouldContain("Safari, iPhone");
        (await town.Get<Sessions>().End(first.Caller.Subject, device.Caller.Session, Ct)).ShouldBeTrue();
        (await town.Get<Sessions>().Who(device.Token, Ct)).ShouldBeNull();
        town.Clock.Move(TimeSpan.FromHours(24));
        (await town.Get<LowCaps>().Find(aoi.Member.Id, Ct)).ShouldBeNull();

        await aoi.SetUpAuthenticator();
        (await aoi.Show(await aoi.Waiting(), ProofMethod.Totp, aoi.Code())).Session.ShouldNotBeNull();
        (await town.Get<LowCaps>().Find(aoi.Member.Id, Ct))!.Cause.ShouldBe(LowCapsCause.NewDevice, "also after a second factor");
    }

    [Theory, BothEngines]
    public async Task While_no_mail_can_be_sent_members_sign_in_and_are_told_later_once(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        var aoi = await Visitor.In(town);
        aoi.MailIsDown = true;
        (await aoi.SignIn()).Session.ShouldNotBeNull();
        for (var minute = 0; minute < 60; minute++)
        {
            await town.Get<Outbox>().RunDue(Ct);
            town.Clock.Move(TimeSpan.FromMinutes(1));
        }
        aoi.Mails.ShouldBeEmpty();

        aoi.MailIsDown = false;
        town.Clock.Move(TimeSpan.FromHours(1));
        await aoi.Deliver();
        await aoi.Deliver();

        aoi.Mails.ShouldHaveSingleItem().What.ShouldBe(NoticeKind.SignedIn);
    }

    [Theory, BothEngines]
    public async Task Guesses_at_the_second_step_are_slowed_down(Engine engine)
    {
        await using var town = await Town.On(engine, Club.Impatient);
        var aoi = await Visitor.In(town);
        await aoi.SetUpAuthenticator();
        var token = await aoi.Waiting();
        var refused = 0;
        for (var i = 0; i < 30; i++)
            if ((await aoi.Show(token, ProofMethod.Totp, $"{i:D6}")) is { Refusal: SecondStepRefusal.TooManyRequests, Wait: not null })
                refused++;

        refused.ShouldBeGreaterThan(20);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
