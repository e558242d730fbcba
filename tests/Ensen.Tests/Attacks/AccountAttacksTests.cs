using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Notices;
using Ensen.Operations;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Chaos;
using Ensen.Tests.Members;
using Ensen.Tests.Support;

namespace Ensen.Tests.Attacks;

/// <summary>Attacks on accounts that no single feature's tests hold (<see cref="AttackList"/>).</summary>
public class AccountAttacksTests(Servers servers)
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_new_password_asked_for_with_another_address_is_mailed_to_the_confirmed_one_alone(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member();
        var thief = $"thief-{Guid.NewGuid():N}@example.jp";
        // A program is told that there is no such field.
        foreach (var field in (string[])["to", "sendTo", "newEmail"])
            (await scene.Nobody.PostText("/password-resets", $$"""{"email":"{{aoi.Email}}","{{field}}":"{{thief}}"}""", Client.NoKey))
                .Refused(400, "invalid_request", field);

        using var browser = new PlainBrowser(scene.App);
        var form = PlainBrowser.Fields(await browser.Get("/sign-in/forgotten"), "/sign-in/forgotten");
        form["email"] = aoi.Email;
        form["to"] = form["sendTo"] = thief;
        (await browser.Post("/sign-in/forgotten", form)).ShouldBe("/sign-in/forgotten?told=mailed");

        await Until.Seen(() => Mails(scene, aoi.Email).GetAwaiter().GetResult() > 0, () => "the mail to the confirmed address");
        (await Mails(scene, thief)).ShouldBe(0);
        scene.App.Output.ShouldContain("with fields that no page of ours sends");
        scene.App.Output.ShouldNotContain(thief);
    }

    /// <summary>
    /// The arithmetic: whoever has the password and never stops is looked at so often that a million codes take more than a year, and that one
    /// of the three that are right at a time is met in a day in less than one of a hundred cases.
    /// </summary>
    [Theory, BothEngines]
    public async Task A_million_codes_take_more_than_a_year_to_try(Engine engine)
    {
        const int Codes = 1_000_000, RightAtOnce = 3;
        await using var town = await Town.On(engine, Club.Impatient);
        var (guesses, begun, looked) = (town.Get<Guesses>(), town.Clock.GetUtcNow(), 0);
        while (town.Clock.GetUtcNow() - begun is var passed && passed < TimeSpan.FromHours(6))
        {
            var guess = await guesses.Begin("totp", Visitor.Email, $"2001:db8::{looked:x}", device: null, Ct);
            if (guess.May)
                looked++;
            else
                town.Clock.Move(guess.Wait);
        }

        looked.ShouldBeGreaterThan(50, "the owner who mistypes is not locked out");
        var aDay = looked * 4;
        (Codes / aDay).ShouldBeGreaterThan(365);
        (1 - Math.Pow(1 - (double)RightAtOnce / Codes, aDay)).ShouldBeLessThan(0.01);
    }

    [Theory, BothEngines]
    public async Task A_clock_that_jumps_makes_no_challenge_last_longer_and_none_good_twice(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await Visitor.In(town);
        var session = (await aoi.SignIn()).Session!.Caller;
        var steps = town.Get<StepUp>();

        foreach (var method in (ProofMethod[])[ProofMethod.Password, ProofMethod.Call])
        {
            // Ahead past its end and back: it ends at the instant that it was told, and not a moment later.
            var asked = (await steps.Begin(session, Thaw.Purpose, method, ct: Ct)).Value!;
            var life = asked.ExpiresAt - town.Clock.GetUtcNow();
            town.Clock.Move(life);
            (await steps.Find(session, asked.Id, Ct))!.State.ShouldBe(ChallengeState.Lapsed, $"{method}");
            (await Show(asked)).ShouldBeFalse($"{method} after its end");
            town.Clock.Move(-life - life);
            town.Clock.Move(life);
            // Shown, used, and then the clock goes back to before it was asked for: it is used.
            asked = (await steps.Begin(session, Thaw.Purpose, method, ct: Ct)).Value!;
            (await Show(asked)).ShouldBeTrue($"{method}");
            (await Take(asked)).ShouldBeTrue($"{method}");
            town.Clock.Move(-TimeSpan.FromHours(1));
            (await Take(asked)).ShouldBeFalse($"{method} with a clock that went back");
            await Show(asked);
            (await Take(asked)).ShouldBeFalse($"{method} shown again");
            town.Clock.Move(TimeSpan.FromHours(1));
            // Shown, and only then the clock jumps past its end: it is too late to use it.
            asked = (await steps.Begin(session, Thaw.Purpose, method, ct: Ct)).Value!;
            (await Show(asked)).ShouldBeTrue($"{method}");
            town.Clock.Move(TimeSpan.FromHours(1));
            (await Take(asked)).ShouldBeFalse($"{method} after its end");
        }

        async Task<bool> Show(Challenge challenge) => challenge.Method == ProofMethod.Call
            ? await aoi.Call(challenge.Asks)
            : (await steps.Answer(session, challenge.Id, new TypedProof(Visitor.Password, Visitor.Email, "192.0.2.1", null), Ct)).Value is
            { State: ChallengeState.Passed } && (await steps.Find(session, challenge.Id, Ct))!.State == ChallengeState.Passed;

        Task<bool> Take(Challenge challenge) =>
            town.Db.Transact(tx => steps.Take(tx, new StepUpProof(session, challenge.Id), Thaw.Purpose), Ct);
    }

    [Theory, BothEngines]
    public async Task An_hour_without_mail_delays_notices_alone_and_each_comes_once_and_in_order(Engine engine)
    {
        await using var town = await Town.On(engine, new Programme { Membership = new() { TriesPatienceSeconds = 0 } });
        var post = new Post();
        town.Get<Outbox>().On(
            Notice.Kind, new MailNotices(town.Db, post, town.Get<MailBounces>(), town.Programme, town.Clock).Run);
        var aoi = (await town.Get<CreateVerifiedMember>().Run(new CreateVerifiedMemberRequest(
            "Aoi", true, Visitor.Email, Visitor.Telephone, PasswordHash.Make(Visitor.Password)), Ct)).Value!;
        var (ren, shop) = (await town.Member("Ren").With(5_000.Yen()), await town.Store("Bakery"));
        var usual = await SignIn();
        await Deliver();
        post.IsDown = true;
        var during = await SignIn();
        (during.Refusal, during.Next is null, during.Session is null).ShouldBe((usual.Refusal, usual.Next is null, usual.Session is null));
        for (var minute = 0; minute < 60; minute++)
        {
            if (minute % 10 == 0)
                await town.Paid(ren, shop, 300.Yen());
            if (minute == 20)
                (await town.Get<Register>().Run(
                    new RegisterRequest("西川 空", "sora@example.jp", "090-1234-5670", Visitor.Password, "ja", "192.0.2.7"), Ct))
                    .Accepted.ShouldBeTrue();
            if (minute == 30)
                await town.Get<Thaw>().Freeze(aoi.Id, "iPhone");
            await Deliver();
        }
        post.Sent.Count.ShouldBe(1, "that of the sign-in before");

        post.IsDown = false;
        for (var minute = 0; minute < 10; minute++)
            await Deliver();

        var words = new[] { NoticeKind.SignedIn, NoticeKind.SignedIn, NoticeKind.Frozen }.Select(what => MailWords.Of(
            Notice.Of(what, aoi, "Safari, iPhone", town.Clock.GetUtcNow())!, town.Programme).Subject);
        post.Sent.Where(m => m.To == Visitor.Email).Select(m => m.Subject).ShouldBe(words);
        post.Sent.Count(m => m.To == "sora@example.jp").ShouldBe(1);

        Task<SignInAnswer> SignIn() => town.Get<SignIn>().Run(
            new SignInRequest(Visitor.Email, Visitor.Password, "Safari, iPhone", "192.0.2.1"), Ct);

        async Task Deliver()
        {
            await town.Get<Outbox>().RunDue(Ct);
            town.Clock.Move(TimeSpan.FromMinutes(1));
        }
    }

    static async Task<int> Mails(Scene scene, string to) =>
        (await scene.Nobody.Get($"/sandbox/mail?to={Uri.EscapeDataString(to)}")).Ok().Json.GetProperty("items").GetArrayLength();

    /// <summary>A mail server that answers, or does not.</summary>
    sealed class Post : IMail
    {
        public bool IsDown { get; set; }
        public List<Mail> Sent { get; } = [];

        public Task<Ensen.Gateways.Reply> Send(Mail mail, CancellationToken ct)
        {
            if (IsDown)
                return Task.FromResult(Ensen.Gateways.Reply.Unknown);
            Sent.Add(mail);
            return Task.FromResult(Ensen.Gateways.Reply.Accepted);
        }
    }
}
