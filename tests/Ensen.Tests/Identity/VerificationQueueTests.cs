using Ensen.Identity;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Identity;

/// <summary>Pictures, and the two persons who decide about them.</summary>
public class VerificationQueueTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task With_front_and_face_it_waits_for_two_persons_and_the_second_ones_word_decides(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var (aoi, suzuki, sato) = (await desk.Newcomer(), await desk.Operator("Suzuki"), await desk.Operator("Sato"));
        var begun = (await desk.Begin(aoi, "image")).Value!;
        (await desk.Get<AddEvidence>().Missing(begun, Ct)).ShouldBe([EvidenceSide.Front, EvidenceSide.Face]);
        (await desk.Picture(begun, EvidenceSide.Front)).Value!.State.ShouldBe(VerificationState.Collecting);
        (await desk.Decide(begun, suzuki)).Refusal.ShouldBe(DecideVerificationRefusal.NotFound, "nothing to decide by");
        (await desk.Get<VerificationQueue>().Waiting(10, ct: Ct)).ShouldBeEmpty();
        var sent = (await desk.Picture(begun, EvidenceSide.Face)).Value!;
        sent.State.ShouldBe(VerificationState.InReview);
        (await desk.Picture(begun, EvidenceSide.Face)).Refusal.ShouldBe(AddEvidenceRefusal.Lapsed, "no picture is exchanged under their eyes");
        (await desk.Get<VerificationQueue>().Waiting(10, ct: Ct)).ShouldHaveSingleItem().Id.ShouldBe(begun.Id);

        (await desk.Decide(sent, suzuki)).Value!.State.ShouldBe(VerificationState.InReview);
        (await desk.Row(aoi)).Verified.ShouldBeFalse("one person is not two");
        (await desk.Decide(sent, sato)).Value!.State.ShouldBe(VerificationState.Accepted);

        (await desk.Row(aoi)).Verified.ShouldBeTrue();
        (await desk.Decide(sent, sato)).Refusal.ShouldBe(DecideVerificationRefusal.Lapsed);
        (await desk.Get<OperatorLog>().List(10, ct: Ct)).Where(row => row.Act == OperatorAct.AcceptedVerification)
            .Select(row => $"{row.Subject} {row.Detail} {row.Reason}").ShouldBe(
            [$"{begun.Id} second document and face agree", $"{begun.Id} first document and face agree"]);
    }

    [Theory, BothEngines]
    public async Task A_person_with_two_accounts_is_one_person(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var suzuki = await desk.Operator("Suzuki");
        var twin = await desk.Operator("Suzuki2", of: suzuki);
        var sent = await desk.InReview(await desk.Newcomer());
        await desk.Decide(sent, suzuki);

        (await desk.Decide(sent, suzuki)).Refusal.ShouldBe(DecideVerificationRefusal.SamePerson);
        (await desk.Decide(sent, twin)).Refusal.ShouldBe(DecideVerificationRefusal.SamePerson);
        (await desk.Decide(sent, await desk.Operator("Sato"), accepts: false)).Value!.State.ShouldBe(VerificationState.Rejected);
        (await desk.Read(sent)).Reason.ShouldBe("declined");
        (await desk.Mailed("aoi")).ShouldHaveSingleItem().ShouldContain("できませんでした");
    }

    [Theory, BothEngines]
    public async Task Of_forty_decisions_at_once_by_two_persons_two_count(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var (aoi, suzuki, sato) = (await desk.Newcomer(), await desk.Operator("Suzuki"), await desk.Operator("Sato"));
        var sent = await desk.InReview(aoi);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(
            i => Task.Run(() => desk.Decide(sent, i % 2 == 0 ? suzuki : sato), Ct)));

        answers.Count(a => a.Accepted).ShouldBe(2);
        answers.Count(a => a.Value?.State == VerificationState.Accepted).ShouldBe(1);
        (await desk.Row(aoi)).Verified.ShouldBeTrue();
        (await desk.Mailed("aoi")).Count.ShouldBe(1);
        (await desk.Count("select count(*) from operator_log where act = 21")).ShouldBe(2);
    }

    [Theory, BothEngines]
    public async Task Forty_times_at_once_the_same_person_is_one(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var (aoi, suzuki) = (await desk.Newcomer(), await desk.Operator("Suzuki"));
        var twin = await desk.Operator("Suzuki2", of: suzuki);
        var sent = await desk.InReview(aoi);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(
            i => Task.Run(() => desk.Decide(sent, i % 2 == 0 ? suzuki : twin), Ct)));

        answers.Count(a => a.Accepted).ShouldBe(1);
        (await desk.Read(sent)).State.ShouldBe(VerificationState.InReview);
        (await desk.Row(aoi)).Verified.ShouldBeFalse();
    }

    [Theory, BothEngines]
    public async Task Whoever_looks_has_the_role_and_a_reason_and_stands_in_the_log(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var (aoi, suzuki) = (await desk.Newcomer(), await desk.Operator("Suzuki"));
        var other = await desk.Operator("Sato", roles: OperatorRoles.Support | OperatorRoles.Security | OperatorRoles.Audit);
        var sent = await desk.InReview(aoi, IdentityDesk.Aoi(bornOn: "2012-01-01"));
        var queue = desk.Get<VerificationQueue>();

        (await queue.View(sent.Id, "", suzuki, Ct)).Refusal.ShouldBe(ViewVerificationRefusal.InvalidRequest);
        (await queue.View(sent.Id, "because", other, Ct)).Refusal.ShouldBe(ViewVerificationRefusal.Forbidden);
        (await queue.View(default, "because", suzuki, Ct)).Refusal.ShouldBe(ViewVerificationRefusal.NotFound);
        (await queue.Image(sent.Id, EvidenceSide.Front, other, Ct)).ShouldBeNull();
        (await queue.Image(sent.Id, EvidenceSide.Front, suzuki, Ct)).ShouldBeNull("nothing in the log says that they were shown it");
        (await desk.Count("select count(*) from operator_log where act = 20")).ShouldBe(0);

        var viewed = (await queue.View(sent.Id, "the queue", suzuki, Ct)).Value!;
        viewed.Details!.Kana.ShouldBe("アオイ ミサキ");
        viewed.IsMinor.ShouldBeTrue();
        viewed.Images.ShouldBe([EvidenceSide.Front, EvidenceSide.Face]);
        (await queue.Image(sent.Id, EvidenceSide.Front, suzuki, Ct))!.Image.ShouldBe([.. IdentityDesk.Jpeg, (byte)EvidenceSide.Front]);
        (await desk.Get<OperatorLog>().List(1, ct: Ct)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            row => row.Act.ShouldBe(OperatorAct.ViewedVerification), row => row.Reason.ShouldBe("the queue"),
            row => row.Subject.ShouldBe(sent.Id.ToString()), row => row.Detail.ShouldBe(aoi.ToString()));
    }

    [Theory, BothEngines]
    public async Task With_its_member_gone_nothing_of_it_can_be_read(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var (aoi, suzuki) = (await desk.Newcomer(), await desk.Operator("Suzuki"));
        var sent = await desk.InReview(aoi);

        await desk.Db.Transact(tx => desk.Get<Ensen.Members.MemberKeys>().Destroy(tx, aoi), Ct);

        (await desk.Get<VerificationQueue>().View(sent.Id, "the queue", suzuki, Ct)).Value!.Details.ShouldBeNull();
        (await desk.Get<VerificationQueue>().Image(sent.Id, EvidenceSide.Front, suzuki, Ct)).ShouldBeNull();
        await desk.Decide(sent, suzuki);
        (await desk.Decide(sent, await desk.Operator("Sato"))).Value!.State.ShouldBe(VerificationState.Rejected, "nobody is verified by nothing");
    }

    [Theory, BothEngines]
    public async Task Pictures_end_on_their_day(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var (aoi, suzuki, sato) = (await desk.Newcomer(), await desk.Operator("Suzuki"), await desk.Operator("Sato"));
        desk.Clock.Set("2027-03-31 23:59");
        var sent = await desk.InReview(aoi);
        await desk.Decide(sent, suzuki);

        desk.Clock.Set("2027-04-01 00:00");

        (await desk.Decide(sent, sato)).Refusal.ShouldBe(DecideVerificationRefusal.MethodEnded);
        (await desk.Begin(await desk.Newcomer("ren"), "image")).Refusal.ShouldBe(BeginVerificationRefusal.MethodEnded);
        await desk.Get<LapseVerifications>().Run(Ct);
        (await desk.Read(sent)).ShouldSatisfyAllConditions(
            v => v.State.ShouldBe(VerificationState.Lapsed), v => v.Reason.ShouldBe("method_ended"));
        (await desk.Begin(aoi)).Value!.State.ShouldBe(VerificationState.Accepted, "by the chip");
    }
}
