using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;
using Ensen.Tests.Tidy;
using Ensen.Web.Api;
using Microsoft.AspNetCore.Components;

namespace Ensen.Tests.Web;

/// <summary>
/// Each page and endpoint of a merchant's desk, opened by who may do all there, who may do less, and a stranger: what is of another store or
/// merchant is not there, and what a role may not do is forbidden.
/// </summary>
public partial class ShopRightsTests(Servers servers)
{
    // The answer to an owner, a manager and a clerk of the first store, and the owner of another merchant. {1}: of the first store; {2}: of the second.
    const string Pages =
        """
        /shop                    200 200 200 200
        /shop/csv                200 200 403 200
        /shop/sales              200 200 200 200
        /shop/sales/csv          200 200 403 200
        /shop/search             200 200 200 200
        /shop/settlements        200 403 403 200
        /shop/settlements/{none} 404 403 403 404
        /shop/movement/{1}       200 200 200 404
        /shop/movement/{2}       200 404 404 404
        /shop/receipt/{1}        200 200 200 404
        /shop/receipt/{2}        200 404 404 404
        /shop/poster/{store1}    200 200 200 404
        /shop/poster/{store2}    200 404 404 404
        /shop/poster/{store1}/{tags}  200 200 200 404
        /shop/poster/{store2}/{tags}  200 404 404 404
        /shop/first-payment/{store1}  200 200 200 404
        /shop/first-payment/{store2}  200 404 404 404
        /shop/account            200 200 200 200
        /shop/tills              200 200 403 200
        /shop/staff              200 403 403 200
        """;

    const string Endpoints =
        """
        GET  /payments/{1}           200 200 200 404
        GET  /payments/{2}           200 404 404 404
        GET  /receipts/{1}           200 200 200 404
        GET  /receipts/{2}           200 404 404 404
        GET  /shop/sales             200 200 200 200
        GET  /shop/sales?store={store1}  200 200 200 404
        GET  /shop/sales?store={store2}  200 404 404 404
        GET  /shop/sales?by=clerk    200 200 403 200
        GET  /shop/staff             200 403 403 200
        GET  /shop/tills             200 200 403 200
        POST /payments/{2}/refunds   201 404 403 404
        POST /payments/{1}/refunds   201 201 403 404
        """;

    [Theory, BothEngines]
    public async Task Each_role_sees_what_the_table_says_and_no_other_store(Engine engine)
    {
        var desk = await Desk.In(await servers.On(engine));

        foreach (var row in Rows(Pages))
            for (var i = 0; i < desk.Tokens.Length; i++)
                (await desk.Status(HttpMethod.Get, desk.Address(row[0]), desk.Tokens[i], cookie: true)).ShouldBe(int.Parse(row[1 + i], null), $"{row[0]} as {i}");
        foreach (var row in Rows(Endpoints))
            for (var i = 0; i < desk.Tokens.Length; i++)
                (await desk.Status(new HttpMethod(row[0]), "/api/v1" + desk.Address(row[1]), desk.Tokens[i], cookie: false))
                    .ShouldBe(int.Parse(row[2 + i], null), $"{row[0]} {row[1]} as {i}");

        foreach (var (token, sees) in ((string, bool)[])[(desk.Tokens[0], true), (desk.Tokens[1], false), (desk.Tokens[2], false)])
        {
            var page = await desk.Text("/shop", token);
            page.ShouldContain("Bread east");
            page.Contains("Bread west", StringComparison.Ordinal).ShouldBe(sees);
        }
        (await desk.Text("/shop/csv", desk.Tokens[1])).ShouldNotContain("Bread west");
    }

    [Fact]
    public void Each_page_of_the_desk_is_in_the_table()
    {
        var routes = typeof(ApiSetup).Assembly.GetTypes().SelectMany(t => t.GetCustomAttributes<RouteAttribute>()).Select(r => r.Template)
            .Concat(SourceTree.Repository.Under("src/Ensen.Web/", ".cs").SelectMany(f => Mapped().Matches(f.Text).Select(m => m.Groups[1].Value)))
            .Where(route => route == "/shop" || route.StartsWith("/shop/", StringComparison.Ordinal))
            .Except(["/shop/sign-in", "/shop/join/{Token}", "/shop/stream"]);

        Rows(Pages).Select(row => Place().Replace(row[0], "{}")).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(routes.Select(r => Place().Replace(r, "{}")).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory, BothEngines]
    public async Task An_endpoint_that_is_not_for_a_merchants_people_is_closed_to_them(Engine engine)
    {
        var app = await servers.On(engine);
        var desk = await Desk.In(app);
        var document = JsonNode.Parse(await app.Http.GetStringAsync("/openapi/v1.json"))!;
        var theirs = Rows(Endpoints).Select(row => $"{row[0]} {Place().Replace(row[1], "{}")}").ToHashSet();
        var seen = 0;

        foreach (var path in document["paths"]!.AsObject())
            foreach (var (method, operation) in path.Value!.AsObject())
            {
                var name = $"{method.ToUpperInvariant()} {Place().Replace(path.Key["/api/v1".Length..], "{}")}";
                // What is for everybody says nothing of a wrong token, and gateways sign what they send.
                if (theirs.Contains(name) || operation!["responses"]!["403"] is null || name.Contains("/gateways/", StringComparison.Ordinal) || name.Contains("/shop/", StringComparison.Ordinal)
                    || name.Contains(" /business", StringComparison.Ordinal))
                    continue;
                foreach (var token in desk.Tokens)
                    (await desk.Status(new HttpMethod(method.ToUpperInvariant()), Place().Replace(path.Key, "x"), token, cookie: false)).ShouldBe(403, name);
                seen++;
            }
        seen.ShouldBeGreaterThan(40);
    }

    static IEnumerable<string[]> Rows(string table) => table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>A merchant with two stores that were paid at, its people, and the owner of another merchant.</summary>
    sealed record Desk(WebApp App, string[] Tokens, Dictionary<string, string> Named)
    {
        public static async Task<Desk> In(WebApp app)
        {
            var scene = new Scene(app);
            var (member, east, other) = (await scene.Member(50_000), await scene.Store("Bread east"), await scene.Store("Noodles"));
            var added = await WebApp.Command(["store", "add", "Bread west", "--merchant", east.MerchantId, "--database", app.DatabaseAddress]);
            added.ExitCode.ShouldBe(0, added.Error);
            var west = StoreId().Match(added.Output).Value;
            var named = new Dictionary<string, string>
            {
                ["{store1}"] = east.StoreId,
                ["{store2}"] = west,
                ["{tags}"] = "tags",
                ["{1}"] = (await member.Pay(east, 1_000)).Created().Text("paymentId"),
                ["{2}"] = (await member.Api.Post("/payments", new { storeId = west, amount = 1_000 })).Created().Text("paymentId"),
            };
            return new Desk(app, [await Token(east.MerchantId, "owner"), await Token(east.MerchantId, "manager", east.StoreId),
                await Token(east.MerchantId, "clerk", east.StoreId), await Token(other.MerchantId, "owner")], named);

            async Task<string> Token(string merchantId, string role, params string[] storeIds) => (await scene.Nobody.Post(
                "/sandbox/shop-accounts", new { merchantId, name = role, role, storeIds }, Client.NoKey)).Created().Text("token");
        }

        public string Address(string template) => Named.Aggregate(template, (text, name) => text.Replace(name.Key, name.Value, StringComparison.Ordinal));

        public async Task<int> Status(HttpMethod method, string address, string token, bool cookie)
        {
            using var answer = await Send(method, address, token, cookie);
            return (int)answer.StatusCode;
        }

        public async Task<string> Text(string address, string token)
        {
            using var answer = await Send(HttpMethod.Get, address, token, cookie: true);
            return await answer.Content.ReadAsStringAsync();
        }

        async Task<HttpResponseMessage> Send(HttpMethod method, string address, string token, bool cookie)
        {
            using var request = new HttpRequestMessage(method, address);
            request.Headers.TryAddWithoutValidation(cookie ? "Cookie" : "Authorization", cookie ? $"ensen-merchant={token}" : $"Bearer {token}");
            request.Headers.TryAddWithoutValidation("Accept", cookie ? "text/html" : "application/json");
            if (method != HttpMethod.Get)
            {
                request.Headers.TryAddWithoutValidation("Idempotency-Key", Guid.NewGuid().ToString());
                request.Content = new StringContent("""{"amount":10}""", Encoding.UTF8, "application/json");
            }
            return await App.Http.SendAsync(request);
        }
    }

    [GeneratedRegex(@"str_\w+")]
    private static partial Regex StoreId();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"Map(?:Get)?\(""(/shop[^""]*)""")]
    private static partial Regex Mapped();
}
