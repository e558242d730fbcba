using System.Net;
using Ensen.Basics;
using Ensen.Tests.Api;
using Ensen.Tests.Support;
using Shop = Ensen.Tests.Api.Shop;

namespace Ensen.Tests.Web;

/// <summary>Pages as they are sent, in English, to a member, a till or a merchant; on an app and a clock of the test's own.</summary>
public abstract class PageTests : IAsyncLifetime
{
    private protected WebApp App { get; private set; } = null!;
    private protected Scene Scene { get; private set; } = null!;
    private protected Person Member { get; private set; } = null!;
    private protected Shop Shop { get; private set; } = null!;

    /// <summary>The day on which the test begins.</summary>
    private protected JapanDay First { get; private set; }

    public async ValueTask InitializeAsync()
    {
        App = await WebApp.Start();
        Scene = new Scene(App);
        (Member, Shop) = (await Scene.Member(100_000, name: "青井 花"), await Scene.Store());
        First = JapanDay.Of((await Scene.Nobody.Get("/sandbox/clock")).Ok().Json.GetProperty("now").GetDateTimeOffset());
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<string> Pay(long amount) => (await Member.Pay(Shop, amount)).Created().Text("paymentId");

    private protected async Task Tomorrow() => (await Scene.Nobody.Post("/sandbox/clock", new { advance = "P1D" }, Client.NoKey)).Ok();

    private protected async Task<string> Get(Client client, string path)
    {
        using var answer = await Ask(client, path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return await answer.Content.ReadAsStringAsync();
    }

    private protected async Task<HttpResponseMessage> Ask(Client client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept-Language", "en");
        if (client.Token is { } token)
            request.Headers.Add(
                "Cookie", string.Join("; ", ((string[])["member", "till", "merchant"]).Select(kind => $"ensen-{kind}={token}")));
        return await App.Http.SendAsync(request);
    }
}
