using System.Diagnostics;
using Dapper;
using Ensen.Access;
using Ensen.Members;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

public class RegisterTests
{
    [Theory, BothEngines]
    public async Task A_person_becomes_a_member_and_gets_one_mail(Engine engine)
    {
        await using var club = await Club.Open(engine);

        var member = (await club.Register.Run(Club.Aoi())).Value!.Member;

        var found = (await club.MemberDirectory.Find(member.Id)).ShouldNotBeNull();
        found.ShouldBe(member);
        (found.Telephone, found.Verified, found.MailConfirmed, found.Language).ShouldBe(("+819012345678", false, false, "ja"));
        await club.Outbox.RunDue(CancellationToken.None);
        var mail = (await club.Post.Latest(10, "aoi@example.jp")).ShouldHaveSingleItem();
        mail.Subject.ShouldContain("メールアドレスの確認");
        mail.Body.ShouldContain("西川 葵 様");
    }

    [Theory, BothEngines]
    public async Task Fifty_registrations_of_one_address_at_once_make_one_member(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var hash = PasswordHash.Make(Club.Password);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() =>
            club.CreateVerifiedMember.Run(
                new CreateVerifiedMemberRequest($"Aoi {i}", true, i % 2 == 0 ? "aoi@example.jp" : "AOI@example.jp", PasswordHash: hash)))));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == CreateVerifiedMemberRefusal.EmailTaken);
        await using var connection = await club.Db.Connect();
        (await connection.ExecuteScalarAsync<int>("select count(*) from member")).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task The_same_holds_for_the_form_with_its_mails(Engine engine)
    {
        await using var club = await Club.Open(engine);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => club.Register.Run(Club.Aoi()))));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == RegisterRefusal.EmailTaken);
        await club.Outbox.RunDue(CancellationToken.None);
        (await club.Post.Latest(10)).Count.ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task The_owner_of_an_address_is_told_and_whoever_typed_it_first_keeps_it_from_nobody(Engine engine)
    {
        await using var club = await Club.Open(engine);
        await club.Register.Run(Club.Aoi());
        var first = await club.TokenMailedTo("aoi@example.jp");
        (await club.Register.Run(Club.Aoi() with { Name = "The owner" })).Refusal.ShouldBe(RegisterRefusal.EmailTaken);
        (await club.TokenMailedTo("aoi@example.jp")).ShouldBe(first, "a link that was sent a moment ago is on its way");

        club.Clock.Move(TimeSpan.FromDays(2));
        (await club.Register.Run(Club.Aoi() with { Name = "The owner" })).Refusal.ShouldBe(RegisterRefusal.EmailTaken);
        (await club.Confirm.Release(await club.TokenMailedTo("aoi@example.jp"))).Accepted.ShouldBeTrue("the first link has lapsed");
        (await club.Register.Run(Club.Aoi() with { Name = "The owner" })).Accepted.ShouldBeTrue();
        (await club.Confirm.Run(await club.TokenMailedTo("aoi@example.jp"))).Accepted.ShouldBeTrue();

        club.Clock.Move(TimeSpan.FromMinutes(10));
        for (var i = 0; i < 3; i++)
            (await club.Register.Run(Club.Aoi("AOI@example.jp") with { Name = "A stranger" })).Refusal.ShouldBe(RegisterRefusal.EmailTaken);
        await club.Outbox.RunDue(CancellationToken.None);
        var mails = await club.Post.Latest(10, "aoi@example.jp");
        mails.Count(m => m.Subject.Contains("登録済み", StringComparison.Ordinal)).ShouldBe(1, "once in ten minutes");
        mails[0].Body.ShouldContain("The owner 様");
        mails[0].Body.ShouldNotContain("stranger");
    }

    [Theory, BothEngines]
    public async Task Forty_registrations_of_an_address_at_once_make_one_account_and_its_link_counts_once(Engine engine)
    {
        await using var club = await Club.Open(engine);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => club.Register.Run(Club.Aoi()))));

        answers.Count(a => a.Accepted).ShouldBe(1);
        var token = await club.TokenMailedTo("aoi@example.jp");
        (await club.Post.Latest(10)).Count.ShouldBe(1);
        var uses = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() =>
            i % 2 == 0 ? club.Confirm.Run(token) : club.Confirm.Release(token))));
        uses.Count(u => u.Accepted).ShouldBe(1);
        uses.Where(u => !u.Accepted).ShouldAllBe(u => u.Refusal == ConfirmMailRefusal.CodeUsed);
    }

    // The clock of a wall is too coarse for one; the middle of many tells whether something was left out for the one or the other.
    [Theory, BothEngines]
    public async Task A_taken_address_takes_as_long_as_a_free_one(Engine engine)
    {
        await using var club = await Club.Open(engine);
        await club.Register.Run(Club.Aoi());
        await club.Confirm.Run(await club.TokenMailedTo("aoi@example.jp"));
        var (free, taken) = (new List<TimeSpan>(), new List<TimeSpan>());

        for (var i = 0; i < 60; i++)
        {
            free.Add(await Takes(Club.Aoi($"a{i}@example.jp")));
            taken.Add(await Takes(Club.Aoi()));
        }

        // The quickest of each: a busy machine makes a try longer and never shorter.
        (free.Min() - taken.Min()).Duration().ShouldBeLessThan(TimeSpan.FromMilliseconds(5));

        async Task<TimeSpan> Takes(RegisterRequest request)
        {
            var from = Stopwatch.GetTimestamp();
            await club.Register.Run(request);
            return Stopwatch.GetElapsedTime(from);
        }
    }

    [Theory, BothEngines]
    public async Task Each_fault_has_its_code_and_nothing_is_written(Engine engine)
    {
        await using var club = await Club.Open(engine);

        (await club.Register.Run(Club.Aoi() with { Name = " " })).Refusal.ShouldBe(RegisterRefusal.InvalidName);
        (await club.Register.Run(Club.Aoi("aoi"))).Refusal.ShouldBe(RegisterRefusal.InvalidEmail);
        (await club.Register.Run(Club.Aoi() with { Telephone = "119" })).Refusal.ShouldBe(RegisterRefusal.InvalidTelephone);
        (await club.Register.Run(Club.Aoi() with { Password = Club.Password + " " })).Refusal.ShouldBe(RegisterRefusal.WeakPassword);
        Register.Check(club.Programme.Membership, new("", "", "", "", "")).Count.ShouldBe(4);

        await using var connection = await club.Db.Connect();
        (await connection.ExecuteScalarAsync<int>("select (select count(*) from member) + (select count(*) from member_email) + (select count(*) from outbox)")).ShouldBe(0);
    }
}
