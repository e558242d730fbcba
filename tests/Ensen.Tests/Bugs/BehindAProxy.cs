using System.Net;
using Ensen.Access;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Tests.Web.Session;
using Ensen.Web.Session;

namespace Ensen.Tests.Bugs;

/// <summary>
/// Behind a TLS proxy pages redirected to http://, cookies were not Secure, and all visitors were one address. Now a proxy is named, and
/// what it says is believed; what anybody else says, or wrote into the header before it, is not.
/// </summary>
public class BehindAProxy
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7:51234", "203.0.113.7")]
    [InlineData("9.9.9.9, 203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("9.9.9.9, 203.0.113.7, 10.1.2.3", "203.0.113.7")]
    [InlineData("9.9.9.9,203.0.113.7:1 , [::ffff:10.1.2.3]:443", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "20010DB800010002")]
    [InlineData("[2001:db8:1:2::9]:443", "20010DB800010002")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("nonsense", "127.0.0.1")]
    [InlineData("", "127.0.0.1")]
    public async Task The_visitor_is_who_the_last_named_proxy_saw(string header, string visitor)
    {
        await using var door = await Door.Open(Engine.Sqlite, proxies: "127.0.0.1, 10.0.0.0/8");
        (await From(door, header)).ShouldEndWith(" " + visitor);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("10.0.0.0/8")]
    public async Task Who_is_no_proxy_is_not_believed(string? proxies)
    {
        await using var door = await Door.Open(Engine.Sqlite, proxies);
        (await From(door, "203.0.113.7")).ShouldBe("http 127.0.0.1");
    }

    [Fact]
    public async Task Https_cookies_redirects_and_origins_are_as_the_visitor_sees_them()
    {
        await using var door = await Door.Open(Engine.Sqlite, proxies: "127.0.0.1");
        await door.Club.CreateVerifiedMember.Run(
            new CreateVerifiedMemberRequest("Aoi", true, "aoi@example.jp", PasswordHash: PasswordHash.Make(Members.Club.Password)));
        using var browser = door.Browser();

        using var signIn = await browser.SendAsync(Proxied(
            HttpMethod.Post, $"/sign-in?email=aoi@example.jp&password={Members.Club.Password}", ("Origin", "https://pay.example.jp")));
        signIn.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var cookie in signIn.Headers.GetValues("Set-Cookie"))
            cookie.ShouldContain("; secure");
        signIn.Headers.GetValues("Strict-Transport-Security").ShouldHaveSingleItem();

        using var moved = await browser.SendAsync(Proxied(HttpMethod.Get, "/moved"));
        moved.Headers.Location!.OriginalString.ShouldBe("/home?a=1");
        using var forged = await browser.SendAsync(Proxied(HttpMethod.Post, "/change", ("Origin", "http://pay.example.jp")));
        forged.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("http://HOST/home", "/home")]
    [InlineData("http://HOST//evil.example", "http://HOST//evil.example")]
    [InlineData("http://HOST.evil.example/", "http://HOST.evil.example/")]
    [InlineData("https://bank.example/pay", "https://bank.example/pay")]
    [InlineData("/pay?a=1", "/pay?a=1")]
    public async Task A_redirect_within_the_site_is_a_path_and_no_other_one_is_touched(string to, string location)
    {
        await using var door = await Door.Open(Engine.Sqlite);
        using var browser = door.Browser();
        string Here(string text) => text.Replace("HOST", door.Address.Authority, StringComparison.Ordinal);

        using var moved = await browser.GetAsync($"/moved?to={Uri.EscapeDataString(Here(to))}");
        moved.Headers.NonValidated["Location"].ToString().ShouldBe(Here(location));
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1")]
    [InlineData("::1, 10.0.0.0/8 192.168.7.9")]
    public void Addresses_and_networks_can_be_named(string setting) =>
        Proxies.Read(setting).ShouldNotBeNull().Count.ShouldBe(setting.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Length);

    [Theory]
    [InlineData("nginx")]
    [InlineData("10.0.0.0/33")]
    [InlineData("127.0.0.1; proxy.example")]
    public void Anything_else_is_refused(string setting) => Proxies.Read(setting).ShouldBeNull();

    [Fact]
    public async Task A_wrong_setting_stops_the_start_and_says_which()
    {
        var answer = await WebApp.Command("migrate", "--Ensen:Proxies=nginx");
        answer.ExitCode.ShouldBe(2);
        answer.Error.ShouldContain("Ensen:Proxies is 'nginx'; allowed is addresses and networks");
    }

    static async Task<string> From(Door door, string header)
    {
        using var browser = door.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/from");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", header);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        return await (await browser.SendAsync(request)).Content.ReadAsStringAsync();
    }

    static HttpRequestMessage Proxied(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Headers = { Host = "pay.example.jp" } };
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "203.0.113.7"), .. headers])
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
