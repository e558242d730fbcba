using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Tests.Members;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// Somebody registered with another's address; when its owner registered, the mail led them into the account that was there, with the
/// other's password and telephone: the owner could neither sign in nor set another password, and the other could.
/// </summary>
public class AnAddressThatSomebodyElseTypedFirst
{
    const string Email = "aoi@example.jp", Thiefs = "Never-mind-31";

    [Theory, BothEngines]
    public async Task Becomes_that_of_whoever_registered_where_the_mail_is_opened(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var (thief, owner) = (await First(club), new MemberId(Id.New(club.Clock.GetUtcNow())));

        // A link of a moment ago is on its way; the owner opens it on the browser on which they have registered.
        (await club.Register.Run(Owners(owner))).Refusal.ShouldBe(RegisterRefusal.EmailTaken);
        var member = (await club.Confirm.Run(await club.TokenMailedTo(Email), owner)).Value.ShouldNotBeNull();

        (member.Id, member.Name, member.Telephone, member.MailConfirmed).ShouldBe((owner, "西川 葵", "+819012345678", true));
        (await club.MemberDirectory.FindByEmail(Email))!.Id.ShouldBe(owner);
        (await Opens(club, Club.Password)).ShouldBeTrue();
        (await Opens(club, Thiefs)).ShouldBeFalse("what somebody else chose opens nothing");
        (await club.MemberDirectory.Find(thief))!.Email.ShouldBeNull();
        (await Kept(club)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task And_elsewhere_of_whom_the_mail_is_for(Engine engine)
    {
        await using var club = await Club.Open(engine);
        await First(club);
        var first = await club.TokenMailedTo(Email);
        club.Clock.Move(TimeSpan.FromMinutes(15));
        var owner = new MemberId(Id.New(club.Clock.GetUtcNow()));
        await club.Register.Run(Owners(owner));
        var second = await club.TokenMailedTo(Email);
        second.ShouldNotBe(first);

        (await club.Confirm.Run(second)).Value!.Id.ShouldBe(owner);

        (await Opens(club, Club.Password)).ShouldBeTrue();
        (await club.Confirm.Run(first)).Refusal.ShouldBe(ConfirmMailRefusal.CodeUsed, "the address has its owner");
        (await club.Confirm.Release(first)).Refusal.ShouldBe(ConfirmMailRefusal.CodeUsed);
        (await club.MemberDirectory.FindByEmail(Email))!.Id.ShouldBe(owner);
    }

    [Theory, BothEngines]
    public async Task Whoever_types_it_later_takes_it_from_nobody(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var owner = (await club.Register.Run(Owners(null))).Value!.Member.Id;
        var first = await club.TokenMailedTo(Email);
        club.Clock.Move(TimeSpan.FromMinutes(15));
        await club.Register.Run(Thief());
        var second = await club.TokenMailedTo(Email);

        // On the browser of the one who registered first either link is theirs.
        (await club.Confirm.Run(second, owner)).Value!.Id.ShouldBe(owner);
        (await club.Confirm.Run(first, owner)).Refusal.ShouldBe(ConfirmMailRefusal.CodeUsed);
        (await Opens(club, Club.Password)).ShouldBeTrue();
        (await Opens(club, Thiefs)).ShouldBeFalse();

        await club.Register.Run(Thief());
        (await Kept(club)).ShouldBe(0, "the address is confirmed: nothing of what others type is kept");
    }

    [Theory, BothEngines]
    public async Task Of_forty_who_open_both_links_at_once_one_makes_a_member(Engine engine)
    {
        await using var club = await Club.Open(engine);
        await First(club);
        var first = await club.TokenMailedTo(Email);
        club.Clock.Move(TimeSpan.FromMinutes(15));
        await club.Register.Run(Owners(null));
        var second = await club.TokenMailedTo(Email);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            Task.Run(() => i % 3 == 2 ? club.Confirm.Release(first) : club.Confirm.Run(i % 3 == 0 ? first : second))));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ConfirmMailRefusal.CodeUsed);
        (await Kept(club)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task What_was_typed_is_forgotten_with_the_link(Engine engine)
    {
        await using var club = await Club.Open(engine);
        await First(club);
        club.Clock.Move(TimeSpan.FromMinutes(15));
        await club.Register.Run(Owners(null));
        (await Kept(club), await Links(club)).ShouldBe((1, 2));
        club.Clock.Move(TimeSpan.FromHours(25));
        await club.Confirm.Tidy();
        (await Kept(club), await Links(club)).ShouldBe((0, 1), "the first one's is the account's");
    }

    static async Task<MemberId> First(Club club) => (await club.Register.Run(Thief())).Value!.Member.Id;

    static RegisterRequest Thief() => Club.Aoi() with { Name = "Somebody", Telephone = "080-0000-0000", Password = Thiefs };

    static RegisterRequest Owners(MemberId? id) => Club.Aoi() with { As = id };

    static async Task<bool> Opens(Club club, string password)
    {
        await using var connection = await club.Db.Connect();
        var hash = await connection.ExecuteScalarAsync<string>(
            "select c.hash from member_email e join credential c on c.owner = e.member where e.email_key = @Email", new { Email });
        return PasswordHash.Verify(hash, password) != PasswordVerdict.Wrong;
    }

    static Task<long> Kept(Club club) => Count(club, "select count(*) from later_registration");

    static Task<long> Links(Club club) => Count(club, "select count(*) from mail_token");

    static async Task<long> Count(Club club, string sql)
    {
        await using var connection = await club.Db.Connect();
        return await connection.ExecuteScalarAsync<long>(sql);
    }
}
