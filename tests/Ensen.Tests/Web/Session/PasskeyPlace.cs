using System.Net;
using System.Text;
using System.Text.Json;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Chaos;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web.Session;

/// <summary>The app under the name by which browsers have passkeys for this machine, and a device there.</summary>
sealed class PasskeyPlace : IAsyncDisposable
{
    readonly Dictionary<Client, Person> _people = [];
    readonly HttpClient _http;
    readonly Scene _scene;

    public PasskeyPlace(WebApp app)
    {
        _scene = new Scene(app);
        Address = app.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        _http = new HttpClient { BaseAddress = new Uri(Address) };
        Device = new PasskeyDevice(Address);
    }

    public string Address { get; }
    public PasskeyDevice Device { get; }

    public static async Task<PasskeyPlace> On(Servers servers, Engine engine) => new(await servers.On(engine));

    public async Task<Client> Member()
    {
        var person = await _scene.Member();
        var client = person.Api.At(_http);
        _people[client] = person;
        return client;
    }

    /// <summary>The device makes a passkey for somebody, who has it kept.</summary>
    public async Task<Reply> Add(Client who)
    {
        var asked = (await who.Post("/me/passkeys/options", key: Client.NoKey)).Ok().Json;
        return (await Keep(who, asked.GetProperty("ticket").GetString()!, Device.Create(asked.GetProperty("options")), await Proof(who))).Created();
    }

    /// <summary>Has a passkey kept, with the id of a challenge that was passed for it, if one is given.</summary>
    public static Task<Reply> Keep(Client who, string ticket, JsonElement credential, string? proof = null) => who.Send(
        HttpMethod.Post, "/me/passkeys", Json(JsonSerializer.Serialize(new { ticket, credential, name = "My telephone" })), Client.NoKey, proof);

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    public async Task<string> Proof(Client who)
    {
        var id = (await who.Post("/me/challenges", new { purpose = "passkeys", method = "password" })).Created().Text("challengeId");
        (await who.Post($"/me/challenges/{id}/answer", new { password = _people[who].Password })).Ok().Text("status").ShouldBe("passed");
        return id;
    }

    public PasskeyBrowser Browser(string? member = null) => new(Address, member);

    /// <summary>The letters to somebody; what the mail server told of others stands below them.</summary>
    public async Task<string> Mailbox(Client who)
    {
        var page = WebUtility.HtmlDecode(await _http.GetStringAsync($"/sandbox?to={Uri.EscapeDataString(_people[who].Email)}"));
        var letters = page[page.IndexOf("id=\"mail\"", StringComparison.Ordinal)..];
        return letters[..letters.IndexOf("class=\"list small\"", StringComparison.Ordinal)];
    }

    public Task Mailed(Client who, string subject) => Until.Seen(
        () => Mailbox(who).GetAwaiter().GetResult().Contains(subject, StringComparison.Ordinal), () => subject);

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A browser with its own cookies, whose script asks as passkey.js does.</summary>
sealed class PasskeyBrowser : IDisposable
{
    public const string Options = "/sign-in/passkey/options", Enter = "/sign-in/passkey";

    readonly HttpClient _http;

    /// <param name="member">The token of who is signed in on it.</param>
    public PasskeyBrowser(string address, string? member)
    {
        var cookies = new CookieContainer();
        if (member is not null)
            cookies.Add(new Uri(address), new Cookie("ensen-member", member));
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = new Uri(address) };
    }

    string? _token;

    public async Task<(HttpStatusCode Status, JsonElement Told)> SignIn(PasskeyDevice device, DeviceLie? lie = null, string then = "/")
    {
        var asked = await Ask();
        var fields = Answer(asked, device.Sign(asked.GetProperty("options"), lie));
        fields["then"] = then;
        return await Send(Enter, fields);
    }

    /// <summary>The fields that go to the action with what a device has answered.</summary>
    public static Dictionary<string, string> Answer(JsonElement asked, JsonElement credential) =>
        new() { ["ticket"] = asked.GetProperty("ticket").GetString()!, ["credential"] = credential.GetRawText() };

    public async Task<JsonElement> Ask()
    {
        _token ??= PlainBrowser.Fields(await Text("/sign-in"), Enter)["__RequestVerificationToken"];
        var (status, told) = await Send(Options, []);
        status.ShouldBe(HttpStatusCode.OK, told.ToString());
        return told;
    }

    public async Task<(HttpStatusCode Status, JsonElement Told)> Send(string path, Dictionary<string, string> fields)
    {
        fields["__RequestVerificationToken"] = _token!;
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Add("Accept", "application/json");
        using var answer = await _http.SendAsync(request);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>Sends one of a page's forms as it stands, and returns where that leads.</summary>
    public async Task<string> Form(string page, string form)
    {
        using var answer = await _http.PostAsync(form, new FormUrlEncodedContent(PlainBrowser.Fields(await Text(page), form)));
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return answer.Headers.Location!.ToString();
    }

    /// <summary>Proves with a passkey on the page of a proof, and returns where that leads.</summary>
    public async Task<string> Prove(string page, PasskeyDevice device)
    {
        var fields = PlainBrowser.Fields(await Text(page), "/step-up");
        _token = fields["__RequestVerificationToken"];
        var asked = (await Send("/step-up/passkey", new(fields))).Told;
        foreach (var (name, value) in Answer(asked, device.Sign(asked.GetProperty("options"))))
            fields[name] = value;
        using var answer = await _http.PostAsync("/step-up", new FormUrlEncodedContent(fields));
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return answer.Headers.Location!.ToString();
    }

    public Task<string> Text(string path) => _http.GetStringAsync(path);

    public async Task<HttpStatusCode> Status(string path)
    {
        using var answer = await _http.GetAsync(path);
        return answer.StatusCode;
    }

    public void Dispose() => _http.Dispose();
}
