using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Notices;
using Ensen.Operations;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

/// <summary>Another address and another telephone: who may, what the owner of the one before can do, and what is told to whom.</summary>
public class ChangeContactTests
{
    const string Old = "aoi@example.jp";
    const string New = "aoi.new@example.jp";
    const string NewNumber = "+819000000009";

    [Theory, BothEngines]
    public async Task A_new_telephone_is_registered_once_it_has_called_and_low_caps_begin(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, session, mails) = await Scene(town);
        (await town.Get<ChangeTelephone>().Ask(new(aoi, "090-0000-0009", new StepUpProof(session)), Ct))
            .ShouldBe(ChangeTelephoneRefusal.StepUpRequired);
        await Prove(town, session, ChangeTelephone.Purpose);
        foreach (var no in new[] { "119", "+442071234567", "090-0000-0001" })
            (await town.Get<ChangeTelephone>().Ask(new(aoi, no, new StepUpProof(session)), Ct)).ShouldBe(
                ChangeTelephoneRefusal.InvalidRequest, no);
        (await town.Get<ChangeTelephone>().Ask(new(aoi, "090-0000-0009", new StepUpProof(session)), Ct)).ShouldBe(ChangeTelephoneRefusal.None);
        (await Finish(town, aoi, new StepUpProof(session))).Refusal.ShouldBe(ChangeTelephoneRefusal.StepUpRequired);

        var asked = (await town.Get<StepUp>().Begin(session, ChangeTelephone.Shown, ProofMethod.Call, ct: Ct)).Value!;
        (await Call(town, "+819000000001", asked.Asks!)).ShouldBeFalse("the old one shows nothing of the new");
        (await Call(town, NewNumber, asked.Asks!)).ShouldBeTrue();
        (await town.Get<MemberDirectory>().Find(aoi, Ct))!.Telephone.ShouldBe("+819000000001", "a call alone changes nothing");
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ =>
            Task.Run(() => Finish(town, aoi, new StepUpProof(session, asked.Id)), Ct)));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ChangeTelephoneRefusal.StepUpRequired);
        var member = (await town.Get<MemberDirectory>().Find(aoi, Ct))!;
        (member.Telephone, member.TelephonePossessedMs).ShouldBe((NewNumber, town.Clock.GetUtcNow().ToUnixTimeMilliseconds()));
        (await town.Get<LowCaps>().Find(aoi, Ct)).ShouldBe(
            new LowCapsInForce(LowCapsCause.TelephoneChanged, town.Clock.GetUtcNow().AddHours(72)));
        (await mails.To(Old)).ShouldHaveSingleItem().Subject.ShouldContain("電話番号を変更しました");
        (await town.Count("select count(*) from telephone_change where telephone_before = '+819000000001'")).ShouldBe(1);
        town.Clock.Move(TimeSpan.FromHours(73));
        await town.Get<ChangeTelephone>().Tidy(Ct);
        (await town.Count("select count(*) from telephone_change")).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task A_free_and_a_taken_address_are_answered_alike_and_a_link_changes_the_address_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, session, mails) = await Scene(town);
        var ren = await Member(town, "Ren", "ren@example.jp");
        (await Ask(town, session, New)).Refusal.ShouldBe(ChangeMailRefusal.StepUpRequired);
        (await Ask(town, session, "nowhere", prove: true)).Refusal.ShouldBe(ChangeMailRefusal.InvalidRequest);
        (await Ask(town, session, "AOI@example.jp")).Refusal.ShouldBe(ChangeMailRefusal.InvalidRequest);

        (await Ask(town, session, "ren@example.jp")).Accepted.ShouldBeTrue("whether it is taken is nobody's to know");
        (await mails.To("ren@example.jp")).ShouldHaveSingleItem().Body.ShouldContain("Ren 様", Case.Sensitive, "its owner is told, and of nobody");
        (await Ask(town, session, New, prove: true)).Accepted.ShouldBeTrue();
        var link = Token((await mails.To(New)).ShouldHaveSingleItem());
        (await town.Get<MemberDirectory>().FindByEmail(New, Ct)).ShouldBeNull("nothing changes before the link");
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => town.Get<ChangeMail>().Confirm(link, Ct), Ct)));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ConfirmMailRefusal.CodeUsed);
        (await town.Get<MemberDirectory>().FindByEmail(New, Ct))!.Id.ShouldBe(aoi);
        (await town.Get<MemberDirectory>().FindByEmail(Old, Ct)).ShouldBeNull();
        (await town.Get<MemberProofs>().FindByEmail(Old, Ct)).ShouldBeNull("the old one signs nobody in");
        (await Register(town, Old)).ShouldBe(RegisterRefusal.EmailTaken, "it is held while the change can be taken back");
        town.Clock.Move(TimeSpan.FromHours(73));
        (await town.Get<UndoMailChange>().Run(Token((await mails.To(Old))[0]), "phone", Ct)).Refusal.ShouldBe(ConfirmMailRefusal.CodeExpired);
        (await Register(town, Old)).ShouldBe(RegisterRefusal.None);
        (await town.Get<MemberDirectory>().Find(ren, Ct))!.Email.ShouldBe("ren@example.jp");
    }

    [Theory, BothEngines]
    public async Task A_change_under_way_is_told_masked_and_withdrawn_without_a_proof(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, session, mails) = await Scene(town);
        var (change, telephone) = (town.Get<ChangeMail>(), town.Get<ChangeTelephone>());
        (await change.UnderWay(aoi, Ct)).ShouldBeNull();
        (await telephone.UnderWay(aoi, Ct)).ShouldBeNull();

        var now = Instant.OfMilliseconds(town.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        await Ask(town, session, New, prove: true);
        await Prove(town, session, ChangeTelephone.Purpose);
        await telephone.Ask(new(aoi, NewNumber, new StepUpProof(session)), Ct);

        (await change.UnderWay(aoi, Ct)).ShouldBe(new ChangeUnderWay("a**@example.jp", now.AddHours(24)));
        (await telephone.UnderWay(aoi, Ct)).ShouldBe(new ChangeUnderWay("090-****-0009", now.AddHours(1)));
        var ren = await Member(town, "Ren", "ren@example.jp");
        (await change.Withdraw(ren, Ct)).ShouldBeFalse("it is Aoi's");
        (await telephone.Withdraw(ren, Ct)).ShouldBeFalse();
        (await change.Withdraw(aoi, Ct)).ShouldBeTrue();
        (await telephone.Withdraw(aoi, Ct)).ShouldBeTrue();
        ((await change.UnderWay(aoi, Ct)), (await telephone.UnderWay(aoi, Ct))).ShouldBe((null, null));
        (await change.Confirm(Token((await mails.To(New))[0]), Ct)).Refusal.ShouldBe(ConfirmMailRefusal.CodeExpired);
        await Prove(town, session, ChangeTelephone.Shown);
        (await Finish(town, aoi, new StepUpProof(session))).Refusal.ShouldBe(ChangeTelephoneRefusal.NotFound);
        (await change.Withdraw(aoi, Ct)).ShouldBeFalse("nothing is under way");

        await Ask(town, session, "ren@example.jp", prove: true);
        (await change.UnderWay(aoi, Ct)).ShouldNotBeNull("the same whether or not the address is somebody's").Masked.ShouldBe("r**@example.jp");
        town.Clock.Move(TimeSpan.FromHours(24));
        (await change.UnderWay(aoi, Ct)).ShouldBeNull("the link has lapsed");
    }

    [Theory, BothEngines]
    public async Task Whoever_did_not_ask_takes_it_back_from_the_old_mailbox_and_the_thief_is_out(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, thief, mails) = await Scene(town);
        await Ask(town, thief, New, prove: true);
        (await town.Get<ChangeMail>().Confirm(Token((await mails.To(New))[0]), Ct)).Accepted.ShouldBeTrue();
        var link = Token((await mails.To(Old)).ShouldHaveSingleItem());
        await Ask(town, thief, "further@example.jp", prove: true);
        var further = Token((await mails.To("further@example.jp"))[0]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => town.Get<UndoMailChange>().Run(link, "phone", Ct), Ct)));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ConfirmMailRefusal.CodeUsed);
        (await town.Get<MemberDirectory>().FindByEmail(Old, Ct))!.Id.ShouldBe(aoi);
        (await town.Get<MemberDirectory>().FindByEmail(New, Ct)).ShouldBeNull();
        (await town.Get<Sessions>().IsOpen(thief.Subject, thief.Session, Ct)).ShouldBeFalse();
        (await town.Get<Thaw>().StateOf(aoi, Ct)).ShouldBe(new FreezeState(BySelf: true, ByOthers: false));
        (await town.Get<MemberProofs>().Find(aoi, Ct))!.PasswordHash.ShouldNotBe(s_hash, "the password that the thief knows opens nothing");
        (await town.Get<ChangeMail>().Confirm(further, Ct)).Refusal.ShouldBe(ConfirmMailRefusal.CodeExpired, "what else was asked for leads nowhere");
        (await mails.To(Old)).ShouldContain(m => m.Subject.Contains("ご利用を停止しました"), 1, "the mailbox that took it back is told");
        (await mails.To(New)).ShouldNotContain(m => m.Subject.Contains("ご利用を停止しました"), "the thief's is not");
        (await Register(town, New)).ShouldBe(RegisterRefusal.None, "free again");
    }

    // Whoever had the session could set up ways to come in again, before the address was changed and after: they go with it. What the
    // member had before is theirs, also against somebody who reads their mail.
    [Theory, BothEngines]
    public async Task What_a_thief_set_up_in_those_days_opens_nothing_once_the_change_is_taken_back(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, thief, mails) = await Scene(town);
        var ren = await Member(town, "Ren", "ren@example.jp");
        await AddPasskey(town, aoi, "Aoi's own");
        await AddPasskey(town, ren, "Ren's");
        town.Clock.Move(TimeSpan.FromDays(4));
        await AddPasskey(town, aoi, "before the change");
        await town.Db.Transact(tx => town.Get<Authenticators>().Set(tx, aoi, Totp.NewSecret(), 1, town.Clock.GetUtcNow()), Ct);
        await town.Db.Transact(tx => RecoveryCodes.Make(tx, aoi, town.Clock.GetUtcNow()), Ct);
        foreach (var telephone in (string[])["+819000000002", "+819000000003"])
        {
            town.Clock.Move(TimeSpan.FromHours(1));
            await Prove(town, thief, ChangeTelephone.Purpose);
            (await town.Get<ChangeTelephone>().Ask(new(aoi, telephone, new StepUpProof(thief)), Ct)).ShouldBe(ChangeTelephoneRefusal.None);
            await Prove(town, thief, ChangeTelephone.Shown);
            (await Finish(town, aoi, new StepUpProof(thief))).Accepted.ShouldBeTrue();
        }
        await Ask(town, thief, New, prove: true);
        (await town.Get<ChangeMail>().Confirm(Token((await mails.To(New))[0]), Ct)).Accepted.ShouldBeTrue();
        town.Clock.Move(TimeSpan.FromHours(70));
        await AddPasskey(town, aoi, "after the change");
        await town.Get<ChangeTelephone>().Tidy(Ct);

        var warning = (await mails.To(Old)).Single(m => m.Body.Contains("/change-mail/undo", StringComparison.Ordinal));
        (await town.Get<UndoMailChange>().Run(Token(warning), "phone", Ct)).Accepted.ShouldBeTrue();

        (await town.Get<Passkeys>().Of(Subject.Member(aoi), Ct)).Select(p => p.Name).ShouldBe(["Aoi's own"]);
        (await town.Get<Passkeys>().Of(Subject.Member(ren), Ct)).Count.ShouldBe(1);
        (await town.Count("select count(*) from authenticator")).ShouldBe(0);
        (await town.Count("select count(*) from recovery_code")).ShouldBe(0);
        (await town.Get<MemberDirectory>().Find(aoi, Ct))!.Telephone.ShouldBe("+819000000001", "the one before the first of both changes");
        (await town.Count("select count(*) from telephone_change")).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task Taken_back_before_its_link_was_opened_it_is_never_made(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, session, mails) = await Scene(town);
        await Ask(town, session, New, prove: true);

        (await town.Get<UndoMailChange>().Run(Token((await mails.To(Old))[0]), "phone", Ct)).Accepted.ShouldBeTrue();

        (await town.Get<ChangeMail>().Confirm(Token((await mails.To(New))[0]), Ct)).Accepted.ShouldBeFalse();
        (await town.Get<MemberDirectory>().Find(aoi, Ct))!.Email.ShouldBe(Old);
        (await town.Get<ChangeMail>().Confirm("AAAA", Ct)).Refusal.ShouldBe(ConfirmMailRefusal.InvalidCode);
    }

    // Two members want one free address, and somebody registers with it: whoever is first has it, whatever the others were mailed.
    // Whoever asked for it may have had the old password: the new one is to keep them out.
    [Theory, BothEngines]
    public async Task A_change_that_waits_for_its_link_ends_with_another_password_and_can_still_be_taken_back(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, session, mails) = await Scene(town);
        await Ask(town, session, New, prove: true);
        var link = Token((await mails.To(New))[0]);
        var own = (await town.Get<Sessions>().Open(Subject.Member(aoi), "own", ct: Ct)).Caller;
        await Prove(town, own, ChangePassword.Purpose);

        (await town.Get<ChangePassword>().Run(new ChangePasswordRequest(aoi, "Another-line-10", new StepUpProof(own), "own", ""), Ct))
            .Accepted.ShouldBeTrue();

        (await town.Get<ChangeMail>().Confirm(link, Ct)).Refusal.ShouldBe(ConfirmMailRefusal.CodeExpired);
        (await town.Get<MemberDirectory>().FindByEmail(New, Ct)).ShouldBeNull();
        var undo = Token((await mails.To(Old)).Single(m => m.Body.Contains("?token=", StringComparison.Ordinal)));
        (await town.Get<UndoMailChange>().Run(undo, "own", Ct)).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task An_address_that_forty_want_at_once_is_one_members(Engine engine)
    {
        await using var town = await Town.On(engine);
        var mails = Mails.Of(town);
        var links = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            var id = await Member(town, $"Member {i}", $"m{i}@example.jp");
            var session = (await town.Get<Sessions>().Open(Subject.Member(id), "phone", ct: Ct)).Caller;
            (await Ask(town, session, New, prove: true)).Accepted.ShouldBeTrue();
            links.Add(Token((await mails.To(New))[0]));
        }

        var changes = links.Select(l => Task.Run(async () => (await town.Get<ChangeMail>().Confirm(l, Ct)).Accepted, Ct));
        var registrations = Enumerable.Range(0, 20).Select(_ => Task.Run(async () => await Register(town, New) == RegisterRefusal.None, Ct));
        var passed = (await Task.WhenAll(changes.Concat(registrations))).Count(p => p);

        passed.ShouldBe(1);
        (await town.Count("select count(*) from member where lower(email) = 'aoi.new@example.jp'")).ShouldBe(1);
        (await town.Count("select count(*) from member_email where email_key = 'aoi.new@example.jp'")).ShouldBe(1);
    }

    static readonly string s_hash = PasswordHash.Make("Loop-line-09");

    static async Task<(MemberId Member, Caller Session, Mails Mails)> Scene(Town town)
    {
        var mails = Mails.Of(town);
        var aoi = await Member(town, "Aoi", Old);
        await town.Db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update member set telephone = '+819000000001' where id = @aoi", new { aoi }, tx), Ct);
        return (aoi, (await town.Get<Sessions>().Open(Subject.Member(aoi), "phone", ct: Ct)).Caller, mails);
    }

    static async Task<MemberId> Member(Town town, string name, string email) =>
        (await town.Get<Ensen.Sandbox.CreateVerifiedMember>().Run(
            new Ensen.Sandbox.CreateVerifiedMemberRequest(name, Verified: true, email, PasswordHash: s_hash), Ct)).Value!.Id;

    static Task AddPasskey(Town town, MemberId owner, string name) => town.Db.Transact(tx => Passkeys.Add(tx, new Passkey
    {
        Id = Id.New<PasskeyId>(town.Clock.GetUtcNow()),
        Kind = SubjectKind.Member,
        Owner = owner,
        CredentialId = Guid.NewGuid().ToByteArray(),
        PublicKey = [1],
        Name = name,
        Transports = "internal",
        CreatedMs = town.Clock.GetUtcNow().ToUnixTimeMilliseconds(),
    }), Ct);

    static Task Prove(Town town, Caller session, StepUpPurpose purpose) =>
        town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, session, purpose), Ct);

    static async Task<Answer<MailChange, ChangeMailRefusal>> Ask(Town town, Caller session, string email, bool prove = false)
    {
        if (prove)
            await Prove(town, session, ChangeMail.Purpose);
        return await town.Get<ChangeMail>().Ask(new(new MemberId(session.Owner), email, new StepUpProof(session), "phone"), Ct);
    }

    static Task<Answer<Member, ChangeTelephoneRefusal>> Finish(Town town, MemberId who, StepUpProof proof) =>
        town.Get<ChangeTelephone>().Finish(who, proof, "phone", Ct);

    static Task<bool> Call(Town town, string from, string to) =>
        town.Get<HearCall>().Run(new IncomingCall(Guid.NewGuid().ToString("N"), from, to), Ct);

    static async Task<RegisterRefusal> Register(Town town, string email) =>
        (await town.Get<Register>().Run(new RegisterRequest("Somebody", email, "090-1234-5678", "Loop-line-09", "ja"), Ct)).Refusal;

    static string Token(DeliveredMail mail) =>
        Uri.UnescapeDataString(mail.Body.Split('\n').Single(l => l.Contains("?token=", StringComparison.Ordinal)).Split("token=")[1].Trim());

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The town's post: what was written is sent, and read here.</summary>
    sealed class Mails(Outbox outbox, SandboxMail post)
    {
        public static Mails Of(Town town)
        {
            var (outbox, sandbox) = (town.Get<Outbox>(), new SandboxGateways(town.Db, town.Get<Outbox>(), town.Clock));
            outbox.On(Notice.Kind, new MailNotices(town.Db, sandbox.Mail, town.Get<MailBounces>(), town.Programme, town.Clock).Run);
            return new Mails(outbox, sandbox.Mail);
        }

        /// <summary>The newest first.</summary>
        public async Task<IReadOnlyList<DeliveredMail>> To(string address)
        {
            await outbox.RunDue(Ct);
            return await post.Latest(10, address, Ct);
        }
    }
}
