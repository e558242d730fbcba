using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Members;
using Ensen.Tests.Support;
using Ensen.Web.Session;

namespace Ensen.Tests.Web.Session;

public class SessionsOnTheWebTests
{
    static string SignInPath(string email = "aoi@example.jp", string password = Club.Password, string? from = null) =>
        $"/sign-in?email={Uri.EscapeDataString(email)}&password={Uri.EscapeDataString(password)}{(from is null ? "" : "&from=" + from)}";

    static async Task<Member> Aoi(Door door) =>
        (await door.Club.CreateVerifiedMember.Run(new CreateVerifiedMemberRequest("Aoi", true, "aoi@example.jp", PasswordHash: PasswordHash.Make(Club.Password)))).Value!;

    [Theory, BothEngines]
    public async Task A_browser_signs_in_on_one_node_is_known_on_the_other_and_out_on_both(Engine engine)
    {
        await using var door = await Door.Open(engine);
        await using var other = await door.SecondNode();
        var aoi = await Aoi(door);
        var cookies = new CookieContainer();
        using var browser = door.Browser(cookies);
        using var elsewhere = other.Browser(cookies);
        (await browser.GetAsync("/home")).Headers.Location!.OriginalString.ShouldBe("/sign-in?then=%2Fhome");

        var answer = await browser.PostAsync(SignInPath(), null);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("ensen-member=ensen_", StringComparison.Ordinal));
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        (await browser.GetStringAsync("/home")).ShouldBe($"\"{aoi.Id}\"");
        (await elsewhere.GetStringAsync("/home")).ShouldBe($"\"{aoi.Id}\"");

        var stolen = cookies.GetCookies(door.Address)["ensen-member"]!.Value;
        (await browser.PostAsync("/sign-out", null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        cookies.GetCookies(door.Address)["ensen-member"].ShouldBeNull();
        (await browser.SendAsync(Door.As(stolen, HttpMethod.Get, "/api/v1/wallet"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(2.1); await Task.Delay(20))
            if ((await elsewhere.SendAsync(Door.As(stolen, HttpMethod.Get, "/api/v1/wallet"))).StatusCode == HttpStatusCode.Unauthorized)
                break;
        (await elsewhere.SendAsync(Door.As(stolen, HttpMethod.Get, "/api/v1/wallet"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, BothEngines]
    public async Task A_browser_that_is_thrown_out_is_a_new_one_when_somebody_signs_in_on_it_again(Engine engine)
    {
        await using var door = await Door.Open(engine);
        var aoi = await Aoi(door);
        var subject = Subject.Member(aoi.Id);
        var club = door.Club;
        using var first = door.Browser();
        using var lost = door.Browser();
        await first.PostAsync(SignInPath(), null);
        (await Told(lost)).ShouldBe(1, "it is new");
        await lost.PostAsync("/sign-out", null);
        (await Told(lost)).ShouldBe(0, "who signed out there and comes back is known");

        var device = (await club.Sessions.Devices(subject))[0].Session;
        (await club.Sessions.End(subject, device)).ShouldBeTrue();
        (await Told(lost)).ShouldBe(1, "a lost one asks, and is told of, as any other");
        (await Told(first)).ShouldBe(0, "the others are as they were");

        // Whoever signed out before nobody throws out: where all are, it is known no more either.
        await lost.PostAsync("/sign-out", null);
        await club.Sessions.EndAll(subject);
        (await Told(lost)).ShouldBe(1);
        (await Told(first)).ShouldBe(1);

        async Task<int> Told(HttpClient browser)
        {
            var before = await Mails();
            club.Clock.Move(TimeSpan.FromMinutes(1));
            (await browser.PostAsync(SignInPath(), null)).StatusCode.ShouldBe(HttpStatusCode.OK);
            return await Mails() - before;
        }

        async Task<int> Mails()
        {
            await club.Outbox.RunDue(CancellationToken.None);
            return (await club.Post.Latest(50, "aoi@example.jp")).Count;
        }
    }

    [Theory, BothEngines]
    public async Task A_token_planted_before_signing_in_is_worth_nothing_after_it(Engine engine)
    {
        await using var door = await Door.Open(engine);
        await Aoi(door);
        var mallory = await door.Club.Sessions.Open(Subject.Member((await door.Club.Member("Mallory")).Id), "Laptop");
        var cookies = new CookieContainer();
        cookies.Add(door.Address, new Cookie("ensen-member", mallory.Token));
        using var browser = door.Browser(cookies);

        await browser.PostAsync(SignInPath(), null);

        cookies.GetCookies(door.Address)["ensen-member"]!.Value.ShouldNotBe(mallory.Token);
        (await browser.SendAsync(Door.As(mallory.Token, HttpMethod.Get, "/api/v1/wallet"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, BothEngines]
    public async Task Signing_in_again_ends_the_old_token_on_the_other_node_too_where_it_is_in_use(Engine engine)
    {
        await using var door = await Door.Open(engine);
        await using var other = await door.SecondNode();
        await Aoi(door);
        var cookies = new CookieContainer();
        using var browser = door.Browser(cookies);
        using var elsewhere = other.Browser();
        await browser.PostAsync(SignInPath(), null);
        var old = cookies.GetCookies(door.Address)["ensen-member"]!.Value;
        (await elsewhere.SendAsync(Door.As(old, HttpMethod.Get, "/api/v1/wallet"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        await browser.PostAsync(SignInPath(), null);

        cookies.GetCookies(door.Address)["ensen-member"]!.Value.ShouldNotBe(old);
        (await browser.SendAsync(Door.As(old, HttpMethod.Get, "/api/v1/wallet"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        // The other node keeps the row for two seconds at most when it hears nothing; asking all the time does not make that longer.
        for (var asked = 0; (await elsewhere.SendAsync(Door.As(old, HttpMethod.Get, "/api/v1/wallet"))).StatusCode != HttpStatusCode.Unauthorized; asked++)
        {
            asked.ShouldBeLessThan(1_000);
            await Task.Delay(20);
        }
    }

    [Theory, BothEngines]
    public async Task Each_policy_lets_its_own_in_and_says_why_to_others(Engine engine)
    {
        await using var door = await Door.Open(engine);
        var member = await door.Club.Member();
        var store = Id.New(door.Club.Clock);
        var memberToken = (await door.Club.Sessions.Open(Subject.Member(member.Id), "App")).Token;
        var tillToken = (await door.Club.Sessions.Open(Subject.Till(Id.New(door.Club.Clock)), "Tablet", store)).Token;
        var merchantToken = (await door.Club.Sessions.Open(Subject.Merchant(store), "Desk")).Token;
        using var client = door.Browser();

        await Expect(memberToken, HttpMethod.Get, "/api/v1/wallet", 200, null);
        await Expect(tillToken, HttpMethod.Get, "/api/v1/wallet", 403, "forbidden");
        await Expect(tillToken, HttpMethod.Get, "/api/v1/till", 200, null);
        await Expect(memberToken, HttpMethod.Get, "/api/v1/till", 403, "forbidden");
        await Expect(tillToken, HttpMethod.Post, "/api/v1/refund", 200, null);
        await Expect(merchantToken, HttpMethod.Post, "/api/v1/refund", 200, null);
        await Expect(memberToken, HttpMethod.Post, "/api/v1/refund", 403, "forbidden");
        await Expect("nobody", HttpMethod.Post, "/api/v1/refund", 401, "unauthenticated");
        await Expect("", HttpMethod.Get, "/api/v1/wallet", 401, "unauthenticated");

        async Task Expect(string token, HttpMethod method, string path, int status, string? code)
        {
            using var answer = await client.SendAsync(Door.As(token, method, path));
            ((int)answer.StatusCode).ShouldBe(status, path);
            if (code is null)
                return;
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString().ShouldBe(code);
        }
    }

    [Theory, BothEngines]
    public async Task A_cookie_opens_only_its_own_doors_and_never_fills_in_for_a_wrong_token(Engine engine)
    {
        await using var door = await Door.Open(engine);
        var till = await door.Club.Sessions.Open(Subject.Till(Id.New(door.Club.Clock)), "Tablet", Id.New(door.Club.Clock));
        var member = await door.Club.Sessions.Open(Subject.Member((await door.Club.Member()).Id), "Phone");
        var cookies = new CookieContainer();
        cookies.Add(door.Address, new Cookie("ensen-member", till.Token));
        using var browser = door.Browser(cookies);
        (await browser.GetAsync("/home")).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        cookies.Add(door.Address, new Cookie("ensen-member", member.Token));
        (await browser.GetAsync("/home")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.GetAsync("/till")).Headers.Location!.OriginalString.ShouldBe("/till/sign-in?then=%2Ftill");
        foreach (var header in new[] { "", " ", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "nonsense" })
        {
            using var beside = new HttpRequestMessage(HttpMethod.Post, "/change");
            beside.Headers.TryAddWithoutValidation("Authorization", header).ShouldBeTrue();
            beside.Headers.TryAddWithoutValidation("Origin", "https://evil.example");
            (await browser.SendAsync(beside)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"'{header}'");
        }
    }

    [Theory, BothEngines]
    public async Task Guesses_at_a_password_are_counted_over_both_nodes_and_the_owner_is_let_in_elsewhere(Engine engine)
    {
        await using var door = await Door.Open(engine);
        await using var other = await door.SecondNode();
        await Aoi(door);
        using var here = door.Browser();
        using var there = other.Browser();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? here : there).PostAsync(SignInPath(password: $"Guess-{i}", from: "10.0.0.1"), null)));

        answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized).ShouldBe(5);
        answers.Count(a => (int)a.StatusCode == 429).ShouldBe(7);
        (await here.PostAsync(SignInPath(from: "10.0.0.1"), null)).StatusCode.ShouldBe((HttpStatusCode)429);
        (await there.PostAsync(SignInPath(from: "10.0.0.2"), null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await here.PostAsync(SignInPath("nobody@example.jp", from: "10.0.0.3"), null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, BothEngines]
    public async Task An_old_hash_is_made_again_at_sign_in_and_a_confirmed_address_is_told(Engine engine)
    {
        await using var door = await Door.Open(engine);
        var old = PasswordHash.Make(Club.Password, CheapHashes.Weaker);
        var aoi = (await door.Club.CreateVerifiedMember.Run(new CreateVerifiedMemberRequest("Aoi", true, "aoi@example.jp", PasswordHash: old))).Value!;
        using var browser = door.Browser();

        (await browser.PostAsync(SignInPath(" AOI@example.jp "), null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var kept = (await new MemberProofs(door.Club.Db, door.Club.Clock).Find(aoi.Id))!.PasswordHash!;
        kept.ShouldNotBe(old);
        PasswordHash.Verify(kept, Club.Password).ShouldBe(PasswordVerdict.Right);
        (await browser.PostAsync(SignInPath(), null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var other = door.Browser();
        (await other.PostAsync(SignInPath(), null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await door.Club.Outbox.RunDue(CancellationToken.None);
        (await door.Club.Post.Latest(10, "aoi@example.jp")).Count.ShouldBe(2, "of each device one");
    }
}
