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

    /// <summary>A month that has not begun, or is none, is this one where a page has one, and is not found where it is the page.</summary>
    [Fact]
    public async Task A_month_that_is_none_or_has_not_begun_is_no_page()
    {
        var app = await servers.On(Engine.Sqlite);
        using var phone = new PlainBrowser(app, "ensen-member", (await new Scene(app).Member()).Api.Token!);
        foreach (var month in (string[])["2026-13", "abc", "2999-01"])
        {
            foreach (var at in (string[])["/transit/rides?month=", "/credit-cards/purchases?month="])
                (await phone.Get(at + month)).ShouldContain($"href=\"{at}{Month(Today(at), -1)}\"");
            foreach (var at in (string[])[$"/history/month/{month}", $"/history/csv/{month}"])
                ((int)(await phone.Answer(at)).Status).ShouldBe(404, at);
        }
    }

    /// <summary>Until four in the morning rides are those of the day before.</summary>
    static DateOnly Today(string at) =>
        JapanDay.Of(TimeProvider.System.GetUtcNow().AddHours(at.Contains("rides", StringComparison.Ordinal) ? -4 : 0)).Date;

    static string Month(DateOnly day, int by) => day.AddDays(1 - day.Day).AddMonths(by).ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
}
