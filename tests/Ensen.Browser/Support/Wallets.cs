using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Ensen.Browser.Support;

/// <summary>A member made by the sandbox.</summary>
public sealed record SandboxMember(string MemberId, string Token, string Email = "", string Password = "");

/// <summary>A store made by the sandbox, with its tag, printed code and till.</summary>
public sealed record SandboxStore(string StoreId, string TagId, string TagUrl, string Qr, string TillToken);

/// <summary>Ready members and stores through the product's own sandbox, and requests as other programs send them.</summary>
static class Wallets
{
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public static async Task<SandboxMember> Member(this WebApp app, string name, long balance = 0, bool verified = true) =>
        await Made<SandboxMember>(await app.Http.PostAsJsonAsync("/api/v1/sandbox/members", new { name, balance, verified }));

    public static async Task<SandboxStore> Store(this WebApp app, string name, string area = "") =>
        await Made<SandboxStore>(await app.Http.PostAsJsonAsync("/api/v1/sandbox/stores", new { name, area }));

    /// <summary>Asks the API as a program with a token; the key is new unless given.</summary>
    public static async Task<JsonElement> Ask(this WebApp app, string token, string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, "/api/v1" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString());
        request.Content = body is null ? null : JsonContent.Create(body);
        return await Made<JsonElement>(await app.Http.SendAsync(request));
    }

    public static async Task<long> Balance(this WebApp app, SandboxMember member) =>
        (await app.Ask(member.Token, "/wallet")).GetProperty("balance").GetInt64();

    /// <summary>The phone of a member who is signed in.</summary>
    public static async Task<Visitor> Phone(this Chrome chrome, WebApp app, SandboxMember member, string language = "ja-JP",
        bool script = true, float scale = 1)
    {
        var visitor = await chrome.Visit(app.Address, language, script: script, scale: scale);
        await visitor.Context.AddCookiesAsync([new Cookie { Name = "ensen-member", Value = member.Token, Url = app.Address }]);
        return visitor;
    }

    /// <summary>
    /// Waits until the page's script, where it has one, listens: what is touched before is a plain form. A page that had script and became
    /// plain fails here, with the reason, and not later where something does not move.
    /// </summary>
    public static async Task Awake(this IPage page, bool mayBePlain = false)
    {
        await page.Locator("html:not(.js), html[data-awake]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        if (!mayBePlain)
            (await page.GetAttributeAsync("html", "data-plain-why")).ShouldBeNull();
    }

    /// <summary>
    /// Waits for two frames. What a click does is expected again and again, since it may come a moment later; what a click must not do is
    /// looked for after this.
    /// </summary>
    public static Task Drawn(this IPage page) =>
        page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");

    /// <summary>
    /// Waits until the page is there. The address is asked for, then what is on the page: never the browser's idea of "loaded",
    /// which a stream or a picture can hold back. The library's own <c>WaitForURLAsync</c> misses a page that came between its look at the
    /// address and its listening for the next (microsoft/playwright-dotnet#3364), and its <c>WaitForLoadStateAsync</c> waits for good for what
    /// a window that a press opened has behind it; an expectation looks again and again.
    /// </summary>
    public static async Task Arrives(this IPage page, string url, float timeout = 30_000, bool mayBePlain = false)
    {
        await Assertions.Expect(page).ToHaveURLAsync(AddressLike(url), new() { Timeout = timeout });
        await page.WaitForFunctionAsync("() => document.readyState !== 'loading'");
        await page.Awake(mayBePlain);
    }

    /// <summary>An address where <c>**</c> is anything and <c>*</c> anything but a slash.</summary>
    static Regex AddressLike(string url) =>
        new("^" + Regex.Escape(url).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal) + "$");

    /// <summary>Types an amount on our own pad.</summary>
    public static async Task Type(this IPage page, string amount)
    {
        await page.Awake();
        await page.Locator("[data-key='back']").WaitForAsync();
        foreach (var digit in amount)
            await page.Locator($"[data-key='{digit}']").ClickAsync();
    }

    /// <summary>Pays as one who cannot drag does: the train has the keyboard's focus, and Enter.</summary>
    public static async Task Swipe(this IPage page)
    {
        await page.Awake();
        await page.Locator(".knob").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
    }

    static async Task<T> Made<T>(HttpResponseMessage answer)
    {
        using (answer)
        {
            answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
            return (await answer.Content.ReadFromJsonAsync<T>(s_json))!;
        }
    }
}
