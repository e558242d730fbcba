using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>Who may ask for what; and that a thing of somebody else does not exist.</summary>
public class RightsTests(Servers servers)
{
    // Each row: method, path, and the answer to nobody, member, till, merchant. A dash: it may come in, and what it hears is no 401 or 403.
    const string Matrix =
        """
        GET   /wallet                          401 -   403 403
        GET   /history                         401 -   403 403
        POST  /charges                         401 -   403 403
        GET   /tags/{tag}                      401 -   403 403
        POST  /payments                        401 -   403 403
        POST  /codes                           401 -   403 403
        POST  /transfers                       401 -   403 403
        POST  /till/payments                   401 403 -   403
        GET   /till/payments?orderId=x         401 403 -   403
        POST  /payments/{payment}/refunds      401 403 -   -
        GET   /payments/{payment}              401 -   -   -
        GET   /receipts/{payment}              401 -   -   -
        POST  /me/challenges                   401 -   403 403
        POST  /me/challenges/x/answer          401 -   403 403
        GET   /me/challenges/x                 401 -   403 403
        GET   /me/limits                       401 -   403 403
        GET   /me                              401 -   403 403
        GET   /me/export                       401 -   403 403
        POST  /registrations                   -   -   -   -
        GET   /me/passkeys                     401 -   403 403
        POST  /me/passkeys                     401 -   403 403
        GET   /me/factors                      401 -   403 403
        GET   /me/authenticator/secret         401 -   403 403
        POST  /me/recovery-codes               401 -   403 403
        POST  /me/freeze                       401 -   403 403
        POST  /me/thaw                         401 -   403 403
        GET   /sandbox/clock                   -   -   -   -
        """;

    [Theory, BothEngines]
    public async Task Every_endpoint_lets_in_whom_the_contract_names(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        var payment = (await member.Pay(shop, 100)).Created().Text("paymentId");
        Client[] callers = [scene.Nobody, member.Api, shop.Till, shop.Merchant];

        foreach (var row in Matrix.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            var path = row[1].Replace("{tag}", shop.TagId, StringComparison.Ordinal).Replace(
                "{payment}", payment, StringComparison.Ordinal);
            for (var i = 0; i < callers.Length; i++)
            {
                var reply = row[0] == "GET" ? await callers[i].Get(path) : await callers[i].Post(path, new { nothing = 1 });
                if (row[2 + i] == "401")
                {
                    reply.Refused(401, "unauthenticated", path);
                    reply.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
                }
                else if (row[2 + i] == "403")
                    reply.Refused(403, "forbidden", $"{path} as caller {i}");
                else
                    reply.Status.ShouldBeOneOf(path is "/me/thaw" or "/me/recovery-codes" ? [403] : [200, 201, 400, 404]);
            }
        }
    }

    [Theory, BothEngines]
    public async Task A_live_stream_is_for_tills_alone(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(), await scene.Store());

        (await scene.Nobody.Get("/till/events")).Refused(401, "unauthenticated");
        (await member.Api.Get("/till/events")).Refused(403, "forbidden");
        (await shop.Merchant.Get("/till/events")).Refused(403, "forbidden");
    }

    [Theory, BothEngines]
    public async Task A_token_that_is_nobodys_is_no_token(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var good = (await scene.Member()).Api.Token!;

        foreach (var token in (string[])["", "x", good[..^1], good + "A", good[..^1]
            + (good[^1] == 'A' ? 'B' : 'A'), good.ToUpperInvariant(), "ensen_' or '1'='1", new string('a', 8_000)])
            (await new Client(scene.App.Http, token).Get("/wallet")).Refused(401, "unauthenticated", token);
        foreach (var header in (string[])["Basic YTpi", good, "Bearer", $"Token {good}"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/wallet");
            request.Headers.TryAddWithoutValidation("Authorization", header);
            ((int)(await scene.App.Http.SendAsync(request)).StatusCode).ShouldBe(401, header);
        }
    }

    [Theory, BothEngines]
    public async Task What_belongs_to_somebody_else_is_not_found(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, other) = (await scene.Member(5_000), await scene.Member());
        var (shop, otherShop) = (await scene.Store(), await scene.Store());
        var payment = (await shop.Take(await member.Code(), 1_000, "order-1")).Created().Text("paymentId");
        var before = await member.AccountState();

        foreach (var stranger in (Client[])[other.Api, otherShop.Till, otherShop.Merchant])
        {
            (await stranger.Get($"/payments/{payment}")).Refused(404, "not_found");
            (await stranger.Get($"/receipts/{payment}")).Refused(404, "not_found");
        }
        foreach (var (page, token) in ((string, string?)[])[($"/history/{payment}/receipt", other.Api.Token), ($"/till/receipt/{payment}", otherShop.Till.Token), ($"/shop/receipt/{payment}", otherShop.Merchant.Token)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, page);
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            ((int)(await scene.App.Http.SendAsync(request)).StatusCode).ShouldBe(404, page);
        }
        (await otherShop.Till.Get("/till/payments?orderId=order-1")).Refused(404, "not_found");
        (await otherShop.Till.Post($"/payments/{payment}/refunds", new { amount = 100 })).Refused(404, "not_found");
        (await otherShop.Merchant.Post($"/payments/{payment}/refunds", new { amount = 100 })).Refused(404, "not_found");

        // An order number is the store's own: the other store's order-1 is another payment.
        (await otherShop.Take(await member.Code(), 300, "order-1")).Created().Text("paymentId").ShouldNotBe(payment);
        (await member.Balance()).ShouldBe(5_000 - 1_000 - 300);
        before.ShouldContain("4000");
    }

    [Theory, BothEngines]
    public async Task Ids_that_name_nothing_are_not_found_whatever_they_look_like(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        var payment = (await member.Pay(shop, 100)).Created().Text("paymentId");
        var before = await member.AccountState();
        string Nothing(string prefix) => prefix + payment[4..^1] + (payment[^1] == '0' ? '1' : '0');
        string[] Odd(string prefix) =>
        [
            Nothing(prefix), prefix, prefix + "0", payment.ToUpperInvariant(), prefix + new string('z', 26), prefix + new string('0', 26),
            "mbr_" + payment[4..],
            "x' or '1'='1", "../wallet", new string('9', 500), "ｐａｙ_" + payment[4..], payment + "%00", Guid.NewGuid().ToString(),
        ];

        foreach (var id in Odd("pay_").Select(Uri.EscapeDataString))
        {
            (await member.Api.Get($"/payments/{id}")).Refused(404, "not_found", id);
            (await member.Api.Get($"/receipts/{id}")).Refused(404, "not_found", id);
            (await shop.Till.Post($"/payments/{id}/refunds", new { amount = 1 })).Refused(404, "not_found", id);
        }
        foreach (var id in Odd("tag_").Select(Uri.EscapeDataString))
            (await member.Api.Get($"/tags/{id}")).Refused(404, "not_found", id);
        foreach (var storeId in Odd("str_"))
            (await member.Api.Post("/payments", new { storeId, amount = 1 })).Refused(404, "not_found", storeId);
        foreach (var tag in Odd("tag_").Append("https://rail-pay.example.evil/t/" + Nothing("tag_")))
            (await member.Api.Post("/payments", new { tag, amount = 1 })).Refused(404, "not_found", tag);
        foreach (var to in Odd("mbr_").Append(shop.StoreId))
            (await member.Api.Post("/transfers", new { to, amount = 1 })).Refused(404, "not_found", to);
        foreach (var qr in Odd("str_").Append(shop.TagUrl).Append("https://rail-pay.example.evil/").Append(""))
            (await member.Api.Post("/payments", new { qr, amount = 1 })).Refused(400, "invalid_code", qr);

        (await member.AccountState()).ShouldBe(before);
    }
}
