using System.Text.Json;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>
/// Each endpoint of the contract answers with the fields, types and statuses that are written there: no other program breaks.
/// </summary>
public class ContractTests(Servers servers)
{
    static readonly string[] s_payment =
    [
        "paymentId pay_", "status 'paid'", "amount int", "yen int", "points int", "pointsEarned int", "storeId str_", "storeName text",
        "paidAt instant", "receiptNumber text",
    ];

    static readonly string[] s_paymentWithRefunds =
    [
        "paymentId pay_", "status text", "amount int", "yen int", "points int", "pointsEarned int", "storeId str_", "storeName text",
        "paidAt instant", "receiptNumber text", "orderId text?", "refunds list",
    ];

    [Theory, BothEngines]
    public async Task The_sandbox_makes_a_ready_member_with_money(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));

        var made = (await scene.Nobody.Post("/sandbox/members", new { name = "Aoi", verified = true, balance = 1_000_000 }, Client.NoKey)).Created();

        made.Json.ShouldHave("memberId mbr_", "token text", "email text", "telephone text", "password text");
        var member = new Person(made.Text("memberId"), new Client(scene.App.Http, made.Text("token")));
        var wallet = await member.Wallet();
        wallet.GetProperty("money").GetInt64().ShouldBe(1_000_000);
        wallet.GetProperty("prepaid").GetInt64().ShouldBe(0);
        (await member.Api.Get("/history")).Json.GetProperty("items")[0].GetProperty("kind").GetString().ShouldBe("charge");
        (await scene.Nobody.Post("/sandbox/members", new { name = "Mei" }, Client.NoKey)).Created();
        (await scene.Nobody.Post("/sandbox/members", new { name = "Mei", balance = 1_000_001 }, Client.NoKey))
            .Refused(400, "invalid_amount");
        (await scene.Nobody.Post("/sandbox/members", new { name = "Mei", balance = -1 }, Client.NoKey)).Refused(400, "invalid_amount");
    }

    [Theory, BothEngines]
    public async Task Money_from_the_sandbox_uses_nothing_of_the_caps_of_charging(Engine engine)
    {
        var member = await new Scene(await servers.On(engine)).Member(balance: 700_000);

        (await member.Api.Post("/charges", new { source = "bank", amount = 200_000 })).Created().Text("status").ShouldBe("completed");

        (await member.Api.Post("/charges", new { source = "bank", amount = 500 })).Refused(422, "over_limit");
        (await member.Balance()).ShouldBe(900_000);
    }

    [Theory, BothEngines]
    public async Task The_sandbox_opens_a_store(Engine engine)
    {
        var app = await servers.On(engine);

        var made = (await new Client(app.Http).Post("/sandbox/stores", new { name = "喫茶 鶴橋", area = "鶴橋" }, Client.NoKey)).Created();

        made.Json.ShouldHave(
            "merchantId mer_", "storeId str_", "tagId tag_", "tagUrl text", "qr text", "tillToken text", "merchantToken text");
        made.Text("tagUrl").ShouldBe($"{app.Address}/t/{made.Text("tagId")}");
        made.Text("qr").ShouldStartWith("000201");
        (await new Client(app.Http).Post("/sandbox/stores", new { name = "Area is not needed" }, Client.NoKey)).Created();
    }

    [Theory, BothEngines]
    public async Task A_wallet_says_what_is_held_and_what_may_still_be_paid(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var member = await scene.Member(balance: 30_000);
        (await member.Pay(await scene.Store(), 20_000)).Created();

        var wallet = await member.Wallet();

        wallet.ShouldHave("money int", "prepaid int", "balance int", "points int", "lots list", "limits object");
        wallet.GetProperty("lots").EnumerateArray().ShouldHaveSingleItem().ShouldHave("points int", "expiresOn date");
        wallet.GetProperty("limits").ShouldHave("perPayment int", "perDay int", "perMonth int", "leftToday int", "leftThisMonth int");
        wallet.GetProperty("balance").GetInt64().ShouldBe(10_000);
        wallet.GetProperty("points").GetInt64().ShouldBe(100);
        wallet.GetProperty("limits").ToString().ShouldBe(
            """{"perPayment":500000,"perDay":500000,"perMonth":1000000,"leftToday":480000,"leftThisMonth":980000}""");
    }

    [Theory, BothEngines("bank", "completed", 5_000, 0), BothEngines("card", "completed", 0, 5_000), BothEngines("atm", "pending", 0, 0)]
    public async Task A_charge_becomes_money_or_prepaid_by_its_source(Engine engine, string source, string status, long money, long prepaid)
    {
        var member = await new Scene(await servers.On(engine)).Member();

        var charge = (await member.Api.Post("/charges", new { source, amount = 5_000 })).Created();

        charge.Json.ShouldHave("chargeId chg_", $"status '{status}'", "amount int", "balance int");
        charge.Number("amount").ShouldBe(5_000);
        charge.Number("balance").ShouldBe(money + prepaid);
        var wallet = await member.Wallet();
        wallet.GetProperty("money").GetInt64().ShouldBe(money);
        wallet.GetProperty("prepaid").GetInt64().ShouldBe(prepaid);
    }

    [Theory, BothEngines]
    public async Task A_tag_says_where_it_stands(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(), await scene.Store("喫茶 鶴橋", "鶴橋"));

        var tag = (await member.Api.Get($"/tags/{shop.TagId}")).Ok().Json.ShouldHave("storeId str_", "storeName text", "area text");

        tag.ToString().ShouldBe(JsonSerializer.Serialize(new { storeId = shop.StoreId, storeName = "喫茶 鶴橋", area = "鶴橋" }, s_asIs));
    }

    [Theory, BothEngines]
    public async Task A_payment_is_the_same_by_store_tag_address_and_code(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(10_000), await scene.Store());

        foreach (var body in (object[])[
            new { storeId = shop.StoreId, amount = 1_200 }, new { tag = shop.TagId, amount = 1_200 },
            new { tag = shop.TagUrl, amount = 1_200 }, new { qr = shop.Qr, amount = 1_200 }])
        {
            var paid = (await member.Api.Post("/payments", body)).Created();
            paid.Json.ShouldHave(s_payment);
            (paid.Number("amount"), paid.Number("yen"), paid.Number("points"), paid.Number("pointsEarned")).ShouldBe((1_200, 1_200, 0, 6));
            paid.Text("storeId").ShouldBe(shop.StoreId);
        }

        (await member.Balance()).ShouldBe(10_000 - 4 * 1_200);
    }

    [Theory, BothEngines]
    public async Task An_amount_is_its_yen_and_its_points(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.MemberWithPoints(100, balance: 5_000), await scene.Store());

        var some = (await member.Pay(shop, 1_000, points: 30)).Created();
        var all = (await member.Pay(shop, 70, points: 70)).Created();

        (some.Number("amount"), some.Number("yen"), some.Number("points"), some.Number("pointsEarned")).ShouldBe((1_000, 970, 30, 4));
        (all.Number("amount"), all.Number("yen"), all.Number("points"), all.Number("pointsEarned")).ShouldBe((70, 0, 70, 0));
        (await member.Pay(shop, 100, points: 5)).Refused(422, "insufficient_points");
        (await member.Balance()).ShouldBe(5_000 - 970);
    }

    [Theory, BothEngines]
    public async Task A_shown_code_is_taken_by_its_digits_or_its_square(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(10_000), await scene.Store());

        foreach (var sent in (string[])["code", "qr"])
        {
            var shown = (await member.Api.Post("/codes", key: Client.NoKey)).Created();
            shown.Json.ShouldHave("code text", "qr text", "expiresAt instant");
            shown.Text("code").ShouldMatch("^[0-9]{19}$");
            var (order, key) = (Scene.Order(), Guid.NewGuid().ToString());

            var paid = (await shop.Take(shown.Text(sent), 1_200, order, key)).Created();
            paid.Json.ShouldHave(s_payment);
            paid.Body.ShouldNotContain(member.Id);

            // After a time-out a till asks, or simply sends it again.
            var asked = (await shop.Till.Get($"/till/payments?orderId={order}")).Ok();
            asked.Json.ShouldHave(s_paymentWithRefunds);
            (asked.Text("paymentId"), asked.Text("orderId")).ShouldBe((paid.Text("paymentId"), order));
            asked.Body.ShouldNotContain(member.Id);
            (await shop.Take(shown.Text(sent), 1_200, order, key)).Created().Body.ShouldBe(paid.Body);
            (await shop.Take(shown.Text(sent), 1_200, order)).Created().Body.ShouldBe(paid.Body);
            (await shop.Take(shown.Text(sent), 1_201, order)).Refused(409, "order_conflict");
        }

        (await member.Balance()).ShouldBe(10_000 - 2 * 1_200);
        (await shop.Till.Get("/till/payments?orderId=nobody-ordered-this")).Refused(404, "not_found");
        (await shop.Till.Get("/till/payments")).Refused(400, "invalid_request");
    }

    [Theory, BothEngines]
    public async Task Till_and_merchant_give_back_and_the_payment_says_so(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.MemberWithPoints(100, balance: 5_000), await scene.Store());
        var payment = (await member.Pay(shop, 1_000, points: 100)).Created().Text("paymentId");

        var part = (await shop.Till.Post($"/payments/{payment}/refunds", new { amount = 500, reason = "one of two" })).Created();
        part.Json.ShouldHave("refundId ref_", "yen int", "points int", "pointsTakenBack int");
        (part.Number("yen"), part.Number("points")).ShouldBe((450, 50));
        (await member.Api.Get($"/payments/{payment}")).Ok().Text("status").ShouldBe("partly_refunded");

        (await shop.Merchant.Post($"/payments/{payment}/refunds", new { amount = 500 })).Created();
        foreach (var party in (Client[])[member.Api, shop.Till, shop.Merchant])
        {
            var seen = (await party.Get($"/payments/{payment}")).Ok();
            seen.Json.ShouldHave(s_paymentWithRefunds).GetProperty("status").GetString().ShouldBe("refunded");
            foreach (var refund in seen.Json.GetProperty("refunds").EnumerateArray())
                refund.ShouldHave("refundId ref_", "amount int", "yen int", "points int", "pointsTakenBack int", "at instant",
                    "reason text?");
            seen.Json.GetProperty("refunds").GetArrayLength().ShouldBe(2);
        }

        (await shop.Till.Post($"/payments/{payment}/refunds", new { amount = 1 })).Refused(422, "not_refundable");
        var wallet = await member.Wallet();
        (wallet.GetProperty("balance").GetInt64(), wallet.GetProperty("points").GetInt64()).ShouldBe((5_000, 100));
    }

    [Theory, BothEngines]
    public async Task A_transfer_is_in_both_histories(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (from, to) = (await scene.Member(5_000, name: "Aoi"), await scene.Member(name: "Mei"));

        var sent = (await from.Api.Post("/transfers", new { to = to.Id, amount = 500, note = "昼ごはん" })).Created();

        sent.Json.ShouldHave("transferId trf_", "status 'completed'", "amount int", "balance int");
        sent.Number("balance").ShouldBe(4_500);
        foreach (var (person, yen, title) in ((Person, long, string)[])[(from, -500, "Mei"), (to, 500, "Aoi")])
        {
            var page = (await person.Api.Get("/history?limit=1")).Ok().Json.ShouldHave("items list", "next text?");
            var item = page.GetProperty("items")[0].ShouldHave(
                "id trf_", "kind 'transfer'", "at instant", "title text", "yen int", "points int", "balance int?");
            (item.GetProperty("id").GetString(), item.GetProperty("yen").GetInt64(), item.GetProperty("title").GetString())
                .ShouldBe((sent.Text("transferId"), yen, title));
        }
    }

    [Theory, BothEngines]
    public async Task A_receipt_is_for_the_parties_of_its_entry(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop, stranger) = (await scene.Member(), await scene.Store(), await scene.Member());
        var charge = (await member.Api.Post("/charges", new { source = "bank", amount = 5_000 })).Created().Text("chargeId");
        var payment = (await member.Pay(shop, 1_000)).Created().Text("paymentId");
        var refund = (await shop.Till.Post($"/payments/{payment}/refunds", new { amount = 200 })).Created().Text("refundId");
        var transfer = (await member.Api.Post("/transfers", new { to = stranger.Id, amount = 300 })).Created().Text("transferId");

        foreach (var (id, parties, others) in ((string, Client[], Client[])[])[
            (charge, [member.Api], [stranger.Api, shop.Till, shop.Merchant]),
            (payment, [member.Api, shop.Till, shop.Merchant], [stranger.Api]),
            (refund, [member.Api, shop.Till, shop.Merchant], [stranger.Api]),
            (transfer, [member.Api, stranger.Api], [shop.Till, shop.Merchant])])
        {
            foreach (var party in parties)
            {
                var receipt = (await party.Get($"/receipts/{id}")).Ok().Json.ShouldHave(
                    $"entryId {id[..4]}", "kind text", "at instant", "receiptNumber text", "storeId str_?", "storeName text?", "legs list",
                    "proof object");
                receipt.GetProperty("entryId").GetString().ShouldBe(id);
                receipt.GetProperty("legs").GetArrayLength().ShouldBeGreaterThan(0);
                foreach (var leg in receipt.GetProperty("legs").EnumerateArray())
                    leg.ShouldHave("accountType text", "amount int", "unit text", "expiresOn date?");
            }
            foreach (var other in others)
                (await other.Get($"/receipts/{id}")).Refused(404, "not_found");
        }
    }

    [Theory, BothEngines]
    public async Task Every_movement_of_the_history_has_its_receipt(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(), await scene.Store());
        var charge = (await member.Api.Post("/charges", new { source = "card", amount = 5_000 })).Created().Text("chargeId");
        (await member.Pay(shop, 1_000)).Created();

        var ids = (await member.Api.Get("/history")).Ok().Json.GetProperty("items").EnumerateArray().Select(
            i => i.GetProperty("id").GetString()!).ToList();

        ids.Count.ShouldBe(2);
        ids.ShouldContain(charge);
        foreach (var id in ids)
            (await member.Api.Get($"/receipts/{id}")).Ok().Text("entryId").ShouldBe(id);
    }

    [Theory, BothEngines]
    public async Task A_history_is_read_page_by_page_newest_first(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(10_000), await scene.Store());
        for (var yen = 1; yen <= 6; yen++)
            (await member.Pay(shop, yen)).Created();

        var seen = new List<long>();
        string? before = null;
        var pages = 0;
        do
        {
            var page = (await member.Api.Get($"/history?limit=3{(before is null ? "" : $"&before={before}")}")).Ok().Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("yen").GetInt64()));
            before = page.GetProperty("next").GetString();
        }
        while (before is not null && ++pages < 10);

        seen.ShouldBe([-6, -5, -4, -3, -2, -1, 10_000]);
        foreach (var wrong in (string[])["limit=0", "limit=-1", "limit=101", "limit=x", "limit=%EF%BC%91", "limit=1;drop%20table%20entry", "before=1", "before=pay_x", "before=", "before=%00", "limit="])
            (await member.Api.Get($"/history?{wrong}")).Refused(400, "invalid_request", wrong);
    }

    [Theory, BothEngines]
    public async Task A_problem_speaks_the_callers_language(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(), await scene.Store());
        var body = new { storeId = shop.StoreId, amount = 100 };

        (await member.Api.In("en").Post("/payments", body)).Refused(422, "insufficient_balance").Text("detail").ShouldBe(
            "Your balance is not enough. Please top it up.");
        (await member.Api.In("ja").Post("/payments", body)).Refused(422, "insufficient_balance").Text("detail").ShouldMatch("[ぁ-ん]");
        (await member.Api.In("en-GB,en;q=0.8,ja;q=0.5").Post("/payments", body)).Text("detail").ShouldBe(
            "Your balance is not enough. Please top it up.");
        (await member.Api.In("fr, de;q=0.5").Post("/payments", body)).Text("detail").ShouldMatch("[ぁ-ん]");
        (await member.Api.In("../../../etc/passwd,\u0022;drop").Post("/payments", body)).Text("detail").ShouldMatch("[ぁ-ん]");
        (await scene.Nobody.In("en").Get("/wallet")).Refused(401, "unauthenticated").Text("detail").ShouldBe("Please sign in.");
        (await scene.Nobody.In("ja").Get("/wallet")).Refused(401, "unauthenticated").Text("detail").ShouldMatch("[ぁ-ん]");
    }

    [Theory, BothEngines]
    public async Task What_is_not_there_is_a_problem_too(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var member = await scene.Member();

        foreach (var path in (string[])["/nowhere", "/", "/wallet.json", "/nowhere/at.all", "/payments", "/tags", "/till"])
            (await member.Api.Get(path)).Refused(404, "not_found", path);
        (await member.Api.Post("/wallet", new { })).Refused(404, "not_found");
    }

    static readonly JsonSerializerOptions s_asIs = new()
    { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
