using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Tests.Chaos;
using Ensen.Tests.Members;
using Ensen.Tests.Support;

namespace Ensen.Tests.Access;

public class SessionsTests
{
    [Theory]
    [BothEngines(AssuranceLevel.Issued, false)]
    [BothEngines(AssuranceLevel.Pin, true)]
    [BothEngines(AssuranceLevel.Password, true)]
    public async Task A_session_keeps_what_opened_it(Engine engine, AssuranceLevel assurance, bool byPerson)
    {
        await using var club = await Club.Open(engine);
        var member = Subject.Member(Id.New(club.Clock));

        var opened = await club.Sessions.Open(member, "Phone", assurance: assurance);

        var caller = (await club.Sessions.Who(opened.Token)).ShouldNotBeNull();
        (caller.Subject, caller.Owner, caller.Till, caller.Assurance, caller.ByPerson).ShouldBe(
            (member, member.Id, null, assurance, byPerson));
        (await club.Sessions.IsOpen(member, caller.Session)).ShouldBeTrue();
        (await club.Sessions.IsOpen(Subject.Merchant(member.Id), caller.Session)).ShouldBeFalse();
        await Should.ThrowAsync<ArgumentOutOfRangeException>(
            () => club.Sessions.Open(new Subject((SubjectKind)99, member.Id), "Desk"));
        await Should.ThrowAsync<ArgumentException>(() => club.Sessions.Open(Subject.Till(member.Id), "Tablet"));
    }

    [Theory, BothEngines]
    public async Task A_token_says_who_is_asking_and_the_database_does_not_hold_it(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var (store, till) = (Id.New(club.Clock), Id.New(club.Clock));

        var opened = await club.Sessions.Open(Subject.Till(till), "Tablet", store);

        (await club.Sessions.Who(opened.Token)).ShouldBe(opened.Caller);
        (opened.Caller.Kind, opened.Caller.Owner, opened.Caller.Till, opened.Caller.Id).ShouldBe((SubjectKind.Till, store, till, till));
        await using var connection = await club.Db.Connect();
        var hash = await connection.QuerySingleAsync<byte[]>("select token_hash from session");
        hash.ShouldBe(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(opened.Token)));
    }

    [Theory, BothEngines]
    public async Task A_session_in_use_lives_on_and_one_that_nobody_uses_lapses(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var (used, left) = (await club.Sessions.Open(Subject.Member(Id.New(club.Clock)), "Phone"),
            await club.Sessions.Open(Subject.Member(Id.New(club.Clock)), "Desk"));
        var (began, lapses) = (await Seen(used), await Lapses(used));

        club.Clock.Move(TimeSpan.FromHours(2));
        await club.Sessions.Who(used.Token);

        await Until.Seen(() => Seen(used).GetAwaiter().GetResult() > began, () => "noted");
        (await Lapses(used)).ShouldBe(lapses + (long)TimeSpan.FromHours(2).TotalMilliseconds);
        (await Lapses(left)).ShouldBe(lapses);

        Task<long> Seen(OpenedSession session) => Read("seen_ms", session);
        Task<long> Lapses(OpenedSession session) => Read("expires_ms", session);
        async Task<long> Read(string column, OpenedSession session)
        {
            await using var connection = await club.Db.Connect();
            return await connection.QuerySingleAsync<long>($"select {column} from session where id = @id", new { id = session.Caller.Session });
        }
    }

    [Theory, BothEngines]
    public async Task What_is_no_token_is_nobodys(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var token = (await club.Sessions.Open(Subject.Member(Id.New(club.Clock)), "Phone")).Token;

        foreach (var wrong in new[] { null, "", "x", token[..^1], token + "x", token.ToUpperInvariant(), token[..^1]
            + (token[^1] == 'A' ? 'B' : 'A'), new string('é', token.Length) })
            (await club.Sessions.Who(wrong)).ShouldBeNull();
    }

    [Theory, BothEngines]
    public async Task After_sign_out_a_token_is_dead_at_once_also_one_that_is_in_use(Engine engine)
    {
        await using var club = await Club.Open(engine);
        for (var round = 0; round < 20; round++)
        {
            var token = (await club.Sessions.Open(Subject.Member(Id.New(club.Clock)), "Phone")).Token;
            using var stop = new CancellationTokenSource();
            var users = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                    await club.Sessions.Who(token);
            })).ToList();
            await Task.Delay(5);

            await club.Sessions.End(token);
            (await club.Sessions.Who(token)).ShouldBeNull();

            await stop.CancelAsync();
            await Task.WhenAll(users);
            (await club.Sessions.Who(token)).ShouldBeNull();
        }
    }

    [Theory, BothEngines]
    public Task Another_node_lets_a_dead_token_go_within_two_seconds(Engine engine) =>
        OneQuietTry.Shows(async () =>
        {
            await using var club = await Club.Open(engine);
            await using var other = club.SecondNode();
            var token = (await club.Sessions.Open(Subject.Member(Id.New(club.Clock)), "Phone")).Token;
            (await other.Sessions.Who(token)).ShouldNotBeNull();

            await club.Sessions.End(token);

            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            while (await other.Sessions.Who(token) is not null)
            {
                System.Diagnostics.Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(2.2));
                await Task.Delay(20);
            }
        });

    [Theory, BothEngines]
    public Task A_node_that_listens_hears_of_it_sooner(Engine engine) =>
        OneQuietTry.Shows(async () =>
        {
            await using var club = await Club.Open(engine);
            await using var other = club.SecondNode();
            club.Db.Notifications.Start();
            other.Db.Notifications.Start();
            while (engine == Engine.Postgres && other.Db.Notifications.Behind > TimeSpan.FromSeconds(1))
                await Task.Delay(10);
            var token = (await club.Sessions.Open(Subject.Member(Id.New(club.Clock)), "Phone")).Token;
            (await other.Sessions.Who(token)).ShouldNotBeNull();

            await club.Sessions.End(token);

            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            while (await other.Sessions.Who(token) is not null)
                await Task.Delay(10);
            System.Diagnostics.Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(1.5));
        });

    [Theory, BothEngines]
    public async Task A_member_sees_the_devices_and_signs_out_one_or_all_others(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var (aoi, ren) = (Id.New(club.Clock), Id.New(club.Clock));
        var phone = await club.Sessions.Open(Subject.Member(aoi), "Phone");
        var tablet = await club.Sessions.Open(Subject.Member(aoi), "Tablet");
        var laptop = await club.Sessions.Open(Subject.Member(aoi), "Laptop");
        var rens = await club.Sessions.Open(Subject.Member(ren), "Phone");

        (await club.Sessions.Devices(Subject.Member(aoi))).Select(d => d.Name).ShouldBe(["Phone", "Tablet", "Laptop"], ignoreOrder: true);
        (await club.Sessions.End(Subject.Member(aoi), rens.Caller.Session)).ShouldBeFalse();
        (await club.Sessions.End(Subject.Member(aoi), tablet.Caller.Session)).ShouldBeTrue();
        (await club.Sessions.End(Subject.Member(aoi), tablet.Caller.Session)).ShouldBeFalse();
        (await club.Sessions.EndAll(Subject.Member(aoi), except: phone.Caller.Session)).ShouldBe(1);

        (await club.Sessions.Who(phone.Token)).ShouldNotBeNull();
        (await club.Sessions.Who(tablet.Token)).ShouldBeNull();
        (await club.Sessions.Who(laptop.Token)).ShouldBeNull();
        (await club.Sessions.Who(rens.Token)).ShouldNotBeNull();
        (await club.Sessions.Devices(Subject.Member(aoi))).ShouldHaveSingleItem().Session.ShouldBe(phone.Caller.Session);
    }

    [Theory, BothEngines]
    public async Task A_session_lapses_unused_lives_on_while_used_and_the_sandboxs_never_lapses(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var unused = await club.Sessions.Open(Subject.Member(Id.New(club.Clock)), "Phone");
        var used = await club.Sessions.Open(Subject.Member(Id.New(club.Clock)), "Phone");
        var sandbox = await club.Sessions.Open(Subject.Member(Id.New(club.Clock)), "Sandbox", lasting: true);

        club.Clock.Move(TimeSpan.FromDays(100));
        (await club.Sessions.Who(used.Token)).ShouldNotBeNull();
        club.Clock.Move(TimeSpan.FromDays(80));

        (await club.Sessions.Who(unused.Token)).ShouldBeNull();
        (await club.Sessions.Who(used.Token)).ShouldNotBeNull();
        (await club.Sessions.Who(sandbox.Token)).ShouldNotBeNull();
        club.Clock.Move(TimeSpan.FromDays(20_000));
        (await club.Sessions.Who(used.Token)).ShouldBeNull();
        (await club.Sessions.Who(sandbox.Token)).ShouldNotBeNull();
        (await club.Sessions.Tidy()).ShouldBe(2);
        (await club.Sessions.Who(sandbox.Token)).ShouldNotBeNull();
    }
}
