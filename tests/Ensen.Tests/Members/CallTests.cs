using System.Globalization;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Members;

/// <summary>Possession of a telephone, shown by a call: which call passes which challenge, and which passes none.</summary>
public class CallTests
{
    const string Aois = "+819000000001";

    [Theory, BothEngines]
    public async Task A_call_from_the_registered_telephone_passes_its_challenge_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await SignedIn(town, Aois);
        var asked = (await Begin(town, aoi)).Value!;
        asked.ExpiresAt.ShouldBe(town.Clock.GetUtcNow().AddSeconds(120));
        Town.Numbers.ShouldContain(asked.Asks);
        (await Possessed(town, aoi)).ShouldBeNull();

        (await Call(town, "090-0000-0001", asked.Asks)).ShouldBeTrue();

        (await State(town, aoi, asked)).ShouldBe(ChallengeState.Passed);
        (await Possessed(town, aoi)).ShouldBe(town.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        (await Call(town, Aois, asked.Asks)).ShouldBeFalse("it was for that one");
        var elsewhere = (await town.Get<Sessions>().Open(aoi.Subject, "tablet", ct: Ct)).Caller;
        (await Take(town, elsewhere, asked)).ShouldBeFalse("another session");
        (await Take(town, aoi, asked, ChangeOwnCaps.Purpose)).ShouldBeFalse("another purpose");
        (await Take(town, aoi, asked)).ShouldBeTrue();
        (await Take(town, aoi, asked)).ShouldBeFalse("used");
    }

    [Theory, BothEngines]
    public async Task A_report_is_heard_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await SignedIn(town, Aois);
        var first = (await Begin(town, aoi)).Value!;
        (await Call(town, Aois, first.Asks, "report-1")).ShouldBeTrue();
        // The next one may be asked to call the same number: the old report says nothing of it.
        Challenge again;
        do again = (await Begin(town, aoi)).Value!;
        while (again.Asks != first.Asks);

        (await Call(town, Aois, again.Asks, "report-1")).ShouldBeFalse();
        (await State(town, aoi, again)).ShouldBe(ChallengeState.Pending);
        (await Call(town, Aois, again.Asks, "report-2")).ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task A_call_that_comes_late_passes_nothing(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await SignedIn(town, Aois);
        var asked = (await Begin(town, aoi)).Value!;

        town.Clock.Move(TimeSpan.FromSeconds(120));

        (await Call(town, Aois, asked.Asks)).ShouldBeFalse();
        (await State(town, aoi, asked)).ShouldBe(ChallengeState.Lapsed);
        (await Possessed(town, aoi)).ShouldBeNull();
    }

    [Theory, BothEngines]
    public async Task Withheld_and_foreign_numbers_and_those_of_others_pass_nothing(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await SignedIn(town, Aois);
        var asked = (await Begin(town, aoi)).Value!;

        foreach (var from in new[] { null, "", "anonymous", "Restricted", "186", "+14155550100", "+449000000001", "+819000000002", "9000000001" })
            (await Call(town, from, asked.Asks)).ShouldBeFalse(from);
        foreach (var to in new[] { null, "", "110", Aois, Town.Numbers.First(n => n != asked.Asks) })
            (await Call(town, Aois, to)).ShouldBeFalse(to);

        (await State(town, aoi, asked)).ShouldBe(ChallengeState.Pending);
        (await Call(town, Aois, asked.Asks)).ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Of_forty_reports_at_once_one_passes(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await SignedIn(town, Aois);
        var asked = (await Begin(town, aoi)).Value!;

        var heard = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(
            () => Call(town, Aois, asked.Asks, i % 2 == 0 ? "the same" : null), Ct)));

        heard.Count(passed => passed).ShouldBe(1);
        (await State(town, aoi, asked)).ShouldBe(ChallengeState.Passed);
    }

    [Theory, BothEngines]
    public async Task Three_numbers_are_shown_and_then_none_for_a_quarter_of_an_hour(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await SignedIn(town, Aois);
        for (var i = 0; i < 3; i++)
        {
            (await Begin(town, aoi)).Accepted.ShouldBeTrue();
            town.Clock.Move(TimeSpan.FromMinutes(3));
        }

        var refused = await Begin(town, aoi);
        (refused.Refusal, refused.Wait).ShouldBe((StepUpRefusal.TooManyRequests, TimeSpan.FromMinutes(6)));
        town.Clock.Move(TimeSpan.FromMinutes(6));
        var asked = (await Begin(town, aoi)).Value!;
        await Call(town, Aois, asked.Asks);
        for (var i = 0; i < 3; i++)
            (await Begin(town, aoi)).Accepted.ShouldBeTrue("a call begins it anew");
    }

    // Several accounts may say that a telephone is theirs: a call is for one of them.
    [Theory, BothEngines]
    public async Task No_two_open_challenges_have_caller_and_number_in_common(Engine engine)
    {
        await using var town = await Town.On(engine);
        var crowd = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => SignedIn(town, Aois)));

        var asked = await Task.WhenAll(crowd.Select(who => Task.Run(() => Begin(town, who), Ct)));

        var open = asked.Where(a => a.Accepted).ToList();
        open.Select(a => a.Value!.Asks).Order().ShouldBe(Town.Numbers.Order());
        asked.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == StepUpRefusal.TooManyRequests && a.Wait == TimeSpan.FromSeconds(120));
        (await Call(town, Aois, open[0].Value!.Asks)).ShouldBeTrue();
        (await town.Count("select count(*) from challenge where passed_ms is not null")).ShouldBe(1);
        // Those who found none have not used up a try.
        town.Clock.Move(TimeSpan.FromSeconds(120));
        var waited = crowd[Array.FindIndex(asked, a => !a.Accepted)];
        for (var i = 0; i < 3; i++)
            (await Begin(town, waited)).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task A_call_passes_nothing_once_the_session_the_freeze_or_the_number_is_another(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (left, frozen, renumbered) = (await SignedIn(town, Aois), await SignedIn(town, "+819000000002"), await SignedIn(town, "+819000000003"));
        var (ofLeft, ofFrozen, ofRenumbered) = ((await Begin(town, left)).Value!, (await Begin(town, frozen)).Value!, (await Begin(town, renumbered)).Value!);

        await town.Get<Sessions>().End(left.Subject, left.Session, Ct);
        await town.Get<Thaw>().Freeze(new MemberId(frozen.Id), "phone", Ct);
        await town.Db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update member set telephone = '+819000000009' where id = @Id", new { renumbered.Id }, tx), Ct);

        (await Call(town, Aois, ofLeft.Asks)).ShouldBeFalse("signed out");
        (await Call(town, "+819000000002", ofFrozen.Asks)).ShouldBeFalse("a freeze takes open challenges back");
        (await Call(town, "+819000000003", ofRenumbered.Asks)).ShouldBeFalse("the number is the member's no more");
        (await town.Count("select count(*) from member where telephone_possessed_ms is not null")).ShouldBe(0);
    }

    // Whoever has a password and can show any caller's number does not raise caps from a device of their own.
    [Theory, BothEngines]
    public async Task From_a_new_device_a_call_does_nothing_that_lasts(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await SignedIn(town, Aois, AssuranceLevel.Password);
        var program = (await town.Get<Sessions>().Open(aoi.Subject, "Sandbox", lasting: true, ct: Ct)).Caller;

        // That the telephone is at hand is what a call shows, and opens nothing.
        foreach (var lasting in town.Db.Catalogue.All<StepUpPurpose>().Where(p => p != Thaw.Purpose && p != Possession.Purpose))
            (await Begin(town, aoi, lasting)).Refusal.ShouldBe(StepUpRefusal.NotAvailable, lasting.Name);
        (await Begin(town, aoi)).Accepted.ShouldBeTrue("a wallet is thawed");
        (await Begin(town, program, ChangeOwnCaps.Purpose)).Accepted.ShouldBeTrue("a program's token is no new device");
        town.Clock.Move(TimeSpan.FromHours(24));
        (await Begin(town, aoi, ChangeOwnCaps.Purpose)).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Who_has_no_telephone_of_Japan_is_not_asked_to_call(Engine engine)
    {
        await using var town = await Town.On(engine);

        foreach (var telephone in new[] { null, "+442071838750" })
        {
            var who = await SignedIn(town, telephone);
            (await Begin(town, who)).Refusal.ShouldBe(StepUpRefusal.NotAvailable, telephone);
            (await town.Get<StepUp>().MethodsOf(who, Thaw.Purpose, Ct)).ShouldNotContain(ProofMethod.Call);
        }
    }

    [Theory, BothEngines]
    public async Task Old_calls_and_reports_are_forgotten(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await SignedIn(town, Aois);
        await Begin(town, aoi);
        await Call(town, "+819000000002", Town.Numbers[0]);

        town.Clock.Move(TimeSpan.FromDays(2));
        await town.Get<ProofByCall>().Tidy(Ct);

        (await town.Count("select (select count(*) from expected_call) + (select count(*) from call_report)")).ShouldBe(0);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static async Task<Caller> SignedIn(Town town, string? telephone, AssuranceLevel assurance = AssuranceLevel.Issued)
    {
        var member = await town.Member("Aoi");
        await town.Db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update member set telephone = @telephone where id = @Id", new { telephone, member.Id }, tx), Ct);
        return (await town.Get<Sessions>().Open(Subject.Member(member.Id), "phone", assurance: assurance, ct: Ct)).Caller;
    }

    static Task<StepUpAnswer> Begin(Town town, Caller who, StepUpPurpose? purpose = null) =>
        town.Get<StepUp>().Begin(who, purpose ?? Thaw.Purpose, ProofMethod.Call, ct: Ct);

    static Task<bool> Call(Town town, string? from, string? to, string? report = null) => town.Get<HearCall>().Run(
        new IncomingCall(report ?? Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture), from, to), Ct);

    static async Task<ChallengeState> State(Town town, Caller who, Challenge challenge) =>
        (await town.Get<StepUp>().Find(who, challenge.Id, Ct))!.State;

    static async Task<long?> Possessed(Town town, Caller who) =>
        (await town.Get<MemberDirectory>().Find(new MemberId(who.Id), Ct))!.TelephonePossessedMs;

    static Task<bool> Take(Town town, Caller who, Challenge challenge, StepUpPurpose? purpose = null) => town.Db.Transact(
        tx => town.Get<StepUp>().Take(tx, new StepUpProof(who, challenge.Id), purpose ?? Thaw.Purpose), Ct);
}
