using Ensen.Access;
using Ensen.Storage;
using Ensen.Tests.Members;
using Ensen.Tests.Support;

namespace Ensen.Tests.Access;

public class AttemptLimiterTests
{
    static readonly AttemptLimit s_five = new(5, TimeSpan.FromMinutes(15));

    [Theory, BothEngines]
    public async Task Of_a_hundred_tries_at_once_on_two_nodes_five_pass(Engine engine)
    {
        await using var club = await Club.Open(engine);
        await using var other = club.SecondNode();

        var passed = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            Task.Run(() => (i % 2 == 0 ? club : other).AttemptLimiter.Count("pin", "aoi", s_five))));

        passed.Count(p => p).ShouldBe(5);
        (await club.AttemptLimiter.Count("pin", "ren", s_five)).ShouldBeTrue();
        (await club.AttemptLimiter.Count("password", "aoi", s_five)).ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task The_window_ends_and_success_is_no_guess(Engine engine)
    {
        await using var club = await Club.Open(engine);
        for (var i = 0; i < 20; i++)
        {
            (await club.AttemptLimiter.Count("pin", "aoi", s_five)).ShouldBeTrue();
            await club.AttemptLimiter.TakeBack("pin", "aoi");
        }
        for (var i = 0; i < 6; i++)
            (await club.AttemptLimiter.Count("pin", "aoi", s_five)).ShouldBe(i < 5);

        club.Clock.Move(TimeSpan.FromMinutes(14));
        (await club.AttemptLimiter.Count("pin", "aoi", s_five)).ShouldBeFalse();
        club.Clock.Move(TimeSpan.FromMinutes(1));
        (await club.AttemptLimiter.Count("pin", "aoi", s_five)).ShouldBeTrue();

        club.Clock.Move(TimeSpan.FromDays(3));
        (await club.AttemptLimiter.Tidy()).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task Who_tries_too_often_waits_longer_each_time_and_is_never_locked_out(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var pace = new AttemptPace(3, TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(1));

        var atOnce = await Task.WhenAll(Enumerable.Range(0, 50)
            .Select(_ => Task.Run(() => club.AttemptLimiter.Pace("pin", "aoi", pace, TimeSpan.FromSeconds(10)))));

        // Three now; then a second, two more, three more, four more; the next would be too far away to wait for.
        atOnce.Where(t => t.May).Select(t => (int)t.Wait.TotalSeconds).Order().ShouldBe([0, 0, 0, 1, 3, 6, 10]);
        (await club.AttemptLimiter.Pace("pin", "ren", pace, TimeSpan.Zero)).May.ShouldBeTrue();
        var early = await club.AttemptLimiter.Pace("pin", "aoi", pace, TimeSpan.Zero);
        early.May.ShouldBeFalse();
        club.Clock.Move(early.Wait);
        (await club.AttemptLimiter.Pace("pin", "aoi", pace, TimeSpan.Zero)).May.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Who_goes_on_for_hours_gets_no_more_than_the_window_allows(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var pace = new AttemptPace(5, TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(10));
        var made = 0;

        for (var second = 0; second < 4 * 3600; second += 20, club.Clock.Move(TimeSpan.FromSeconds(20)))
            if ((await club.AttemptLimiter.Pace("pin", "aoi", pace, TimeSpan.Zero)).May)
                made++;

        made.ShouldBeInRange(5, 4 * 20 + 20);
        club.Clock.Move(TimeSpan.FromHours(2));
        for (var i = 0; i < 5; i++)
            (await club.AttemptLimiter.Pace("pin", "aoi", pace, TimeSpan.Zero)).Wait.ShouldBe(TimeSpan.Zero);
    }
}
