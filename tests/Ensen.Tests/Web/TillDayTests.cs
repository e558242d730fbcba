using System.Net;
using System.Text.RegularExpressions;
using Ensen.Tests.Api;

namespace Ensen.Tests.Web;

/// <summary>A busy day at a till and at its merchant's desk: everything can be reached, and what is old makes way.</summary>
public sealed partial class TillDayTests : PageTests
{
    [Fact]
    public async Task Every_payment_of_a_busy_day_can_be_reached_at_the_till_and_stands_in_the_shops_file()
    {
        var payments = new List<string>();
        for (var i = 0; i < 102; i++)
            payments.Insert(0, await Pay(10 + i));
        (await Shop.Till.Post($"/payments/{payments[0]}/refunds", new { amount = 1 })).Created();

        var till = await Get(Shop.Till, "/till");
        Numbers(till).Count().ShouldBe(30);
        till.ShouldContain("href=\"/till/day\"");
        var day = await Get(Shop.Till, "/till/day");
        Numbers(day).Skip(1).ShouldBe(payments.Take(99));
        var more = MoreShown().Match(day).Groups[1].Value;
        Numbers(await Get(Shop.Till, more)).ShouldBe(payments.Skip(99));

        var lines = (await Get(Shop.Merchant, "/shop/csv")).Trim().Split("\r\n");
        lines.Length.ShouldBe(1 + 102 + 1);
        lines[1].ShouldContain("-1,"); // The refund is the newest.
        payments.ShouldAllBe(payment => lines.Any(line => line.EndsWith(payment, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_merchants_desk_finds_a_payment_by_the_number_on_its_receipt()
    {
        var paid = (await Member.Pay(Shop, 700)).Created();
        await Tomorrow();

        (await Landing(Shop.Merchant, $"/shop?number={paid.Text("receiptNumber").ToLowerInvariant()}"))
            .ShouldEndWith($"/shop/movement/{paid.Text("paymentId")}");
        (await Get(Shop.Merchant, "/shop?number=000-0000")).ShouldContain("role=\"alert\"");
        (await Get((await Scene.Store("Tea")).Merchant, $"/shop?number={paid.Text("receiptNumber")}")).ShouldContain("role=\"alert\"");
    }

    [Fact]
    public async Task A_payment_is_huge_while_it_is_news_and_then_makes_way()
    {
        await Pay(1_234);
        HugeShown().IsMatch(await Get(Shop.Till, "/till")).ShouldBeTrue();

        await Later("PT6M");
        HugeShown().IsMatch(await Get(Shop.Till, "/till")).ShouldBeFalse();
        (await Get(Shop.Till, "/till")).ShouldContain("Ready for payments");
        (await Get(Shop.Till, "/till")).ShouldContain("Payment before");

        await Tomorrow();
        (await Get(Shop.Till, "/till")).ShouldNotContain("Payment before");
    }

    [Fact]
    public async Task A_refusal_at_the_till_is_told_on_the_phone_that_showed_the_code_and_on_no_other()
    {
        var code = await Member.Code();
        (await Shop.Till.Post("/till/payments", new { code, amount = 200_000, orderId = "big" })).Status.ShouldBe(422);

        var page = await Get(Member.Api, "/pay");
        page.ShouldContain("was not paid");
        page.ShouldContain("200,000");
        page.ShouldContain("role=\"alert\"");
        (await Get((await Scene.Member(1)).Api, "/pay")).ShouldNotContain("200,000");
        await Later("PT2M");
        (await Get(Member.Api, "/pay")).ShouldNotContain("200,000");
    }

    [Fact]
    public async Task A_tablet_whose_session_ended_asks_for_the_PIN_only_and_knows_its_store()
    {
        var cookies = new CookieContainer();
        using var tablet = new HttpClient(new HttpClientHandler { CookieContainer = cookies }) { BaseAddress = new Uri(App.Address) };
        tablet.DefaultRequestHeaders.Add("Accept-Language", "en");
        await Send("/welcome", "/sandbox/make/store", ("name", "Cafe"));
        var number = StoreShown().Match(await Read("/shop")).Groups[1].Value;
        EndSession();
        (await Read("/till/refund")).ShouldNotContain("You were signed out");

        await Send("/till/sign-in", "/till/sign-in", ("number", number), ("pin", "246802"));
        EndSession();
        var again = await Read("/till/refund");
        again.ShouldContain("You were signed out");
        again.ShouldContain($"value=\"{number}\"");
        (await Send("/till/refund", "/till/sign-in", ("number", number), ("pin", "246802"), ("then", "/till/refund")))
            .ShouldBe("/till/refund");

        Task<string> Read(string path) => tablet.GetStringAsync(new Uri(path, UriKind.Relative));

        void EndSession() => cookies.GetCookies(new Uri(App.Address))["ensen-till"]!.Expired = true;

        async Task<string> Send(string page, string action, params (string Name, string Value)[] fields)
        {
            var token = TokenShown().Match(await Read(page)).Groups[1].Value;
            using var form = new FormUrlEncodedContent(
                [new("__RequestVerificationToken", token), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]);
            using var answer = await tablet.PostAsync(new Uri(action, UriKind.Relative), form);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, action);
            return answer.RequestMessage!.RequestUri!.AbsolutePath;
        }
    }

    async Task Later(string advance) => (await Scene.Nobody.Post("/sandbox/clock", new { advance }, Client.NoKey)).Ok();

    async Task<string> Landing(Client client, string path)
    {
        using var answer = await Ask(client, path);
        return answer.RequestMessage!.RequestUri!.AbsolutePath;
    }

    static IEnumerable<string> Numbers(string page) => MovementShown().Matches(page).Select(m => m.Groups[1].Value);

    [GeneratedRegex("href=\"/till/movement/([a-z0-9_]+)\"")]
    private static partial Regex MovementShown();

    [GeneratedRegex("href=\"(/till/day\\?before=[a-z0-9_]+)\"")]
    private static partial Regex MoreShown();

    [GeneratedRegex("No\\. ([0-9]{8})")]
    private static partial Regex StoreShown();

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex TokenShown();

    [GeneratedRegex("<span class=\"[^\"]*\\bhuge\\b")]
    private static partial Regex HugeShown();
}
