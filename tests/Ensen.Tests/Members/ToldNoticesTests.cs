using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

public class ToldNoticesTests
{
    [Theory, BothEngines]
    public async Task That_something_was_told_is_forgotten_after_two_years(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await Visitor.In(town);
        await aoi.SignIn();
        town.Clock.Move(TimeSpan.FromDays(400));
        await aoi.SignIn();
        (await town.Get<ToldNotices>().Tidy(TestContext.Current.CancellationToken)).ShouldBe(0);

        town.Clock.Move(TimeSpan.FromDays(331));
        (await town.Get<ToldNotices>().Tidy(TestContext.Current.CancellationToken)).ShouldBe(1);
        (await town.Count("select count(*) from notice")).ShouldBe(1);
    }
}
