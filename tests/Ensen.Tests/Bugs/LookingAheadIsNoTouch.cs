using System.Net;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>A browser that fetched the address of a touch ahead of its member used the touch up, and the member was told that it was used.</summary>
public class LookingAheadIsNoTouch(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_touch_that_a_browser_fetched_ahead_still_pays(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, shop) = (await scene.Member(5_000), await scene.Store());
        await using var workshop = await Workshop.Open(scene.App);
        var touched = new Uri((await workshop.Chip(shop)).Touch(1)).PathAndQuery;
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(scene.App.Address) };
        http.DefaultRequestHeaders.Add("Cookie", $"ensen-member={aoi.Api.Token}");

        using var ahead = new HttpRequestMessage(HttpMethod.Get, touched);
        ahead.Headers.Add("Sec-Purpose", "prefetch;prerender");
        (await http.SendAsync(ahead)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var opened = await http.GetAsync(touched);

        opened.StatusCode.ShouldBe(HttpStatusCode.Found);
        opened.Headers.Location!.OriginalString.ShouldContain("/pay/to?ticket=");
    }
}
