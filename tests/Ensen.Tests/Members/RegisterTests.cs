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
