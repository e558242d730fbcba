using System.Globalization;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// An instant without an offset was taken for one of the server's own zone: a campaign that was to begin at midnight in Japan began at nine
/// in the morning, or at midnight, by where the server stood.
/// </summary>
public class MomentsWithoutAnOffset(Servers servers)
{
    [Theory, BothEngines]
    public async Task An_instant_says_its_offset_or_is_none(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var suzuki = (await scene.Operator("鈴木")).Api;
        var now = DateTimeOffset.Parse((await scene.Nobody.Get("/sandbox/clock")).Ok().Text("now"), CultureInfo.InvariantCulture);
        string Day(int days) => now.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        object Body(string from, string until) => new
        {
            nameJa = "一週間",
            nameEn = "A week",
            from,
            until,
            gift = new { kind = "fixed", amount = 1 },
            budget = 1,
            lastsDays = 10,
        };

        foreach (var from in (string[])[Day(1), Day(1) + "T00:00", Day(1) + "T00:00:00", Day(1) + "T00:00:00.000", "", "midnight"])
        {
            (await suzuki.Post("/console/campaigns", Body(from, Day(7) + "T00:00:00+09:00"))).Refused(400, "invalid_request", from);
            (await suzuki.Post("/console/campaigns", Body(Day(-7) + "T00:00:00+09:00", from))).Refused(400, "invalid_request", from);
        }
        var made = (await suzuki.Post("/console/campaigns", Body(Day(1) + "T15:00:00Z", Day(7) + "T00:00:00.500+09:00"))).Created();
        made.Json.GetProperty("terms").GetProperty("from").GetDateTimeOffset().ShouldBe(
            DateTimeOffset.Parse(Day(2) + "T00:00:00+09:00", CultureInfo.InvariantCulture));
    }
}
