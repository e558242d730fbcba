using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ensen.Browser.Support;

/// <summary>The harness itself, on a page of a few lines served under the policy the product has: no inline script or style.</summary>
public class HarnessTests(Chrome chrome)
{
    const string Policy = "default-src 'self'";

    [Fact]
    public async Task A_good_page_is_photographed_four_times_and_axe_finds_nothing()
    {
        await using var site = await Site("<main><h1>沿線</h1><p>残高 12,345 円</p></main>");
        await using var visitor = await chrome.Visit(site.Urls.Single());
        var begun = TimeProvider.System.GetUtcNow().UtcDateTime;

        await visitor.Page.GotoAsync("/");
        await visitor.Page.Look("harness");

        foreach (var screen in new[] { "390x844-light", "390x844-dark", "1280x800-light", "1280x800-dark" })
            File.GetLastWriteTimeUtc(Path.Combine(Repository.Screens, $"harness-{screen}.png"))
                .ShouldBeGreaterThanOrEqualTo(begun.AddSeconds(-2));
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Axe_finds_what_is_wrong_under_the_policy()
    {
        await using var site = await Site("<main><h1>沿線</h1><img src=\"/tag.svg\"><input name=\"amount\"></main>");
        await using var visitor = await chrome.Visit(site.Urls.Single());

        await visitor.Page.GotoAsync("/");
        var findings = await visitor.Page.Axe();

        findings.ShouldContain(f => f.StartsWith("image-alt", StringComparison.Ordinal));
        findings.ShouldContain(f => f.StartsWith("label", StringComparison.Ordinal));
        await Assert.ThrowsAsync<ShouldAssertException>(() => visitor.Page.Look("harness-bad"));
    }

    [Fact]
    public async Task What_the_browser_complains_about_is_kept()
    {
        await using var site = await Site("<main><h1>沿線</h1><script>document.title = 'inline'</script></main>");
        await using var visitor = await chrome.Visit(site.Urls.Single());

        await visitor.Page.GotoAsync("/");

        visitor.Complaints.ShouldContain(c => c.Contains("Content Security Policy", StringComparison.Ordinal));
        (await visitor.Page.TitleAsync()).ShouldBe("Ensen");
    }

    [Fact]
    public void Every_story_is_told_on_both_engines()
    {
        string[] engines = [nameof(OnSqlite), nameof(OnPostgres)];
        var told = typeof(HarnessTests).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type != typeof(HarnessTests) && type.GetMethods()
                .Any(m => m.IsDefined(typeof(FactAttribute), inherit: true)))
            .Select(type => type.Name).ToList();
        told.Where(name => !engines.Any(name.EndsWith)).ShouldBeEmpty("written once, abstract, with a child for each engine");
        foreach (var name in told)
            foreach (var engine in engines)
                told.ShouldContain(name.Replace(nameof(OnSqlite), engine, StringComparison.Ordinal)
                    .Replace(nameof(OnPostgres), engine, StringComparison.Ordinal));
    }

    static async Task<WebApplication> Site(string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var site = builder.Build();
        site.Urls.Add("http://127.0.0.1:0");
        site.MapGet("/", (HttpResponse response) =>
        {
            response.Headers.ContentSecurityPolicy = Policy;
            return TypedResults.Content(
                $"<!doctype html><html lang=\"ja\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Ensen</title><link rel=\"icon\" href=\"/tag.svg\"><body>{body}</body></html>", "text/html; charset=utf-8");
        });
        site.MapGet("/tag.svg", () =>
            TypedResults.Content("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\"/>", "image/svg+xml"));
        await site.StartAsync();
        return site;
    }
}
