using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ensen.Tests.Support;

/// <summary>A browser without script: it keeps its cookies and is led by nobody.</summary>
sealed partial class PlainBrowser : IDisposable
{
    readonly HttpClient _http;
    readonly CookieContainer _cookies = new();

    /// <summary>Signed in as whoever the cookie is of.</summary>
    public PlainBrowser(WebApp app, string cookie, string token)
    {
        _cookies.Add(new Uri(app.Address), new Cookie(cookie, token));
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = _cookies })
        { BaseAddress = new Uri(app.Address) };
    }

    /// <summary>Signed in as nobody yet.</summary>
    public PlainBrowser(WebApp app) : this(app, "ensen-of-nobody", "nothing") { }

    /// <summary>What the browser has been given.</summary>
    public IReadOnlyCollection<Cookie> Cookies => _cookies.GetAllCookies();

    public Task<string> Get(string path) => _http.GetStringAsync(path);

    /// <summary>The page, or nothing where it leads elsewhere.</summary>
    public async Task<string> Get(string path, bool follow)
    {
        using var answer = await _http.GetAsync(path);
        return answer.IsSuccessStatusCode || follow ? await answer.Content.ReadAsStringAsync() : "";
    }

    /// <param name="from">The page that the form stands on, as browsers say it.</param>
    public async Task<string> Post(string path, Dictionary<string, string> form, string? from = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        if (from is not null)
            request.Headers.Referrer = new Uri(_http.BaseAddress!, from);
        using var answer = await _http.SendAsync(request);
        return Way(answer);
    }

    public async Task<string> Redirect(string path)
    {
        using var answer = await _http.GetAsync(path);
        return Way(answer);
    }

    /// <summary>What pay.js is told: the status, and the address where it was done.</summary>
    public async Task<(HttpStatusCode Status, string Url)> Answer(string path)
    {
        using var answer = await _http.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, answer.IsSuccessStatusCode ? JsonElement.Parse(text).GetProperty("url").GetString()! : "");
    }

    /// <summary>The inputs of one of a page's forms.</summary>
    public static Dictionary<string, string> Fields(string page, string form)
    {
        var action = page.IndexOf($" method=\"post\" action=\"{form}\"", StringComparison.Ordinal);
        action.ShouldBeGreaterThan(0, form);
        var whole = page[action..page.IndexOf("</form>", action, StringComparison.Ordinal)];
        var fields = new Dictionary<string, string>();
        foreach (Match input in Inputs().Matches(whole))
            if (!input.Value.Contains("type=\"radio\"", StringComparison.Ordinal) || Checked().IsMatch(input.Value))
                fields[Name().Match(input.Value).Groups[1].Value] = WebUtility.HtmlDecode(Value().Match(input.Value).Groups[1].Value);
        return fields;
    }

    public void Dispose() => _http.Dispose();

    static string Way(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var way = answer.Headers.Location!;
        return way.IsAbsoluteUri ? way.PathAndQuery : way.OriginalString;
    }

    [GeneratedRegex("<input[^>]*>")]
    private static partial Regex Inputs();

    [GeneratedRegex("\\bname=\"([^\"]*)\"")]
    private static partial Regex Name();

    [GeneratedRegex("\\bvalue=\"([^\"]*)\"")]
    private static partial Regex Value();

    [GeneratedRegex(@"\schecked\b")]
    private static partial Regex Checked();
}
