using Dapper;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Notices;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Gateways;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

public class MailBounceTests
{
    const string Aoi = "aoi@example.jp";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_dead_mailbox_is_kept_in_mind_and_gets_nothing_more_until_its_owner_asks(Engine engine)
    {
        await using var club = await Club.Open(engine);
        await club.Refuse(FaultMode.Refuse);
        var member = (await club.Register.Run(Club.Aoi(), Ct)).Value!.Member;
        await club.Outbox.RunDue(Ct);

        (await club.Bounces.Of("AOI@example.jp", Ct))!.ShouldBe(new MailBounce("5.1.1", club.Clock.GetUtcNow()));
        (await club.Waiting()).ShouldBe(0, "it is not tried again");

        await club.Tell(member);
        await club.Outbox.RunDue(Ct);
        (await club.Post.Latest(10, Aoi, Ct)).ShouldBeEmpty();

        (await club.Confirm.SendAgain(member.Id, ct: Ct)).Accepted.ShouldBeTrue();
        (await club.Bounces.Of(Aoi, Ct)).ShouldBeNull();
        (await club.Confirm.Run(await club.TokenMailedTo(Aoi), Ct)).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task What_came_back_for_another_reason_is_forgotten_with_the_next_mail_that_arrives(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var member = (await club.Register.Run(Club.Aoi(), Ct)).Value!.Member;
        await club.Outbox.RunDue(Ct);
        await club.Bounces.Keep(AddressHash.Of(Aoi), "4.4.7", Ct);
        await club.Bounces.Keep(AddressHash.Of(Aoi), "5.7.1", Ct);
        (await club.Bounces.Of(Aoi, Ct)).ShouldBe(new MailBounce("5.7.1", club.Clock.GetUtcNow()));

        await club.Tell(member);
        await club.Outbox.RunDue(Ct);

        (await club.Post.Latest(10, Aoi, Ct)).Count.ShouldBe(2);
        (await club.Bounces.Of(Aoi, Ct)).ShouldBeNull();
    }

    [Theory, BothEngines]
    public async Task After_three_days_old_news_is_given_up(Engine engine)
    {
        await using var club = await Club.Open(engine);
        await club.Refuse(FaultMode.Lost);
        (await club.Register.Run(Club.Aoi(), Ct)).Accepted.ShouldBeTrue();
        await club.Outbox.RunDue(Ct);
        (await club.Waiting()).ShouldBe(1);

        club.Clock.Move(MailNotices.TriedFor + TimeSpan.FromMinutes(1));
        await club.Outbox.RunDue(Ct);

        (await club.Waiting()).ShouldBe(0);
        (await club.Post.Latest(10, Aoi, Ct)).ShouldBeEmpty();
        (await club.Bounces.Of(Aoi, Ct)).ShouldBe(new MailBounce(MailStatus.TooLong, club.Clock.GetUtcNow()));
    }

    [Theory, BothEngines]
    public async Task Nothing_of_whom_it_is_about_is_in_its_row(Engine engine)
    {
        await using var club = await Club.Open(engine);
        await club.Bounces.Keep(AddressHash.Of(Aoi), "5.1.1", Ct);

        await using var connection = await club.Db.Connect(Ct);
        var (hash, code) = await connection.QuerySingleAsync<(byte[], string)>("select address_hash, code from mail_bounce");
        (hash.Length, code).ShouldBe((16, "5.1.1"));
    }

    [Theory]
    [InlineData("5.1.1", true)]
    [InlineData("5.1.10", true)]
    [InlineData("5.2.1", true)]
    [InlineData("5.1.8", false)]
    [InlineData("5.7.1", false)]
    [InlineData("4.2.2", false)]
    [InlineData("5.0.0", false)]
    public void Only_a_dead_mailbox_stops_mail(string code, bool stops) => new MailBounce(code, default).Stops.ShouldBe(stops);
}
