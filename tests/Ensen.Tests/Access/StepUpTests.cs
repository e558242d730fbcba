using Ensen.Access;
using Ensen.Basics;
using Ensen.Operations;
using Ensen.Storage;
using Ensen.Tests.Members;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Access;

/// <summary>Whose session it is proves again who they are: what counts, for how long, for what, and how often it may be guessed at.</summary>
public class StepUpTests
{
    const string Password = "Loop-line-09";

    [Theory, BothEngines]
    public async Task A_challenge_has_one_answer_and_is_used_once_for_its_purpose_in_its_session(Engine engine)
    {
        await using var town = await Open(engine);
        var (aoi, other) = (await SignedIn(town, "Aoi"), await SignedIn(town, "Ren"));
        var sameMember = (await town.Get<Sessions>().Open(aoi.Subject, "tablet", ct: Ct)).Caller;

        var wrong = await Begin(town, aoi);
        (await Answer(town, aoi, wrong.Id, "Wrong-pass-1")).Value!.State.ShouldBe(ChallengeState.Failed);
        (await Answer(town, aoi, wrong.Id, Password)).Value!.State.ShouldBe(ChallengeState.Failed);
        (await Take(town, aoi, wrong.Id)).ShouldBeFalse();

        var right = await Begin(town, aoi);
        right.ExpiresAt.ShouldBe(town.Clock.GetUtcNow().AddMinutes(10));
        (await Take(town, aoi, right.Id)).ShouldBeFalse("not answered yet");
        foreach (var stranger in new[] { other, sameMember })
        {
            (await Answer(town, stranger, right.Id, Password)).Refusal.ShouldBe(StepUpRefusal.NotFound);
            (await town.Get<StepUp>().Find(stranger, right.Id, Ct)).ShouldBeNull();
        }
        (await Answer(town, aoi, right.Id, Password)).Value!.State.ShouldBe(ChallengeState.Passed);
        (await Take(town, sameMember, right.Id)).ShouldBeFalse("another session");
        (await Take(town, aoi, right.Id, Thaw.Purpose)).ShouldBeFalse("another purpose");
        (await Take(town, aoi, right.Id)).ShouldBeTrue();
        (await Take(town, aoi, right.Id)).ShouldBeFalse("used");
    }

    [Theory, BothEngines]
    public async Task What_is_not_answered_or_not_used_in_time_lapses(Engine engine)
    {
        await using var town = await Open(engine);
        var aoi = await SignedIn(town, "Aoi");
        var (unanswered, unused) = (await Begin(town, aoi), await Begin(town, aoi));
        town.Clock.Move(TimeSpan.FromMinutes(9));
        await Answer(town, aoi, unused.Id, Password);

        town.Clock.Move(TimeSpan.FromMinutes(1));
        (await Answer(town, aoi, unanswered.Id, Password)).Value!.State.ShouldBe(ChallengeState.Lapsed);
        (await town.Get<StepUp>().Find(aoi, unused.Id, Ct))!.State.ShouldBe(ChallengeState.Passed);
        town.Clock.Move(TimeSpan.FromMinutes(9));
        (await town.Get<StepUp>().Find(aoi, unused.Id, Ct))!.State.ShouldBe(ChallengeState.Lapsed);
        (await Take(town, aoi, unused.Id)).ShouldBeFalse();

        town.Clock.Move(TimeSpan.FromDays(3));
        (await town.Get<StepUp>().Tidy(Ct)).ShouldBe(2);
    }

    [Theory, BothEngines]
    public async Task A_page_proves_it_for_its_session_its_purpose_and_some_minutes(Engine engine)
    {
        await using var town = await Open(engine);
        var phone = await SignedIn(town, "Aoi");
        var tablet = (await town.Get<Sessions>().Open(phone.Subject, "tablet", ct: Ct)).Caller;

        (await Prove(town, phone, "Wrong-pass-1")).Value!.State.ShouldBe(ChallengeState.Failed);
        (await IsProven(town, phone)).ShouldBeFalse();
        (await Prove(town, phone, Password)).Value!.State.ShouldBe(ChallengeState.Passed);

        (await IsProven(town, phone)).ShouldBeTrue();
        (await IsProven(town, phone, Thaw.Purpose)).ShouldBeFalse("another purpose");
        (await IsProven(town, tablet)).ShouldBeFalse();
        (await OnPage(town, phone, Thaw.Purpose)).ShouldBeFalse();
        (await OnPage(town, phone)).ShouldBeTrue();
        (await OnPage(town, phone)).ShouldBeFalse("used up by the act that it was given for");
        (await IsProven(town, phone)).ShouldBeFalse();
        await Prove(town, phone, Password);
        var taken = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => OnPage(town, phone), Ct)));
        taken.Count(t => t).ShouldBe(1, "forty at once");
        await Prove(town, phone, Password);
        town.Clock.Move(TimeSpan.FromMinutes(10));
        (await IsProven(town, phone)).ShouldBeFalse();
        await Prove(town, phone, Password);
        await town.Get<Sessions>().End(phone.Subject, phone.Session, Ct);
        (await IsProven(town, phone)).ShouldBeFalse("signed out");
    }

    [Theory, BothEngines]
    public async Task Of_forty_answers_at_once_one_is_looked_at(Engine engine)
    {
        await using var town = await Open(engine);
        var aoi = await SignedIn(town, "Aoi");
        var challenge = await Begin(town, aoi);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(
            () => Answer(town, aoi, challenge.Id, i == 20 ? Password : $"Wrong-pass-{i}"), Ct)));

        answers.ShouldAllBe(a => a.Accepted);
        var state = (await town.Get<StepUp>().Find(aoi, challenge.Id, Ct))!.State;
        state.ShouldBeOneOf(ChallengeState.Passed, ChallengeState.Failed);
        answers.Where(a => a.Value!.State != ChallengeState.Pending).ShouldAllBe(a => a.Value!.State == state);
    }

    // Whoever stole a session does not guess faster here than where people sign in, and what is guessed here counts there.
    [Theory, BothEngines]
    public async Task Guesses_are_slowed_down_with_those_of_signing_in(Engine engine)
    {
        await using var town = await Open(engine);
        var aoi = await SignedIn(town, "Aoi");
        var refused = 0;
        for (var i = 0; i < 30; i++)
            if ((await Answer(town, aoi, (await Begin(town, aoi)).Id, $"Wrong-pass-{i}")).Refusal == StepUpRefusal.TooManyRequests)
                refused++;

        refused.ShouldBeGreaterThan(20);
        var last = await Begin(town, aoi);
        (await Answer(town, aoi, last.Id, Password)).Refusal.ShouldBe(StepUpRefusal.TooManyRequests);
        (await Prove(town, aoi, Password)).Refusal.ShouldBe(StepUpRefusal.TooManyRequests);
        (await Prove(town, aoi, Password)).Wait!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        (await town.Get<Guesses>().Begin("password", "aoi@example.jp", "192.0.2.1", null, Ct)).May.ShouldBeFalse("signing in waits too");
        town.Clock.Move(TimeSpan.FromMinutes(9));
        (await Answer(town, aoi, last.Id, Password)).Value!.State.ShouldBe(ChallengeState.Passed, "it was not looked at before");
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static Task<Town> Open(Engine engine) => Town.On(engine, Club.Impatient);

    static async Task<Caller> SignedIn(Town town, string name)
    {
        var member = await town.Member(name);
        await town.Db.Transact(tx => Credentials.Set(
            tx, member.Id, CredentialKind.Password, PasswordHash.Make(Password), town.Clock.GetUtcNow()), Ct);
        return (await town.Get<Sessions>().Open(Subject.Member(member.Id), "phone", ct: Ct)).Caller;
    }

    static Task<Challenge> Begin(Town town, Caller who) =>
        Challenge(town, who, ChangeOwnCaps.Purpose);

    static async Task<Challenge> Challenge(Town town, Caller who, StepUpPurpose purpose) =>
        (await town.Get<StepUp>().Begin(who, purpose, ProofMethod.Password, ct: Ct)).Value!;

    static Task<StepUpAnswer> Answer(Town town, Caller who, ChallengeId id, string password) =>
        town.Get<StepUp>().Answer(who, id, Typed(password), Ct);

    static Task<StepUpAnswer> Prove(Town town, Caller who, string password) =>
        town.Get<StepUp>().Prove(who, ChangeOwnCaps.Purpose, ProofMethod.Password, Typed(password), Ct);

    static Task<bool> IsProven(Town town, Caller who, StepUpPurpose? purpose = null) =>
        town.Get<StepUp>().IsProven(who, purpose ?? ChangeOwnCaps.Purpose, Ct);

    static Task<bool> OnPage(Town town, Caller who, StepUpPurpose? purpose = null) => town.Db.Transact(
        tx => town.Get<StepUp>().Take(tx, new StepUpProof(who), purpose ?? ChangeOwnCaps.Purpose), Ct);

    static TypedProof Typed(string password) => new(password, "aoi@example.jp", "192.0.2.1", null);

    static Task<bool> Take(Town town, Caller who, ChallengeId id, StepUpPurpose? purpose = null) => town.Db.Transact(
        tx => town.Get<StepUp>().Take(tx, new StepUpProof(who, id), purpose ?? ChangeOwnCaps.Purpose), Ct);
}
