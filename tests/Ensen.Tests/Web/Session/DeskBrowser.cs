using System.Net;
using System.Text.Json;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web.Session;

/// <summary>A browser at a desk, the console or a merchant's, with its own cookies; its script asks as passkey.js does.</summary>
sealed class DeskBrowser : IDisposable
{
    readonly HttpClient _http;

    /// <param name="cookie">The cookie of who is signed in on it, and its token.</param>
    public DeskBrowser(string address, string? cookie = null, string? token = null)
    {
        var cookies = new CookieContainer();
        if (cookie is not null)
            cookies.Add(new Uri(address), new Cookie(cookie, token));
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = new Uri(address) };
        _http.DefaultRequestHeaders.Add("Accept-Language", "en");
    }

    public Task<string> Page(string path) => _http.GetStringAsync(path);

    public async Task<HttpStatusCode> Status(string path)
    {
        using var answer = await _http.GetAsync(path);
        return answer.StatusCode;
    }

    /// <summary>Sends one of a page's forms, with these fields beside its own, and returns where that leads.</summary>
    public async Task<string> Send(string page, string form, params (string Name, string Value)[] typed)
    {
        using var answer = await _http.PostAsync(form, Content(await Fields(page, form, typed)));
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, form);
        return answer.Headers.Location!.ToString();
    }

    /// <summary>What the script of one of a page's forms is told at an address.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Told)> Ask(string page, string form, string at, params (string Name, string Value)[] typed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, at) { Content = Content(await Fields(page, form, typed)) };
        request.Headers.Add("Accept", "application/json");
        using var answer = await _http.SendAsync(request);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>Has a device make a passkey for one of a page's forms, and sends that; returns where it leads.</summary>
    public async Task<string> Make(string page, string form, string at, PasskeyDevice device, DeviceLie? lie = null,
        params (string Name, string Value)[] typed)
    {
        var asked = (await Ask(page, form, at, typed)).Told;
        return await Send(page, form, [.. typed, .. Answered(asked, device.Create(asked.GetProperty("options"), lie))]);
    }

    /// <summary>Has a device sign for one of a page's forms, and sends that; returns where it leads.</summary>
    public async Task<string> Prove(string page, string form, PasskeyDevice device)
    {
        var asked = (await Ask(page, form, $"{form}/passkey")).Told;
        return await Send(page, form, Answered(asked, device.Sign(asked.GetProperty("options"))));
    }

    /// <summary>Signs in with a passkey at a door, as its script does.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Told)> SignIn(string door, PasskeyDevice device, DeviceLie? lie = null)
    {
        var asked = (await Ask(door, $"{door}/passkey", $"{door}/passkey/options")).Told;
        return await Ask(door, $"{door}/passkey", $"{door}/passkey", Answered(asked, device.Sign(asked.GetProperty("options"), lie)));
    }

    static (string, string)[] Answered(JsonElement asked, JsonElement credential) =>
        [("ticket", asked.GetProperty("ticket").GetString()!), ("credential", credential.GetRawText())];

    async Task<Dictionary<string, string>> Fields(string page, string form, (string Name, string Value)[] typed)
    {
        var fields = PlainBrowser.Fields(await Page(page), form);
        foreach (var (name, value) in typed)
            fields[name] = value;
        return fields;
    }

    static FormUrlEncodedContent Content(Dictionary<string, string> fields) => new(fields);

    public void Dispose() => _http.Dispose();
}
