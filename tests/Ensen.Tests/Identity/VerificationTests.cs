using System.Text;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Identity;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Identity;

/// <summary>A verification by a gateway: what its reports do, and what time does.</summary>
public class VerificationTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_member_whose_card_matches_is_verified_and_told(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Newcomer();

        var begun = await desk.Begin(aoi);

        begun.Value!.State.ShouldBe(VerificationState.Accepted);
        (await desk.Row(aoi)).ShouldSatisfyAllConditions(m => m.Verified.ShouldBeTrue(), m => m.AdultOn.ShouldBeNull());
        (await desk.Read(begun.Value)).RecheckOn.ShouldBe("2029-06-01");
        (await desk.Mailed("aoi")).ShouldHaveSingleItem().ShouldContain("本人確認が終わりました");
        (await desk.Begin(aoi)).Refusal.ShouldBe(BeginVerificationRefusal.AlreadyVerified);
    }

    [Theory]
    [BothEngines(FaultMode.Refuse)]
    [BothEngines(FaultMode.LateRefuse)]
    public async Task A_card_of_another_person_verifies_nobody(Engine engine, FaultMode mode)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Newcomer();
        await desk.Mood(mode);

        var begun = (await desk.Begin(aoi)).Value!;
        await Later(desk, TimeSpan.FromMinutes(6));

        (await desk.Read(begun)).ShouldSatisfyAllConditions(
            v => v.State.ShouldBe(VerificationState.Rejected), v => v.Reason.ShouldBe("different_person"));
        (await desk.Row(aoi)).Verified.ShouldBeFalse();
        (await desk.Mailed("aoi")).ShouldHaveSingleItem().ShouldContain("できませんでした");
        (await desk.Begin(aoi)).Value!.State.ShouldBe(VerificationState.Accepted, "begun again");
    }

    [Theory]
    [BothEngines(FaultMode.Twice)]
    [BothEngines(FaultMode.LateAccept)]
    [BothEngines(FaultMode.CallbackFirst)]
    [BothEngines(FaultMode.Lost)]
    public async Task Late_twice_or_lost_on_the_way_it_ends_once(Engine engine, FaultMode mode)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Newcomer();
        await desk.Mood(mode);

        var begun = (await desk.Begin(aoi)).Value!;
        await Later(desk, TimeSpan.FromMinutes(6));

        (await desk.Read(begun)).State.ShouldBe(VerificationState.Accepted);
        (await desk.Mailed("aoi")).Count.ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task One_that_nobody_answers_lapses_and_is_begun_again(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Newcomer();
        await desk.Mood(FaultMode.TimeOutThenAccept);
        var begun = (await desk.Begin(aoi)).Value!;
        begun.State.ShouldBe(VerificationState.Asked);
        (await desk.Begin(aoi)).Refusal.ShouldBe(BeginVerificationRefusal.InProgress);

        desk.Clock.Move(TimeSpan.FromHours(24));

        (await desk.Read(begun)).State.ShouldBe(VerificationState.Lapsed, "also before the job has run");
        (await desk.World.Identity.Say(begun.Id, IdentityFinding.Match, ct: Ct)).ShouldBeFalse("too late");
        (await desk.Row(aoi)).Verified.ShouldBeFalse();
        var again = (await desk.Begin(aoi)).Value!;
        again.State.ShouldBe(VerificationState.Accepted);
        again.Id.ShouldNotBe(begun.Id);
    }

    [Theory, BothEngines]
    public async Task The_job_lapses_what_waits_once_and_tells_the_member(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Newcomer();
        await desk.Mood(FaultMode.TimeOutThenAccept);
        await desk.Begin(aoi);
        desk.Clock.Move(TimeSpan.FromHours(24));

        await desk.Get<LapseVerifications>().Run(Ct);
        await desk.Get<LapseVerifications>().Run(Ct);

        (await desk.Mailed("aoi")).ShouldHaveSingleItem().ShouldContain("期限が切れました");
    }

    [Theory, BothEngines]
    public async Task Of_forty_reports_at_once_one_counts(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Newcomer();
        await desk.Mood(FaultMode.TimeOutThenAccept);
        var begun = (await desk.Begin(aoi)).Value!;
        // The connections are there beforehand: opened one by one, the first report would have ended before the others began.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => desk.Count("select count(*) from verification"), Ct)));

        var heard = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => desk.Get<HearIdentityReport>().Run(
            new IdentityReport(i % 2 == 0 ? "the same" : $"report {i}", begun.Id,
                i % 4 < 2 ? IdentityFinding.Match : IdentityFinding.DifferentPerson), Ct), Ct)));

        heard.Count(ended => ended).ShouldBe(1);
        var after = await desk.Read(begun);
        (await desk.Row(aoi)).Verified.ShouldBe(after.State == VerificationState.Accepted);
        (await desk.Mailed("aoi")).Count.ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task Of_forty_begun_at_once_one_is_under_way(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine, new Programme { Identity = new() { TriesPerDay = 100 } });
        var aoi = await desk.Newcomer();
        await desk.Mood(FaultMode.TimeOutThenAccept, 40);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => desk.Begin(aoi), Ct)));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == BeginVerificationRefusal.InProgress);
        (await desk.Count("select count(*) from verification where state in (1, 2, 3)")).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task One_key_begins_one(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Newcomer();
        await desk.Mood(FaultMode.TimeOutThenAccept, 40);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => desk.Begin(aoi, key: "k"), Ct)));

        // Those that were on their way at the same moment find the one that was begun, or are told that it is under way.
        answers.Where(a => a.Accepted).Select(a => a.Value!.Id).Distinct().Count().ShouldBe(1);
        var again = await desk.Begin(aoi, key: "k");
        (again.Accepted, again.Replayed).ShouldBe((true, true));
        (await desk.Begin(aoi, details: IdentityDesk.Aoi("ミドリ"), key: "k")).Refusal.ShouldBe(BeginVerificationRefusal.KeyReused);
    }

    [Theory, BothEngines]
    public async Task So_many_are_begun_in_a_day(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Newcomer();
        await desk.Mood(FaultMode.Refuse, 100);
        for (var i = 0; i < 5; i++)
            (await desk.Begin(aoi)).Accepted.ShouldBeTrue();

        (await desk.Begin(aoi)).Refusal.ShouldBe(BeginVerificationRefusal.TooManyRequests);
        (await desk.Get<BeginVerification>().ComeAgain(aoi, Ct)).ShouldBe(TimeSpan.FromDays(1));
        desk.Clock.Move(TimeSpan.FromDays(1));
        (await desk.Begin(aoi)).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task A_minor_has_lower_limits_until_the_birthday(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var ren = await desk.Newcomer("ren");
        await desk.Begin(ren, details: IdentityDesk.Aoi(bornOn: "2010-06-02"));

        var member = await desk.Row(ren);
        (member.Verified, member.AdultOn).ShouldBe((true, "2028-06-02"));
        var before = Payer.Of(member, TownClock.At("2028-06-01 23:59"));
        before.Caps(desk.Programme).ShouldBe(desk.Programme.Payments.Minor);
        before.BalanceCap(desk.Programme).ShouldBe(200_000);
        before.TransferCaps(desk.Programme).ShouldBe(new Caps(30_000, 30_000, 100_000));
        var after = Payer.Of(member, TownClock.At("2028-06-02 00:00"));
        after.Caps(desk.Programme).ShouldBe(desk.Programme.Payments.Verified);
        after.BalanceCap(desk.Programme).ShouldBe(1_000_000);
    }

    [Theory, BothEngines]
    public async Task A_re_check_is_told_a_month_before_and_then_takes_the_level_back(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Newcomer();
        var begun = (await desk.Begin(aoi)).Value!;
        await desk.Mailed("aoi");

        desk.Clock.Set("2029-05-01 12:00");
        await desk.Get<LapseVerifications>().Run(Ct);
        (await desk.Begin(aoi)).Refusal.ShouldBe(BeginVerificationRefusal.AlreadyVerified);
        desk.Clock.Set("2029-05-02 00:00");
        for (var i = 0; i < 2; i++)
            await desk.Get<LapseVerifications>().Run(Ct);
        (await desk.Mailed("aoi"))[0].ShouldContain("もう一度");
        (await desk.Mailed("aoi")).Count.ShouldBe(2);

        desk.Clock.Set("2029-05-31 23:59");
        await desk.Get<LapseVerifications>().Run(Ct);
        (await desk.Row(aoi)).Verified.ShouldBeTrue();
        desk.Clock.Set("2029-06-01 00:00");
        for (var i = 0; i < 2; i++)
            await desk.Get<LapseVerifications>().Run(Ct);

        (await desk.Row(aoi)).Verified.ShouldBeFalse();
        (await desk.Read(begun)).ShouldSatisfyAllConditions(
            v => v.State.ShouldBe(VerificationState.Lapsed), v => v.Reason.ShouldBe("recheck_due"));
        (await desk.Mailed("aoi")).Count.ShouldBe(3);
        (await desk.Begin(aoi)).Value!.State.ShouldBe(VerificationState.Accepted);
        (await desk.Row(aoi)).Verified.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Done_again_in_time_the_level_stays_and_a_document_that_expires_sooner_counts(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Newcomer();
        await desk.Begin(aoi);
        desk.Clock.Set("2029-05-20 12:00");
        await desk.Mood(FaultMode.TimeOutThenAccept);
        var again = (await desk.Begin(aoi)).Value!;
        (await desk.World.Identity.Say(again.Id, IdentityFinding.Match, validUntil: "2029-12-24", ct: Ct)).ShouldBeTrue();

        desk.Clock.Set("2029-06-02 12:00");
        await desk.Get<LapseVerifications>().Run(Ct);
        (await desk.Row(aoi)).Verified.ShouldBeTrue();
        (await desk.Read(again)).RecheckOn.ShouldBe("2029-12-24");
        desk.Clock.Set("2029-12-24 12:00");
        await desk.Get<LapseVerifications>().Run(Ct);
        (await desk.Row(aoi)).Verified.ShouldBeFalse();
    }

    [Theory, BothEngines]
    public async Task Somebody_born_on_another_day_takes_no_account_over(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Newcomer();
        await desk.Begin(aoi);
        desk.Clock.Set("2029-05-20 12:00");

        var other = (await desk.Begin(aoi, details: IdentityDesk.Aoi("ミドリ", "1985-01-01"))).Value!;

        (other.State, other.Reason).ShouldBe((VerificationState.Rejected, "different_person"));
    }

    [Theory, BothEngines]
    public async Task What_a_member_typed_stands_nowhere_in_the_clear(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Newcomer();
        await desk.Mood(FaultMode.TimeOutThenAccept);
        await desk.Begin(aoi, details: new PersonalDetails("青井 美咲", "アオイ ミサキ", "1990-04-01", "大阪市浪速区秘密1-2-3"));

        foreach (var (table, column) in new[] { ("verification", "details"), ("member_key", "protected_key") })
        {
            await using var connection = await desk.Db.Connect(Ct);
            var bytes = await Dapper.SqlMapper.ExecuteScalarAsync<byte[]>(connection, $"select {column} from {table} limit 1");
            Encoding.UTF8.GetString(bytes!).ShouldNotContain("アオイ");
        }
        (await desk.Count("select count(*) from outbox where body like '%アオイ%' or body like '%秘密%'")).ShouldBe(0);
    }

    static async Task Later(IdentityDesk desk, TimeSpan time)
    {
        for (var i = 0; i < 3; i++)
        {
            desk.Clock.Move(time / 3);
            await desk.Get<Outbox>().RunDue(Ct);
        }
    }
}
