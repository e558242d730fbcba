using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>What is no amount: each endpoint that moves value says so, and nothing is posted.</summary>
public class BadAmountTests(Servers servers)
{
    // As it stands in the JSON, and the code of its 400.
    const string NoAmounts =
        """
        0                            invalid_amount
        -0                           invalid_amount
        -1                           invalid_amount
        -9223372036854775808         invalid_amount
        1.5                          invalid_amount
        100.0                        invalid_amount
        1e2                          invalid_amount
        1e9                          invalid_amount
        1E400                        invalid_amount
        1000000000                   invalid_amount
        2147483648                   invalid_amount
        4294967396                   invalid_amount
        9007199254740993             invalid_amount
        9223372036854775807          invalid_amount
        18446744073709551716         invalid_amount
        99999999999999999999999999   invalid_amount
        "100"                        invalid_amount
        "1,000"                      invalid_amount
        "１００"                       invalid_amount
        ""                           invalid_amount
        null                         invalid_amount
        true                         invalid_amount
        [100]                        invalid_amount
        {"yen":100}                  invalid_amount
        １００                          invalid_request
        1,000                        invalid_request
        +100                         invalid_request
        0100                         invalid_request
        0x64                         invalid_request
        1_000                        invalid_request
        .5                           invalid_request
        100.                         invalid_request
        NaN                          invalid_request
        Infinity                     invalid_request
        -                            invalid_request
        """;

    static IEnumerable<(string Text, string Code)> Table =>
        NoAmounts.Split('\n').Select(line => (line[..line.LastIndexOf(' ')].Trim(), line[(line.LastIndexOf(' ') + 1)..]));

    [Theory, BothEngines]
    public async Task What_is_no_amount_moves_nothing(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, other, shop) = (await scene.MemberWithPoints(50, balance: 20_000), await scene.Member(), await scene.Store());
        var (payment, code) = ((await member.Pay(shop, 5_000)).Created().Text("paymentId"), await member.Code());
        (string Path, Client By, Func<string, string> Body)[] movers =
        [
            ("/charges", member.Api, amount => $$"""{"source":"bank","amount":{{amount}}}"""),
            ("/payments", member.Api, amount => $$"""{"storeId":"{{shop.StoreId}}","amount":{{amount}}}"""),
            ("/till/payments", shop.Till, amount => $$"""{"code":"{{code}}","amount":{{amount}},"orderId":"o"}"""),
            ($"/payments/{payment}/refunds", shop.Till, amount => $$"""{"amount":{{amount}}}"""),
            ("/transfers", member.Api, amount => $$"""{"to":"{{other.Id}}","amount":{{amount}}}"""),
        ];
        var before = (await member.AccountState(), await other.AccountState());

        foreach (var (path, by, body) in movers)
        {
            foreach (var (text, expected) in Table)
                (await by.PostText(path, body(text))).Refused(400, expected, $"for {text}");
            (await by.PostText(path, body("0").Replace("\"amount\":0", "\"other\":0", StringComparison.Ordinal)))
                .Refused(400, "invalid_request", "without amount");
        }

        (await member.AccountState(), await other.AccountState()).ShouldBe(before);
        foreach (var (path, by, body) in movers)
            (await by.PostText(path, body("600"))).Created();
    }

    [Theory, BothEngines]
    public async Task Points_are_whole_none_to_the_amount_and_there(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.MemberWithPoints(50, balance: 20_000), await scene.Store());
        var before = await member.AccountState();
        string Body(string points) => $$"""{"storeId":"{{shop.StoreId}}","amount":100,"points":{{points}}}""";

        foreach (var (text, expected) in Table.Where(t => t.Text is not ("0" or "-0")))
            (await member.Api.PostText("/payments", Body(text))).Refused(400, expected, $"for {text} points");
        (await member.Api.PostText("/payments", Body("101"))).Refused(400, "invalid_amount", "more points than the amount");
        (await member.Api.PostText("/payments", Body("51"))).Refused(422, "insufficient_points", "more points than there are");
        (await member.AccountState()).ShouldBe(before);

        (await member.Api.PostText("/payments", Body("50"))).Created();
    }

    [Theory, BothEngines]
    public async Task Amounts_above_what_the_rules_allow_are_over_the_limit_or_the_balance(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, fresh, other, shop) = (await scene.Member(1_000_000), await scene.Member(verified: false), await scene.Member(),
            await scene.Store());
        var small = (await member.Pay(shop, 100)).Created().Text("paymentId");
        var before = (await member.AccountState(), await fresh.AccountState());

        (await member.Pay(shop, 500_001)).Refused(422, "over_limit");
        (await member.Pay(shop, 999_999_999)).Refused(422, "over_limit");
        (await member.Api.Post("/transfers", new { to = other.Id, amount = 100_001 })).Refused(422, "over_limit");
        (await member.Api.Post("/charges", new { source = "bank", amount = 500 })).Refused(422, "over_limit", "above the balance cap");
        (await other.Api.Post("/charges", new { source = "bank", amount = 200_001 })).Refused(422, "over_limit");
        (await other.Api.Post("/charges", new { source = "card", amount = 50_001 })).Refused(422, "over_limit");
        (await other.Api.Post("/charges", new { source = "bank", amount = 499 })).Refused(400, "invalid_amount");
        (await other.Api.Post("/charges", new { source = "card", amount = 1_999 })).Refused(400, "invalid_amount");
        (await other.Api.Post("/charges", new { source = "atm", amount = 1_500 })).Refused(400, "invalid_amount");
        (await shop.Till.Post($"/payments/{small}/refunds", new { amount = 101 })).Refused(422, "not_refundable");
        (await other.Pay(shop, 1)).Refused(422, "insufficient_balance");
        (await fresh.Api.Post("/charges", new { source = "bank", amount = 5_000 })).Refused(422, "not_verified");
        (await member.Api.Post("/transfers", new { to = fresh.Id, amount = 100 })).Refused(422, "not_verified");
        (await member.Api.Post("/transfers", new { to = member.Id, amount = 100 })).Refused(400, "invalid_request");

        (await member.AccountState(), await fresh.AccountState()).ShouldBe(before);
    }
}
