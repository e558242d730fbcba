using System.Text.RegularExpressions;
using Ensen.Basics;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>What the pages say of roots and seals to people who are not sure what they are.</summary>
public sealed partial class RootPagesTests : PageTests
{
    [Fact]
    public async Task A_receipt_of_today_gives_the_seals_hash_that_its_file_is_proven_by_and_of_yesterday_the_root_alone()
    {
        var paid = await Pay(1_200);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, await Get(Member.Api, $"/history/{paid}/receipt"));
        (string Page, Client As)[] pages = [($"/history/{paid}", Member.Api), ($"/till/refund?payment={paid}", Shop.Till),
            ($"/till/movement/{paid}", Shop.Till), ($"/shop/movement/{paid}", Shop.Merchant)];

        foreach (var (page, client) in pages)
        {
            var text = await Get(client, page);
            var seal = SealShown().Match(text).Groups[1].Value;
            seal.Length.ShouldBe(64, page);
            text.ShouldContain($"data-copy=\"{seal}\"", customMessage: page);
            (await WebApp.Command("check-receipt", file, "--root", seal)).ExitCode.ShouldBe(0, page);
        }

        await Tomorrow();
        foreach (var (page, client) in pages)
        {
            var text = await Get(client, page);
            text.ShouldNotContain("data-seal", customMessage: page);
            text.ShouldContain($"/roots?day={First}", customMessage: page);
        }
        File.Delete(file);
    }

    [Fact]
    public async Task Every_page_of_the_roots_says_what_is_true_and_leads_to_the_newest()
    {
        (await Roots("")).ShouldContain("The first one is published when the day is over.");
        var days = new List<JapanDay>();
        for (var i = 0; i < 16; i++)
        {
            days.Insert(0, Day(i));
            await Scene.Member(100); // A purchase would be settled on a later day, which would have a record of its own.
            await Tomorrow();
        }
        await Tomorrow(); // A day without records.
        var today = Day(17);

        var newest = await Roots("");
        Listed(newest).ShouldBe(days.Take(14));
        newest.ShouldContain($"href=\"/roots?before={days[13]}\"");
        newest.ShouldNotContain("Newer days");
        var oldest = await Roots($"?before={days[13]}");
        Listed(oldest).ShouldBe(days.Skip(14));
        oldest.ShouldContain("href=\"/roots\"");
        oldest.ShouldNotContain("Earlier days");
        (await Roots($"?day={days[14]}")).ShouldContain($"data-root=\"{days[14]}=");
        Listed(await Roots($"?day={days[1]}")).ShouldBe(days.Skip(1).Take(14));
        (await Roots($"?day={days[1]}")).ShouldContain("aria-current=\"date\"");

        foreach (var early in (string[])[$"?before={First}", $"?day={First.Previous}", "?before=2001-01-01", "?day=0001-01-01"])
        {
            var page = await Roots(early);
            Listed(page).ShouldBeEmpty();
            page.ShouldContain("There is none before it.", customMessage: early);
            page.ShouldNotContain("None yet");
            page.ShouldContain("href=\"/roots\"");
            page.ShouldContain($"href=\"/roots?day={First}\"");
        }
        (await Roots($"?day={today.Previous}")).ShouldContain("days without records have none");
        (await Roots($"?day={today}")).ShouldContain("is published when that day is over");
        (await Roots("?day=nonsense")).ShouldContain($"data-root=\"{days[0]}=");
    }

    [Fact]
    public async Task The_start_page_without_the_sandbox_leads_to_the_roots()
    {
        await using var app = await WebApp.Start(Ensen.Storage.Engine.Sqlite, "--Ensen:Sandbox=false");

        (await app.Http.GetStringAsync("/welcome")).ShouldContain("href=\"/roots\"");
    }

    JapanDay Day(int number) => new(First.Date.AddDays(number));

    Task<string> Roots(string query) => Get(Scene.Nobody, "/roots" + query);

    static IEnumerable<JapanDay> Listed(string page) => RootShown().Matches(page).Select(m => JapanDay.Parse(m.Groups[1].Value));

    [GeneratedRegex("data-root=\"([0-9-]+)=[0-9a-f]{64}\"")]
    private static partial Regex RootShown();

    [GeneratedRegex("data-seal=\"([0-9a-f]{64})\"")]
    private static partial Regex SealShown();
}
