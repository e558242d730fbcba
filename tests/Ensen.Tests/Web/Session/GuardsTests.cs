using System.Net;
using Dapper;
using Ensen.Access;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Web.Session;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Tests.Web.Session;

public class GuardsTests
{
    [Fact]
    public async Task Every_answer_forbids_inline_script_frames_and_guessing()
    {
        await using var door = await Door.Open(Engine.Sqlite);
        using var browser = door.Browser();
        foreach (var path in new[] { "/", "/home", "/nowhere", "/api/v1/wallet" })
        {
            using var answer = await browser.GetAsync(path);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldContain("frame-ancestors 'none'");
            policy.ShouldContain("script-src 'self';");
            policy.ShouldNotContain("unsafe");
            answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
            answer.Headers.GetValues("Referrer-Policy").Single().ShouldBe("same-origin");
            answer.Headers.GetValues("Permissions-Policy").Single().ShouldContain("camera=(self)");
        }
    }

    [Fact]
    public async Task What_is_somebodys_own_is_kept_in_no_cache()
    {
        await using var door = await Door.Open(Engine.Sqlite);
        var token = (await door.Club.Sessions.Open(Subject.Member((await door.Club.Member()).Id), "App")).Token;
        using var browser = door.Browser();

        (await browser.SendAsync(Door.As(token, HttpMethod.Get, "/api/v1/wallet"))).Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await browser.GetAsync("/")).Headers.CacheControl.ShouldBeNull();
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("Sec-Fetch-Site", "none", 200)]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Origin", "self", 200)]
    [InlineData("X-Nothing", "", 200)]
    public async Task Another_site_cannot_change_anything_with_a_members_cookie(string header, string value, int status)
    {
        await using var door = await Door.Open(Engine.Sqlite);
        var cookies = new CookieContainer();
        cookies.Add(door.Address,
            new Cookie("ensen-member", (await door.Club.Sessions.Open(Subject.Member((await door.Club.Member()).Id), "Phone")).Token));
        using var browser = door.Browser(cookies);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/change");
        request.Headers.TryAddWithoutValidation(header, value == "self" ? door.Address.GetLeftPart(UriPartial.Authority) : value);

        ((int)(await browser.SendAsync(request)).StatusCode).ShouldBe(status);
    }

    [Theory]
    [InlineData("/home?a=1", "/home?a=1")]
    [InlineData("/", "/")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("home", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/home\r\nSet-Cookie: a=b", "/")]
    public void Signing_in_never_leads_to_another_site(string? then, string to) => RequestDevice.Then(then).ShouldBe(to);

    [Theory, BothEngines]
    public async Task What_one_node_protects_another_opens(Engine engine)
    {
        await using var door = await Door.Open(engine);
        await using var other = await door.SecondNode();

        var text = door.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("form").Protect("hello");

        other.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("form").Unprotect(text).ShouldBe("hello");
        await using var connection = await door.Club.Db.Connect();
        (await connection.ExecuteScalarAsync<int>("select count(*) from data_protection_key")).ShouldBeGreaterThan(0);
    }
}
