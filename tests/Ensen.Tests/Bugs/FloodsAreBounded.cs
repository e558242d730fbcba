using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Members;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// Nothing stood in the way of registering, of mails to <c>victim+N@</c>, and of orders that are refused again and again, each kept for
/// ever.
/// </summary>
public class FloodsAreBounded
{
    [Theory, BothEngines]
    public async Task Registrations_from_one_address_are_so_many_and_others_go_on(Engine engine)
    {
        await using var club = await Club.Open(
            engine, new Programme { Membership = new() { RegistrationsPerAddress = 3, TriesPatienceSeconds = 0 } });

        for (var i = 0; i < 6; i++)
            (await Register(club, $"a{i}@example.jp", "10.0.0.1")).ShouldBe(i < 3 ? RegisterRefusal.None : RegisterRefusal.TooManyRequests);

        (await Register(club, "ren@example.jp", "10.0.0.2")).ShouldBe(RegisterRefusal.None);
        club.Clock.Move(TimeSpan.FromSeconds(1));
        (await Register(club, "neighbour@example.jp", "10.0.0.1")).ShouldBe(RegisterRefusal.None);
        (await club.Register.Run(Club.Aoi("inside@example.jp"))).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Registrations_of_all_are_so_many(Engine engine)
    {
        await using var club = await Club.Open(
            engine, new Programme { Membership = new() { RegistrationsInAll = 3, TriesPatienceSeconds = 0 } });
        for (var i = 0; i < 5; i++)
            (await Register(club, $"a{i}@example.jp", $"10.0.0.{i}")).ShouldBe(
                i < 3 ? RegisterRefusal.None : RegisterRefusal.TooManyRequests);
    }

    [Theory, BothEngines]
    public async Task A_mailbox_gets_so_many_mails_whatever_stands_behind_its_plus(Engine engine)
    {
        await using var club = await Club.Open(engine, new Programme { Membership = new() { MailsPerMailbox = 3 } });
        for (var i = 0; i < 6; i++)
            (await Register(club, $"victim+{i}@example.jp", $"10.0.0.{i}")).ShouldBe(RegisterRefusal.None);
        (await Register(club, "victims@example.jp", "10.0.0.9")).ShouldBe(RegisterRefusal.None);

        (await MailsWaiting(club)).ShouldBe(4);
        // Whoever got none asks for it another day.
        club.Clock.Move(TimeSpan.FromDays(1));
        await using var connection = await club.Db.Connect();
        var last = await connection.ExecuteScalarAsync<Guid>("select member from member_email where email_key = 'victim+5@example.jp'");
        (await club.Confirm.SendAgain(new MemberId(last), "10.0.0.5")).Accepted.ShouldBeTrue();
    }

    [Theory]
    [InlineData("aoi@example.jp", "aoi@example.jp")]
    [InlineData("aoi+shop@example.jp", "aoi@example.jp")]
    [InlineData("aoi+a+b@example.jp", "aoi@example.jp")]
    [InlineData("+aoi@example.jp", "+aoi@example.jp")]
    public void A_mailbox_is_an_address_without_its_owners_notes(string key, string mailbox) => EmailAddress.Mailbox(key).ShouldBe(mailbox);

    [Fact]
    public async Task A_caller_whose_orders_are_refused_again_and_again_is_told_to_come_again_and_nothing_is_kept()
    {
        await using var app = await WebApp.Start(Engine.Sqlite, "--Ensen:RefusalsAtOnce=10", "--Ensen:RefusalsPerMinute=10");
        var scene = new Scene(app);
        var (poor, rich, shop) = (await scene.Member(), await scene.Member(5_000), await scene.Store());

        var replies = new List<Reply>();
        for (var i = 0; i < 60; i++)
            replies.Add(await poor.Pay(shop, 500));

        replies[0].Refused(422, "insufficient_balance");
        replies.Count(r => r.Status == 422).ShouldBeLessThan(40);
        var told = replies.First(r => r.Status == 429).Refused(429, "too_many_requests");
        told.Headers.RetryAfter.ShouldNotBeNull();
        for (var i = 0; i < 20; i++)
            (await rich.Pay(shop, 100)).Created();
    }

    static async Task<RegisterRefusal> Register(Club club, string email, string from) =>
        (await club.Register.Run(Club.Aoi(email) with { From = from })).Refusal;

    static async Task<int> MailsWaiting(Club club)
    {
        await using var connection = await club.Db.Connect();
        return await connection.ExecuteScalarAsync<int>("select count(*) from outbox where kind = @Kind", new { Notice.Kind });
    }
}
