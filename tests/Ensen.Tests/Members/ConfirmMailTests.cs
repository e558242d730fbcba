using Dapper;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

public class ConfirmMailTests
{
    [Theory, BothEngines]
    public async Task The_link_confirms_the_address_once(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var member = (await club.Register.Run(Club.Aoi())).Value!.Member;
        (await club.MemberDirectory.FindByEmail("aoi@example.jp")).ShouldBeNull();
        var token = await club.TokenMailedTo("aoi@example.jp");

        (await club.Confirm.Run(token)).Value!.MailConfirmed.ShouldBeTrue();
        (await club.Confirm.Run(token)).Refusal.ShouldBe(ConfirmMailRefusal.CodeUsed);
        (await club.Confirm.Release(token)).Refusal.ShouldBe(ConfirmMailRefusal.CodeUsed);

        (await club.MemberDirectory.FindByEmail("Aoi@Example.jp"))!.Id.ShouldBe(member.Id);
    }

    [Theory, BothEngines]
    public async Task Of_fifty_uses_at_once_one_counts(Engine engine)
    {
        await using var club = await Club.Open(engine);
        await club.Register.Run(Club.Aoi());
        var token = await club.TokenMailedTo("aoi@example.jp");

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => club.Confirm.Run(token))));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ConfirmMailRefusal.CodeUsed);
    }

    [Theory, BothEngines]
    public async Task A_link_lapses_and_the_next_mail_kills_the_one_before(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var member = (await club.Register.Run(Club.Aoi())).Value!.Member;
        var first = await club.TokenMailedTo("aoi@example.jp");
        club.Clock.Move(TimeSpan.FromHours(24));

        (await club.Confirm.Run(first)).Refusal.ShouldBe(ConfirmMailRefusal.CodeExpired);
        (await club.Confirm.Run("AAAA")).Refusal.ShouldBe(ConfirmMailRefusal.InvalidCode);

        (await club.Confirm.SendAgain(member.Id)).Accepted.ShouldBeTrue();
        (await club.Confirm.Run(first)).Refusal.ShouldBe(ConfirmMailRefusal.InvalidCode);
        (await club.Confirm.Run(await club.TokenMailedTo("aoi@example.jp"))).Accepted.ShouldBeTrue();
        (await club.Confirm.SendAgain(member.Id)).Refusal.ShouldBe(SendMailRefusal.NotFound);
    }

    [Theory, BothEngines]
    public async Task Five_mails_a_day_are_enough(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var member = (await club.Register.Run(Club.Aoi())).Value!.Member;

        for (var i = 0; i < 5; i++)
            (await club.Confirm.SendAgain(member.Id)).Accepted.ShouldBeTrue();
        (await club.Confirm.SendAgain(member.Id)).Refusal.ShouldBe(SendMailRefusal.TooManyRequests);
        club.Clock.Move(TimeSpan.FromDays(1));
        (await club.Confirm.SendAgain(member.Id)).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Whoever_got_the_mail_by_mistake_frees_their_address(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var typo = (await club.Register.Run(Club.Aoi())).Value!.Member;

        (await club.Confirm.Release(await club.TokenMailedTo("aoi@example.jp"))).Value!.Email.ShouldBeNull();

        (await club.MemberDirectory.Find(typo.Id))!.Email.ShouldBeNull();
        (await club.Register.Run(Club.Aoi() with { Name = "The owner" })).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task The_database_holds_no_link_but_in_the_mail_itself(Engine engine)
    {
        await using var club = await Club.Open(engine);
        await club.Register.Run(Club.Aoi());
        var token = await club.TokenMailedTo("aoi@example.jp");

        await using var connection = await club.Db.Connect();
        var hash = await connection.QuerySingleAsync<byte[]>("select token_hash from mail_token");
        hash.ShouldBe(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)));
    }
}
