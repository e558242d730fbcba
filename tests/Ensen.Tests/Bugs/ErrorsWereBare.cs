using System.Text;
using System.Text.RegularExpressions;
using Ensen.Tests.Web;
using Microsoft.AspNetCore.Routing;

namespace Ensen.Tests.Bugs;

/// <summary>
/// What went wrong was told in bare English, or by nothing at all: an empty 400 for a form without its token, an empty 500 for a form that
/// could not be read and while the database was away. People get a page in their language, with the way on; nobody gets names of our code.
/// </summary>
[Collection(nameof(ProductionNode))]
public sealed partial class ErrorsWereBare(ProductionNode node)
{
    [Theory, InlineData("en", "That could not be sent"), InlineData("ja", "送れませんでした")]
    public async Task A_form_without_its_token_is_answered_by_our_page_everywhere(string language, string title)
    {
        var complaints = new List<string>();
        foreach (var address in Addresses.All.Where(a => Addresses.Accepts(a, "POST") && TakesForms(a)))
        {
            var path = Parts().Replace(Addresses.PathOf(address), "x");
            using var answer = await Send(WhoOf(address), path, new FormUrlEncodedContent([new("number", "1")]), language);
            var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if ((int)answer.StatusCode != 400 || !page.Contains($"<h1>{title}</h1>", StringComparison.Ordinal))
                complaints.Add($"{path}: {(int)answer.StatusCode} {page[..Math.Min(page.Length, 80)]}");
        }
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_page_leads_back_to_the_one_with_the_form_and_to_no_other_site()
    {
        foreach (var (referer, way) in ((string, string)[])[(node.App.Address
            + "/till/sign-in?number=1", "/till/sign-in?number=1"), ("https://evil.example/a", "/")])
        {
            using var request = node.Visits.Request(Who.RequestDevice, "/till/sign-in", HttpMethod.Post);
            request.Content = new FormUrlEncodedContent([new("number", "1")]);
            request.Headers.Referrer = new Uri(referer);
            using var answer = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
                .ShouldContain($"<a class=\"do\" href=\"{way}\">");
        }
    }

    public static TheoryData<string, string> Nonsense => new()
    {
        { "application/x-www-form-urlencoded", "number=%00&pin=%00" },
        { "application/x-www-form-urlencoded", "%%%=%%%&&&&===" },
        { "application/x-www-form-urlencoded", "" },
        { "application/x-www-form-urlencoded", "n=" + new string('1', 70_000) },
        { "multipart/form-data", "no boundary" },
        { "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"number\"\r\n\r\n1" },
        { "application/json", "{" },
        { "text/plain", "number=1" },
        { "nonsense", "nonsense" },
    };

    [Theory, MemberData(nameof(Nonsense))]
    public async Task Nonsense_instead_of_a_form_is_answered_by_our_page(string type, string body)
    {
        foreach (var path in (string[])["/till/sign-in", "/sign-in", "/register", "/confirm-mail", "/sandbox/clock"])
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var answer = await Send(Who.RequestDevice, path, content, "en");
            ((int)answer.StatusCode).ShouldBeInRange(400, 415, path);
            var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            page.ShouldContain("<h1>", Case.Sensitive, $"{path} {type} {(int)answer.StatusCode}");
            ShouldNameNoCode(page);
        }
    }

    [Fact]
    public async Task While_the_database_is_away_every_page_says_that_nothing_is_lost_and_comes_back_by_itself()
    {
        var complaints = new List<string>();
        await node.Way.Close();
        try
        {
            foreach (var visit in node.Visits.All.Where(v => v.Who != Who.RequestDevice && v.Status == 200))
                foreach (var (language, title) in ((string, string)[])[("en", "We cannot be reached just now"), ("ja", "ただいま、つながりません")])
                {
                    using var request = node.Visits.Request(visit.Who, visit.Address);
                    Speak(request, language);
                    using var answer = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);
                    var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                    ShouldNameNoCode(page);
                    // What needs no database (a register of nothing, a sign-in page) may open all the same.
                    if ((int)answer.StatusCode is not (503 or 200)
                        || ((int)answer.StatusCode == 503 && !page.Contains($"<h1>{title}</h1>", StringComparison.Ordinal)))
                        complaints.Add($"{visit.Address}: {(int)answer.StatusCode} {page[..Math.Min(page.Length, 80)]}");
                }
            using var home = await node.Http.SendAsync(node.Visits.Request(Who.Member, "/history?kind=payments"),
                TestContext.Current.CancellationToken);
            ((int)home.StatusCode).ShouldBe(503);
            (await home.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(
                "<a class=\"do\" href=\"/history?kind=payments\">");
            using var program = await node.Http.GetAsync("/api/v1/wallet", TestContext.Current.CancellationToken);
            ShouldNameNoCode(await program.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        finally
        {
            node.Way.Open();
        }
        complaints.ShouldBeEmpty();
        using var back = await node.Http.SendAsync(node.Visits.Request(Who.Member, "/history"), TestContext.Current.CancellationToken);
        ((int)back.StatusCode).ShouldBe(200);
    }

    [Fact]
    public async Task Every_answer_forbids_guessing_its_type_and_none_names_the_server()
    {
        var complaints = new List<string>();
        string[] more = ["/icon.svg", "/nowhere", "/nowhere.png", "/api/v1/nowhere", "/api/v1/wallet", "/sandbox?near=%00"];
        foreach (var (who, path) in node.Visits.All.Select(v => (v.Who, v.Address)).Concat(more.Select(path => (Who.RequestDevice, path))))
        {
            using var answer = await node.Http.SendAsync(node.Visits.Request(who, path), TestContext.Current.CancellationToken);
            if (!answer.Headers.TryGetValues("X-Content-Type-Options", out var values) || values.Single() != "nosniff")
                complaints.Add($"{path}: no nosniff");
            if (answer.Headers.Contains("Server"))
                complaints.Add($"{path}: names its server");
        }
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_comes_without_a_session_or_with_a_bad_form_writes_no_line_into_the_log()
    {
        var before = node.App.Output.Length;
        foreach (var path in (string[])["/", "/history", "/till", "/shop", "/api/v1/wallet", "/nowhere"])
        {
            using var request = node.Visits.Request(Who.RequestDevice, path);
            request.Headers.Add("Cookie", "ensen-member=nobody; ensen-till=nobody; ensen-merchant=nobody");
            using var cookie = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);
            using var bearer = node.Visits.Request(Who.RequestDevice, path);
            bearer.Headers.TryAddWithoutValidation("Authorization", "Bearer nobody");
            using var answer = await node.Http.SendAsync(bearer, TestContext.Current.CancellationToken);
        }
        using var form = await Send(Who.RequestDevice, "/till/sign-in", new FormUrlEncodedContent([new("number", "1")]), "en");
        using var broken = await Send(Who.RequestDevice, "/sign-in", new StringContent("{", Encoding.UTF8, "multipart/form-data"), "en");
        node.App.Output[before..].ShouldBeEmpty();
    }

    Task<HttpResponseMessage> Send(Who who, string path, HttpContent content, string language)
    {
        var request = node.Visits.Request(who, path, HttpMethod.Post);
        request.Content = content;
        Speak(request, language);
        return node.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    static void Speak(HttpRequestMessage request, string language)
    {
        request.Headers.Remove("Accept-Language");
        request.Headers.Add("Accept-Language", language);
    }

    static void ShouldNameNoCode(string page) => Code().IsMatch(page).ShouldBeFalse(page);

    static bool TakesForms(RouteEndpoint address) =>
        Addresses.PathOf(address) is var path && !path.StartsWith("/api/", StringComparison.Ordinal)
            && !path.StartsWith("/_framework", StringComparison.Ordinal)
        && (!Addresses.Accepts(address, "GET") || address.Metadata.Any(m => m.GetType().Name == "ComponentTypeMetadata"))
        && !path.StartsWith("/trouble/", StringComparison.Ordinal);

    static Who WhoOf(RouteEndpoint address) => Addresses.PolicyOf(address)?.First() switch
    {
        "member" => Who.Member,
        "till" => Who.Till,
        "point-till" => Who.PointTill,
        "merchant" => Who.Merchant,
        "operator" => Who.Operator,
        _ => Who.RequestDevice,
    };

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parts();

    [GeneratedRegex(@"Exception|Microsoft\.|System\.|Npgsql|Ensen\.\w|\bat \w+\.\w+\(|antiforgery")]
    private static partial Regex Code();
}
