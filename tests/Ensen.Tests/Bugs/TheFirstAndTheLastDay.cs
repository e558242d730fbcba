using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A day can be written that has none before or after it, or no midnight in Japan: whoever asked for it was answered 500.
/// </summary>
public class TheFirstAndTheLastDay(Servers servers)
{
    [Theory, BothEngines]
    public async Task Whoever_asks_for_it_is_answered(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, till, suzuki) = (await scene.Member(), await scene.PointTill(), (await scene.Operator("鈴木")).Api);
        var complaints = new List<string>();
        foreach (var day in (string[])["0001-01-01", "0001-01-02", "1969-12-31", "9999-12-30", "9999-12-31"])
            foreach (var (who, path) in new (Client, string)[]
                { (till, "/point-till/totals?day="), (suzuki, "/console/points-report?day="), (member.Api, "/rides?month=") })
                if (await who.Get(path + (path.EndsWith("month=", StringComparison.Ordinal) ? day[..7] : day)) is { Status: >= 500 } reply)
                    complaints.Add($"{reply.Request}: {reply.Status}");
        complaints.ShouldBeEmpty();
    }
}
