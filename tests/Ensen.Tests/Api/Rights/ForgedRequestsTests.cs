using System.Net;
using System.Text.RegularExpressions;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Tests.Web;
using Microsoft.AspNetCore.Routing;

namespace Ensen.Tests.Api.Rights;

/// <summary>
/// Every address that changes something, as the program itself maps them, is sent what another site could make a browser send: with
/// everybody's cookies, and without the token of a form that was drawn for them. A new one is tried from the day it is mapped.
/// </summary>
public partial class ForgedRequestsTests
{
    /// <summary>Is read, whatever the method: it has nothing to change.</summary>
    const string Metrics = "/metrics";

    static readonly string[] s_methods = ["POST", "PUT", "PATCH", "DELETE"];

    static readonly (string Header, string Value)[] s_elsewhere =
    [
        ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.example"), ("Origin", "null"),
    ];

    static IReadOnlyList<(string Method, string Path, bool IsForm)> Changing { get; } =
        [.. from address in Addresses.All
            from method in s_methods
            where Addresses.Accepts(address, method)
            let path = Filled(address)
            where !path.StartsWith("/_framework", StringComparison.Ordinal)
            select (method, path, !path.StartsWith("/api/", StringComparison.Ordinal))];

    [Theory, BothEngines]
    public async Task Another_site_changes_nothing_with_the_cookies_of_a_browser(Engine engine)
    {
        await using var cast = await Cast.On(engine);
        var faults = new List<string>();
        Changing.Count(c => c.IsForm).ShouldBeGreaterThan(60);
        Changing.Count(c => !c.IsForm).ShouldBeGreaterThan(40);
        await cast.Changed();
        foreach (var (method, path, _) in Changing)
        {
            foreach (var (header, value) in s_elsewhere)
            {
                var status = await Send(cast, method, path, request => request.Headers.TryAddWithoutValidation(header, value));
                if (status != HttpStatusCode.Forbidden)
                    faults.Add($"{method} {path} with {header}: {value} was answered {(int)status}");
            }
            faults.AddRange((await cast.Changed()).Select(table => $"{method} {path}: now there are {table}"));
        }
        faults.ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task A_form_without_its_token_or_with_anothers_changes_nothing(Engine engine)
    {
        await using var cast = await Cast.On(engine);
        var faults = new List<string>();
        var others = Token().Match(await Page(cast, $"ensen-member={cast.Ren.Api.Token}", "/send")).Groups[1].Value;
        others.ShouldNotBeEmpty();
        await cast.Changed();
        foreach (var (method, path, _) in Changing.Where(c => c.IsForm))
        {
            var without = await Ask(cast, method, path, request => request.Headers.Add("Sec-Fetch-Site", "same-origin"));
            if (without != ForItsToken && path != Metrics)
                faults.Add($"{method} {path} without a token was answered {without}");
            if (!IsForEverybody(path, method))
            {
                var with = await Ask(cast, method, path, request => request.Headers.Add("RequestVerificationToken", WebUtility.HtmlDecode(others)));
                if (with != ForItsToken && path != Metrics)
                    faults.Add($"{method} {path} with another's token was answered {with}");
            }
            faults.AddRange((await cast.Changed()).Select(table => $"{method} {path}: now there are {table}"));
        }
        faults.ShouldBeEmpty();
    }

    /// <summary>
    /// What is refused for its token is refused before anybody looks at the rest. A form without a field is answered 400 as well, by whoever
    /// reads its fields and should not have been asked.
    /// </summary>
    const string ForItsToken = "400 for its token";

    static async Task<string> Ask(Cast cast, string method, string path, Action<HttpRequestMessage> with)
    {
        using var answer = await Answer(cast, method, path, with);
        var isForToken = (await answer.Content.ReadAsStringAsync()).Contains("このページの有効期限が切れています", StringComparison.Ordinal);
        return isForToken && answer.StatusCode == HttpStatusCode.BadRequest ? ForItsToken : $"{(int)answer.StatusCode}";
    }

    /// <summary>What such an address does is the same whoever is signed in, so a token drawn for anybody is one.</summary>
    static bool IsForEverybody(string path, string method) => Addresses.All.Where(a => Addresses.Accepts(a, method)
        && Filled(a) == path).All(a => Addresses.PolicyOf(a) is null);

    static string Filled(RouteEndpoint address) => Parameter().Replace(
        Addresses.PathOf(address), p => p.Value.Contains(":int", StringComparison.Ordinal) ? "404" : "x");

    static async Task<HttpStatusCode> Send(Cast cast, string method, string path, Action<HttpRequestMessage> with)
    {
        using var answer = await Answer(cast, method, path, with);
        return answer.StatusCode;
    }

    static async Task<HttpResponseMessage> Answer(Cast cast, string method, string path, Action<HttpRequestMessage> with)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new FormUrlEncodedContent([]) };
        request.Headers.Add("Cookie", string.Join("; ", Cast.Kinds.Select(kind => $"ensen-{kind}={cast.Owner(kind)}")));
        request.Headers.Add("Accept", "text/html");
        with(request);
        return await cast.App.Http.SendAsync(request);
    }

    static async Task<string> Page(Cast cast, string cookie, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", cookie);
        using var answer = await cast.App.Http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
