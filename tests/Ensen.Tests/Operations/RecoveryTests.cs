using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Members;
using Ensen.Tests.Support;

namespace Ensen.Tests.Operations;

/// <summary>The way back of a member who has lost everything: two persons, a day, a link, a call, and nothing is left of what was before.</summary>
public class RecoveryTests
{
    [Theory, BothEngines]
    public async Task Two_persons_a_day_a_link_and_a_call_set_a_password_and_take_all_else_away(Engine engine)
    {
        await using var scene = await RecoveryScene.On(engine);
        var (town, aoi) = (scene.Town, scene.Visitor);
        var id = await scene.Open();
        (await scene.Mailed(NoticeKind.RecoveryBegun)).ShouldNotBeNull().At.ShouldBe(town.Clock.GetUtcNow().AddHours(24));
        town.Clock.Move(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        await scene.CarryOn();
        (await scene.Mailed(NoticeKind.RecoveryLink)).ShouldBeNull("the member has a day to stop it");
        town.Clock.Move(TimeSpan.FromMilliseconds(1));
        await RecoveryScene.Forty(async _ =>
        {
            await scene.CarryOn();
            return true;
        });
        await aoi.Deliver();
        var link = aoi.Mails.Where(m => m.What == NoticeKind.RecoveryLink).ShouldHaveSingleItem("one link, whoever runs the job").Token!;

        var begun = (await scene.Begin(link)).ShouldNotBeNull();
        begun.Methods.ShouldBe([ProofMethod.Call], "no authenticator and no recovery code is asked for");
        (await aoi.Show(begun.Token, ProofMethod.Totp, aoi.Code())).Refusal.ShouldBe(SecondStepRefusal.NotAvailable);
        (await scene.Set(begun.Token)).ShouldBe(ResetPasswordRefusal.StepUpRequired, "the link alone");
        var token = await scene.Called(link);
        (await town.Get<Passkeys>().Of(scene.Subject, Ct)).Count.ShouldBe(1, "nothing is taken away yet");
        (await scene.Set(token, "weak")).ShouldBe(ResetPasswordRefusal.WeakPassword);
        var forty = await RecoveryScene.Forty(_ => scene.Set(token));

        forty.Count(r => r == ResetPasswordRefusal.None).ShouldBe(1);
        forty.Where(r => r != ResetPasswordRefusal.None).ShouldAllBe(r => r == ResetPasswordRefusal.Lapsed);
        (await town.Get<Sessions>().Devices(scene.Subject, Ct)).ShouldBeEmpty();
        (await town.Get<Passkeys>().Of(scene.Subject, Ct)).ShouldBeEmpty();
        (await town.Get<ChangeFactors>().Read(scene.Subject, Ct)).ShouldBe(new Factors(false, 0));
        (await town.Get<LowCaps>().Find(scene.Aoi, Ct)).ShouldBe(new LowCapsInForce(LowCapsCause.Recovered, town.Clock.GetUtcNow().AddHours(72)));
        (await scene.Begin(link)).ShouldBeNull("a link is good once");
        (await scene.Latest()).How.ShouldBe(RecoveryEnd.Used);
        (await scene.Mailed(NoticeKind.Recovered)).ShouldNotBeNull().Device.ShouldBe("Edge, Windows");
        (await aoi.SignIn()).Refusal.ShouldBe(SignInRefusal.Unauthenticated, "the old password");
        (await aoi.SignIn(RecoveryScene.NewPassword)).Next.ShouldNotBeNull().Methods.ShouldBe([ProofMethod.Call]);
        var log = (await town.Get<OperatorLog>().List(500, ct: Ct)).Where(r => r.Detail == id.ToString()).ToList();
        log.Select(r => r.Act).ShouldBe([OperatorAct.ApprovedRecovery, OperatorAct.ProposedRecovery]);
        log[1].Reason.ShouldBe(RecoveryScene.Papers);
    }

    [Theory, BothEngines]
    public async Task Two_accounts_of_one_person_open_nothing_and_of_forty_at_once_one_does(Engine engine)
    {
        await using var scene = await RecoveryScene.On(engine);
        var suzuki = await scene.Town.Operator("Suzuki");
        var again = await scene.Town.Operator("Suzuki 2", of: suzuki);
        var proposed = await RecoveryScene.Forty(_ => scene.Propose(suzuki));
        proposed.Count(a => a.Accepted).ShouldBe(1);
        proposed.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ProposeRecoveryRefusal.InProgress);
        var id = proposed.Single(a => a.Accepted).Value!.Id;

        foreach (var same in (OperatorId[])[suzuki, again])
            (await scene.Approve(id, same)).Refusal.ShouldBe(ApproveRecoveryRefusal.SamePerson);
        (await scene.Mailed(NoticeKind.RecoveryBegun)).ShouldBeNull("nothing has begun");
        var ito = await scene.Town.Operator("Ito");
        var approved = await RecoveryScene.Forty(_ => scene.Approve(id, ito));

        approved.Count(a => a.Accepted).ShouldBe(1);
        approved.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ApproveRecoveryRefusal.Lapsed);
        (await scene.Logged()).ShouldBe([OperatorAct.ProposedRecovery, OperatorAct.ApprovedRecovery]);
        await scene.Visitor.Deliver();
        scene.Visitor.Mails.Count(m => m.What == NoticeKind.RecoveryBegun).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task Who_may_not_opens_and_takes_back_nothing(Engine engine)
    {
        await using var scene = await RecoveryScene.On(engine);
        var clerk = await scene.Town.Operator("Clerk", roles: RoleNames.All & ~OperatorRoles.Security);
        (await scene.Propose(clerk)).Refusal.ShouldBe(ProposeRecoveryRefusal.Forbidden);
        var id = (await scene.Propose(await scene.Town.Operator("Suzuki"))).Value!.Id;

        (await scene.Approve(id, clerk)).Refusal.ShouldBe(ApproveRecoveryRefusal.Forbidden);
        (await scene.Withdraw(id, clerk)).Refusal.ShouldBe(WithdrawRecoveryRefusal.Forbidden);

        (await scene.Latest()).ShouldSatisfyAllConditions(r => r.IsOpen.ShouldBeTrue(), r => r.IsApproved.ShouldBeFalse());
        (await scene.Approve(default, await scene.Town.Operator("Ito"))).Refusal.ShouldBe(ApproveRecoveryRefusal.NotFound);
    }

    [Theory, BothEngines]
    public async Task Whoever_has_lost_nothing_stops_it_by_the_mail_or_on_a_device_and_a_mailed_link_dies(Engine engine)
    {
        await using var scene = await RecoveryScene.On(engine);
        var town = scene.Town;
        await scene.Open();
        var stop = (await scene.Mailed(NoticeKind.RecoveryBegun))!.Token!;
        foreach (var nonsense in new[] { null, "", "another", new string('a', 10_000) })
            (await town.Get<StopRecovery>().ByLink(nonsense, Ct)).Accepted.ShouldBeFalse();
        (await RecoveryScene.Forty(_ => town.Get<StopRecovery>().ByLink(stop, Ct))).Count(a => a.Accepted).ShouldBe(1);
        town.Clock.Move(TimeSpan.FromDays(2));
        await scene.CarryOn();
        (await scene.Mailed(NoticeKind.RecoveryLink)).ShouldBeNull();
        (await scene.Mailed(NoticeKind.RecoveryEnded)).ShouldNotBeNull();
        (await scene.Latest()).How.ShouldBe(RecoveryEnd.Stopped);

        var token = await scene.Called(await scene.Link());
        (await town.Get<StopRecovery>().ByMember(scene.Aoi, Ct)).Accepted.ShouldBeTrue();
        (await scene.Set(token)).ShouldBe(ResetPasswordRefusal.Lapsed);
        (await town.Get<Passkeys>().Of(scene.Subject, Ct)).Count.ShouldBe(1, "nothing was taken away");
        (await town.Get<StopRecovery>().ByMember(scene.Aoi, Ct)).Refusal.ShouldBe(StopRecoveryRefusal.Lapsed);
    }

    [Theory, BothEngines]
    public async Task Of_using_stopping_and_taking_back_at_once_one_happens(Engine engine)
    {
        await using var scene = await RecoveryScene.On(engine);
        var suzuki = await scene.Town.Operator("Suzuki");
        var token = await scene.Called(await scene.Link());
        var id = (await scene.Latest()).Id;

        var done = await RecoveryScene.Forty(async i => (i % 3) switch
        {
            0 => await scene.Set(token) == ResetPasswordRefusal.None,
            1 => (await scene.Town.Get<StopRecovery>().ByMember(scene.Aoi, Ct)).Accepted,
            _ => (await scene.Withdraw(id, suzuki)).Accepted,
        });

        done.Count(d => d).ShouldBe(1);
        var how = (await scene.Latest()).How;
        (await scene.Town.Get<Passkeys>().Of(scene.Subject, Ct)).Count.ShouldBe(how == RecoveryEnd.Used ? 0 : 1);
        (await scene.Logged()).Count(a => a == OperatorAct.WithdrewRecovery).ShouldBe(how == RecoveryEnd.Withdrawn ? 1 : 0);
    }

    [Theory, BothEngines]
    public async Task Approved_and_taken_back_at_once_it_is_over_and_no_link_goes_out(Engine engine)
    {
        await using var scene = await RecoveryScene.On(engine);
        var (suzuki, ito) = (await scene.Town.Operator("Suzuki"), await scene.Town.Operator("Ito"));
        for (var round = 0; round < 5; round++)
        {
            var id = (await scene.Propose(suzuki)).Value!.Id;
            var both = await RecoveryScene.Forty(async i => i % 2 == 0
                ? ("approved", (await scene.Approve(id, ito)).Accepted) : ("withdrawn", (await scene.Withdraw(id, suzuki)).Accepted));

            both.Count(b => b is ("withdrawn", true)).ShouldBe(1);
            var approvals = both.Count(b => b is ("approved", true));
            approvals.ShouldBeLessThanOrEqualTo(1);
            await scene.Visitor.Deliver();
            scene.Visitor.Mails.Count(m => m.What == NoticeKind.RecoveryBegun).ShouldBe(
                scene.Visitor.Mails.Count(m => m.What == NoticeKind.RecoveryEnded), "who was told that it began is told that it is over");
            scene.Town.Clock.Move(TimeSpan.FromDays(2));
            await scene.CarryOn();
        }
        (await scene.Mailed(NoticeKind.RecoveryLink)).ShouldBeNull();
    }

    // A thief with the mailbox talks two operators over; the member, who has lost nothing, pays with the telephone as on every day.
    [Theory, BothEngines]
    public async Task Whoever_is_signed_in_has_not_lost_everything_and_it_ends(Engine engine)
    {
        await using var scene = await RecoveryScene.On(engine);
        await scene.Open();
        await scene.Visitor.Deliver();
        scene.Town.Clock.Move(TimeSpan.FromHours(3));
        await scene.UseDevice();
        await scene.CarryOn();
        (await scene.Latest()).How.ShouldBe(RecoveryEnd.SignedIn);
        (await scene.Mailed(NoticeKind.RecoveryEnded)).ShouldNotBeNull();

        // Also when the link is out, and between the call and the password.
        var link = await scene.Link();
        var token = await scene.Called(link);
        scene.Town.Clock.Move(TimeSpan.FromMinutes(1));
        await scene.UseDevice();
        (await scene.Begin(link)).ShouldBeNull();
        (await scene.Set(token)).ShouldBe(ResetPasswordRefusal.Lapsed);
        await scene.CarryOn();

        // The lost telephone is in somebody else's hands: thrown out, it stands in nobody's way.
        await scene.Open();
        scene.Town.Clock.Move(TimeSpan.FromMinutes(1));
        await scene.UseDevice();
        (await scene.Town.Get<ThrowOut>().Run(new ThrowOutRequest(
            scene.Aoi, scene.Device.Caller.Session, null, "lost", await scene.Town.Operator("Suzuki")), Ct)).Accepted.ShouldBeTrue();
        await scene.CarryOn();
        (await scene.Latest()).IsOpen.ShouldBeTrue();

        await scene.Town.Get<Sessions>().Open(scene.Subject, "Firefox", ct: Ct);
        await scene.CarryOn();
        (await scene.Latest()).How.ShouldBe(RecoveryEnd.SignedIn, "somebody could sign in");
    }

    [Theory, BothEngines]
    public async Task Whoever_resets_a_password_with_the_second_factor_needs_no_recovery(Engine engine)
    {
        await using var scene = await RecoveryScene.On(engine);
        await scene.Open();
        var reset = (await scene.Begin(await scene.Visitor.Link())).ShouldNotBeNull();
        (await scene.Visitor.Show(reset.Token, ProofMethod.Totp, scene.Visitor.Code())).IsDone.ShouldBeTrue();

        (await scene.Set(reset.Token)).ShouldBe(ResetPasswordRefusal.None);

        (await scene.Latest()).How.ShouldBe(RecoveryEnd.SignedIn);
        (await scene.Mailed(NoticeKind.RecoveryEnded)).ShouldNotBeNull();
        (await scene.Town.Get<ChangeFactors>().Read(scene.Subject, Ct)).HasAuthenticator.ShouldBeTrue();
    }

    // A stolen session asked for another address before the approval; its link is opened afterwards, without a session.
    [Theory, BothEngines]
    public async Task Another_address_password_or_telephone_ends_it_whoever_noted_the_session(Engine engine)
    {
        await using var scene = await RecoveryScene.On(engine);
        var (town, caller) = (scene.Town, scene.Device.Caller);
        await Prove(ChangeMail.Purpose);
        (await town.Get<ChangeMail>().Ask(new(scene.Aoi, "thief@example.jp", new StepUpProof(caller), "phone"), Ct)).Accepted.ShouldBeTrue();
        await scene.Open();
        await scene.Visitor.Deliver();
        (await town.Get<ChangeMail>().Confirm(scene.Visitor.Mails.Single(m => m.What == NoticeKind.ConfirmNewMail).Token!, Ct)).Accepted.ShouldBeTrue();
        (await scene.Latest()).How.ShouldBe(RecoveryEnd.SignedIn);
        (await scene.Mailed(NoticeKind.RecoveryEnded))!.To.ShouldBe(Visitor.Email, "where it was told that it began");
        town.Clock.Move(TimeSpan.FromDays(3));
        await scene.CarryOn();
        (await scene.Mailed(NoticeKind.RecoveryLink)).ShouldBeNull();

        await scene.Open();
        await Prove(ChangePassword.Purpose);
        (await town.Get<ChangePassword>().Run(
            new ChangePasswordRequest(scene.Aoi, "Third-line-11", new StepUpProof(caller), "phone", "192.0.2.1"), Ct)).Accepted.ShouldBeTrue();
        (await scene.Latest()).How.ShouldBe(RecoveryEnd.SignedIn);

        await scene.Open();
        await Prove(ChangeTelephone.Purpose);
        (await town.Get<ChangeTelephone>().Ask(new(scene.Aoi, "090-0000-0009", new StepUpProof(caller)), Ct)).ShouldBe(ChangeTelephoneRefusal.None);
        await Prove(ChangeTelephone.Shown);
        (await town.Get<ChangeTelephone>().Finish(scene.Aoi, new StepUpProof(caller), "phone", Ct)).Accepted.ShouldBeTrue();
        (await scene.Latest()).How.ShouldBe(RecoveryEnd.SignedIn);

        Task Prove(StepUpPurpose purpose) => town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, caller, purpose), Ct);
    }

    [Theory, BothEngines]
    public async Task While_mail_is_down_nobody_is_warned_and_no_link_goes_out_until_a_day_after_the_warning(Engine engine)
    {
        await using var scene = await RecoveryScene.On(engine);
        scene.Visitor.MailIsDown = true;
        await scene.Open();
        for (var hour = 0; hour < 30; hour += 6)
        {
            await scene.Town.Get<Outbox>().RunDue(Ct);
            scene.Town.Clock.Move(TimeSpan.FromHours(6));
            await scene.CarryOn();
        }
        (await scene.Latest()).ShouldSatisfyAllConditions(r => r.MailedMs.ShouldBeNull(), r => r.IsOpen.ShouldBeTrue());
        scene.Visitor.MailIsDown = false;
        (await scene.Mailed(NoticeKind.RecoveryBegun)).ShouldNotBeNull();
        scene.Town.Clock.Move(TimeSpan.FromHours(23));
        await scene.CarryOn();
        (await scene.Mailed(NoticeKind.RecoveryLink)).ShouldBeNull("a day from when the member was told");

        scene.Town.Clock.Move(TimeSpan.FromHours(1));
        await scene.CarryOn();

        (await scene.Mailed(NoticeKind.RecoveryLink)).ShouldNotBeNull();
        scene.Visitor.Mails.Count(m => m.What == NoticeKind.RecoveryLink).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task Who_came_by_the_address_or_the_telephone_lately_waits(Engine engine)
    {
        await using var scene = await RecoveryScene.On(engine);
        var (town, suzuki, ito) = (scene.Town, await scene.Town.Operator("Suzuki"), await scene.Town.Operator("Ito"));
        var proof = new StepUpProof(scene.Device.Caller);
        var id = (await scene.Propose(suzuki)).Value!.Id;
        await town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, scene.Device.Caller, ChangeMail.Purpose), Ct);
        (await town.Get<ChangeMail>().Ask(new(scene.Aoi, "thief@example.jp", proof, "phone"), Ct)).Accepted.ShouldBeTrue();
        await scene.Visitor.Deliver();
        (await town.Get<ChangeMail>().Confirm(scene.Visitor.Mails.Single(m => m.What == NoticeKind.ConfirmNewMail).Token!, Ct)).Accepted.ShouldBeTrue();

        (await scene.Approve(id, ito)).Refusal.ShouldBe(ApproveRecoveryRefusal.Held);
        (await scene.Withdraw(id, ito)).Accepted.ShouldBeTrue();
        (await scene.Propose(suzuki)).Refusal.ShouldBe(ProposeRecoveryRefusal.Held);
        town.Clock.Move(TimeSpan.FromHours(72));
        id = (await scene.Propose(suzuki)).Value!.Id;
        await town.Db.Transact(tx => tx.Connection!.ExecuteAsync(
            "insert into telephone_change (id, member, telephone, asked_ms, done_ms) values (@id, @Aoi, '+819000000007', @now, @now)",
            new { id = Id.New(town.Clock), scene.Aoi, now = town.Clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx), Ct);
        (await scene.Approve(id, ito)).Refusal.ShouldBe(ApproveRecoveryRefusal.Held);
        town.Clock.Move(TimeSpan.FromHours(72));
        (await scene.Approve(id, ito)).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Both_persons_have_seen_the_papers_and_nobody_guesses_a_day_of_birth(Engine engine)
    {
        await using var scene = await RecoveryScene.On(engine, hasPapers: true);
        var (suzuki, ito) = (await scene.Town.Operator("Suzuki"), await scene.Town.Operator("Ito"));
        foreach (var other in new[] { null, "", "1990-04-02", "no day" })
            (await scene.Propose(suzuki, other)).Refusal.ShouldBe(ProposeRecoveryRefusal.DifferentPerson, other);
        var id = (await scene.Propose(suzuki, RecoveryScene.BornOn)).Value!.Id;
        (await scene.Approve(id, ito)).Refusal.ShouldBe(ApproveRecoveryRefusal.DifferentPerson, "a press is no look at papers");
        for (var guess = 1; guess <= 5; guess++)
            (await scene.Approve(id, ito, $"1980-01-0{guess}")).Refusal.ShouldBe(ApproveRecoveryRefusal.DifferentPerson);

        (await scene.Approve(id, ito, RecoveryScene.BornOn)).Refusal.ShouldBe(ApproveRecoveryRefusal.TooManyRequests, "ten wrong ones a day");
        (await scene.Withdraw(id, ito)).Accepted.ShouldBeTrue();
        (await scene.Propose(suzuki, RecoveryScene.BornOn)).Refusal.ShouldBe(ProposeRecoveryRefusal.TooManyRequests);
        scene.Town.Clock.Move(TimeSpan.FromDays(1));
        await scene.Open("1990/4/1");
    }

    [Theory, BothEngines]
    public async Task Who_has_lost_the_number_too_shows_verified_papers_waits_a_week_and_calls_from_the_new_one(Engine engine)
    {
        const string New = "+819000000009";
        await using var scene = await RecoveryScene.On(engine, hasPapers: true);
        var (town, aoi) = (scene.Town, scene.Visitor);
        (await scene.Propose(await town.Operator("Suzuki"), RecoveryScene.BornOn, "+1 202 555 0100")).Refusal
            .ShouldBe(ProposeRecoveryRefusal.InvalidRequest, "another country's number shows nothing");
        await scene.Open(RecoveryScene.BornOn, "090-0000-0009");
        await aoi.Deliver();
        town.Clock.Move(TimeSpan.FromDays(6));
        await scene.CarryOn();
        (await scene.Mailed(NoticeKind.RecoveryLink)).ShouldBeNull("a week, not a day");
        town.Clock.Move(TimeSpan.FromDays(1));
        await scene.CarryOn();
        var link = (await scene.Mailed(NoticeKind.RecoveryLink))!.Token!;
        var token = (await scene.Begin(link))!.Token;
        (await town.Get<SecondStep>().Find(token, Ct))!.Telephone.ShouldBe(New);
        var asked = (await aoi.Show(token, ProofMethod.Call)).Call!;
        (await aoi.Call(asked.Asks)).ShouldBeFalse("whoever has the lost number");
        (await aoi.Call(asked.Asks, New)).ShouldBeTrue();
        (await aoi.Show(token, ProofMethod.Call)).IsDone.ShouldBeTrue();
        (await town.Get<MemberDirectory>().Find(scene.Aoi, Ct))!.Telephone.ShouldBe(Visitor.Telephone, "nothing is changed yet");

        (await scene.Set(token)).ShouldBe(ResetPasswordRefusal.None);

        (await town.Get<MemberDirectory>().Find(scene.Aoi, Ct))!.ShouldSatisfyAllConditions(
            m => m.Telephone.ShouldBe(New), m => m.TelephonePossessedMs.ShouldBe(town.Clock.GetUtcNow().ToUnixTimeMilliseconds()));
        (await town.Get<LowCaps>().Find(scene.Aoi, Ct))!.Cause.ShouldBe(LowCapsCause.Recovered);
        (await scene.Propose(await town.Operator("Suzuki"), RecoveryScene.BornOn)).Refusal
            .ShouldBe(ProposeRecoveryRefusal.Held, "the telephone is another since a moment ago");
    }

    [Theory, BothEngines]
    public async Task Who_was_never_verified_and_has_no_telephone_has_no_way_back(Engine engine)
    {
        await using var scene = await RecoveryScene.On(engine, telephone: null);
        var suzuki = await scene.Town.Operator("Suzuki");

        (await scene.Propose(suzuki)).Refusal.ShouldBe(ProposeRecoveryRefusal.NotAvailable);
        (await scene.Propose(suzuki, telephone: "090-0000-0009")).Refusal.ShouldBe(ProposeRecoveryRefusal.NotVerified);
        (await scene.Town.Get<ProposeRecovery>().Run(
            new ProposeRecoveryRequest((await scene.Town.Member("Ren")).Id, RecoveryScene.Papers, suzuki), Ct)).Refusal
            .ShouldBe(ProposeRecoveryRefusal.NotAvailable, "no address");
        (await scene.Logged()).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task What_nobody_approves_or_uses_in_time_lapses(Engine engine)
    {
        await using var scene = await RecoveryScene.On(engine);
        var suzuki = await scene.Town.Operator("Suzuki");
        await scene.Propose(suzuki);
        scene.Town.Clock.Move(Recovery.ApprovedWithin);
        await scene.CarryOn();
        (await scene.Latest()).How.ShouldBe(RecoveryEnd.Lapsed);
        (await scene.Mailed(NoticeKind.RecoveryEnded)).ShouldBeNull("nobody was told that it began");

        var link = await scene.Link();
        var token = await scene.Called(link);
        scene.Town.Clock.Move(TimeSpan.FromMinutes(30));
        (await scene.Set(token)).ShouldBe(ResetPasswordRefusal.Lapsed, "half an hour from the opening");
        (await scene.Begin(link)).ShouldNotBeNull("and the link is good still");
        scene.Town.Clock.Move(TimeSpan.FromHours(72));
        (await scene.Begin(link)).ShouldBeNull();
        await scene.CarryOn();
        (await scene.Latest()).How.ShouldBe(RecoveryEnd.Lapsed);
        (await scene.Mailed(NoticeKind.RecoveryEnded)).ShouldNotBeNull();
        scene.Town.Clock.Move(TimeSpan.FromDays(366));
        await scene.CarryOn();
        (await scene.Town.Count("select count(*) from recovery")).ShouldBe(0, "a year later they are forgotten");
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
