using Ensen.Members;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

public class TriesTests
{
    static readonly TryLimit s_five = new(5, TimeSpan.FromMinutes(15));

    [Theory, BothEngines]
    public async Task Of_a_hundred_tries_at_once_on_two_nodes_five_pass(Engine engine)
    {
        await using var club = await Club.Open(engine);
        await using var other = club.SecondNode();

        var passed = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            Task.Run(() => (i % 2 == 0 ? club : other).Tries.Count("pin", "aoi", s_five))));

        passed.Count(p => p).ShouldBe(5);
        (await club.Tries.Count("pin", "ren", s_five)).ShouldBeTrue();
        (await club.Tries.Count("password", "aoi", s_five)).ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task The_window_ends_and_success_is_no_guess(Engine engine)
    {
        await using var club = await Club.Open(engine);
        for (var i = 0; i < 20; i++)
        {
            (await club.Tries.Count("pin", "aoi", s_five)).ShouldBeTrue();
            await club.Tries.TakeBack("pin", "aoi");
        }
        for (var i = 0; i < 6; i++)
            (await club.Tries.Count("pin", "aoi", s_five)).ShouldBe(i < 5);

        club.Clock.Move(TimeSpan.FromMinutes(14));
        (await club.Tries.Count("pin", "aoi", s_five)).ShouldBeFalse();
        club.Clock.Move(TimeSpan.FromMinutes(1));
        (await club.Tries.Count("pin", "aoi", s_five)).ShouldBeTrue();

        club.Clock.Move(TimeSpan.FromDays(3));
        (await club.Tries.Tidy()).ShouldBe(1);
    }
}
