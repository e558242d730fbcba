using Ensen.Basics;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>A month's rides, purchases and movements led on to the next month, and to the one after it, of which nobody knows anything.</summary>
public class TheFutureCouldBeLeafedInto(Servers servers)
{
    [Theory]
    [InlineData("/transit/rides?month=")]
    [InlineData("/credit-cards/purchases?month=")]
    [InlineData("/history/month/")]
    public async Task Nothing_leads_beyond_this_month(string at)
    {
        var app = await servers.On(Engine.Sqlite);
        using var phone = new PlainBrowser(app, "ensen-member", (await new Scene(app).Member()).Api.Token!);
        var first = Today(at);
        var (before, now, after) = (Month(first, -1), Month(first, 0), Month(first, 1));

        var page = await phone.Get(at + now);
        page.ShouldContain($"href=\"{at}{before}\"");
        page.ShouldNotContain($"href=\"{at}{after}\"");
        (await phone.Get(at + before)).ShouldContain($"href=\"{at}{now}\"");
    }

    /// <summary>Until four in the morning rides are those of the day before.</summary>
    static DateOnly Today(string at) =>
        JapanDay.Of(TimeProvider.System.GetUtcNow().AddHours(at.Contains("rides", StringComparison.Ordinal) ? -4 : 0)).Date;

    static string Month(DateOnly day, int by) => day.AddDays(1 - day.Day).AddMonths(by).ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
}
