using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Gateways;

public class SandboxMailTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_mail_handed_over_three_times_arrives_once(Engine engine)
    {
        await using var outdoors = await Outdoors.Open(engine);
        var mail = new Mail(Id.New(outdoors.Clock), "Aoi@Example.jp", "ようこそ", "一行目\n二行目");

        for (var i = 0; i < 3; i++)
            (await outdoors.Sandbox.Mail.Send(mail, Ct)).ShouldBe(Reply.Accepted);

        var delivered = (await outdoors.Sandbox.Mail.Latest(10, "aoi@example.JP", Ct)).ShouldHaveSingleItem();
        delivered.Subject.ShouldBe("ようこそ");
        (await outdoors.Sandbox.Mail.Read(mail.Id, Ct))!.Body.ShouldBe("一行目\n二行目");
        (await outdoors.Sandbox.Mail.Latest(10, "someone@else.jp", Ct)).ShouldBeEmpty();
    }

    [Theory]
    [BothEngines(FaultMode.Refuse, ReplyKind.Refused, false)]
    [BothEngines(FaultMode.Lost, ReplyKind.Unknown, false)]
    [BothEngines(FaultMode.TimeOutThenAccept, ReplyKind.Unknown, true)]
    public async Task The_post_has_its_moods_too(Engine engine, FaultMode mood, ReplyKind kind, bool arrives)
    {
        await using var outdoors = await Outdoors.Open(engine);
        await outdoors.Sandbox.Moods.Set(Gateway.Mail, mood, 1, ct: Ct);
        var mail = new Mail(Id.New(outdoors.Clock), "aoi@example.jp", "subject", "body");

        (await outdoors.Sandbox.Mail.Send(mail, Ct)).Kind.ShouldBe(kind);
        (await outdoors.Sandbox.Mail.Read(mail.Id, Ct) is not null).ShouldBe(arrives);

        (await outdoors.Sandbox.Mail.Send(mail, Ct)).ShouldBe(Reply.Accepted);
        (await outdoors.Sandbox.Mail.Latest(10, ct: Ct)).ShouldHaveSingleItem();
    }
}
