using System.Net.Http.Headers;
using System.Text;
using Ensen.Basics;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>What is no request: it is refused at once, whatever it is, and nothing is posted.</summary>
public class BadJsonTests(Servers servers)
{
    sealed record Endpoint(string Path, Client By, string Good);

    sealed record Field(Person Member, Person Other, Shop Shop, IReadOnlyList<Endpoint> Endpoints);

    static async Task<Field> Set(Scene scene)
    {
        var (member, other, shop) = (await scene.Member(20_000), await scene.Member(), await scene.Store());
        var (payment, code) = ((await member.Pay(shop, 5_000)).Created().Text("paymentId"), await member.Code());
        return new Field(member, other, shop,
        [
            new("/charges", member.Api, """{"source":"bank","amount":600}"""),
            new("/payments", member.Api, $$"""{"storeId":"{{shop.StoreId}}","amount":600}"""),
            new("/till/payments", shop.Till, $$"""{"code":"{{code}}","amount":600,"orderId":"o"}"""),
            new($"/payments/{payment}/refunds", shop.Till, """{"reason":"x","amount":600}"""),
            new("/transfers", member.Api, $$"""{"to":"{{other.Id}}","amount":600}"""),
        ]);
    }

    [Theory, BothEngines]
    public async Task What_is_not_the_documented_json_is_refused(Engine engine)
    {
        var field = await Set(new Scene(await servers.On(engine)));
        var before = await field.Member.AccountState();

        foreach (var (path, by, good) in field.Endpoints)
            foreach (var (name, body) in (IEnumerable<(string, string)>)[
                ("empty", ""), ("blank", "   "), ("null", "null"), ("a number", "1"), ("a text", "\"x\""), ("true", "true"),
                ("no field", "{}"),
                ("an array", $"[{good}]"), ("an empty array", "[]"), ("cut off", good[..^1]), ("cut off in a text", good[..8]),
                ("twice", good + good), ("followed by something", good + "x"), ("a comma too many", good[..^1] + ",}"),
                ("a comment", "/* pay */" + good), ("single quotes", good.Replace('"', '\'')),
                ("an amount twice", good[..^1] + ",\"amount\":1}"), ("an amount twice, one escaped", good[..^1] + ",\"\\u0061mount\":1}"),
                ("an unknown field", good[..^1] + ",\"unknown\":1}"), ("an empty name", good[..^1] + ",\"\":1}"),
                ("a prototype", good[..^1] + ",\"__proto__\":{}}"), ("another type", good[..^1] + ",\"$type\":\"System.Object\"}"),
                ("upper case", good.Replace("amount", "Amount", StringComparison.Ordinal)),
                ("half a surrogate pair", $$"""{"x\ud800":1,{{good[1..]}}"""),
                ("10,000 arrays", new string('[', 10_000)), ("10,000 arrays, closed", new string('[', 10_000) + new string(']', 10_000)),
                ("10,000 objects", string.Concat(Enumerable.Repeat("{\"a\":", 6_000))),
                ("10,000 deep in a field", good[..^1] + ",\"a\":" + new string('[', 10_000) + new string(']', 10_000) + "}"),
                ("HTML", "<script>alert(1)</script>"), ("a form", "amount=600&storeId=x"),
            ])
                (await by.PostText(path, body)).Refused(400, "invalid_request", name);

        (await field.Member.AccountState()).ShouldBe(before);
    }

    [Theory, BothEngines]
    public async Task Texts_of_another_kind_are_refused(Engine engine)
    {
        var field = await Set(new Scene(await servers.On(engine)));
        var (before, store) = (await field.Member.AccountState(), field.Shop.StoreId);
        var code = await field.Member.Code();

        foreach (var odd in (string[])["1", "true", "[]", "{}", "[\"x\"]", "\"\\ud800\""])
        {
            (await field.Member.Api.PostText("/charges", $$"""{"source":{{odd}},"amount":600}""")).Refused(400, "invalid_request", odd);
            (await field.Member.Api.PostText("/payments", $$"""{"storeId":{{odd}},"amount":600}""")).Refused(400, "invalid_request", odd);
            (await field.Member.Api.PostText("/payments", $$"""{"tag":{{odd}},"amount":600}""")).Refused(400, "invalid_request", odd);
            (await field.Member.Api.PostText("/payments", $$"""{"qr":{{odd}},"amount":600}""")).Refused(400, "invalid_request", odd);
            (await field.Member.Api.PostText("/transfers", $$"""{"to":{{odd}},"amount":600}""")).Refused(400, "invalid_request", odd);
            (await field.Shop.Till.PostText("/till/payments", $$"""{"code":{{odd}},"amount":600,"orderId":"o"}"""))
                .Refused(400, "invalid_request", odd);
            (await field.Shop.Till.PostText("/till/payments", $$"""{"code":"{{code}}","amount":600,"orderId":{{odd}}}"""))
                .Refused(400, "invalid_request", odd);
        }
        foreach (var source in (string[])["", "Bank", "cash", "bank "])
            (await field.Member.Api.Post("/charges", new { source, amount = 600 })).Refused(400, "invalid_request", source);
        foreach (var whom in (string[])[
            "", $"\"storeId\":\"{store}\",\"tag\":\"{field.Shop.TagId}\",", $"\"storeId\":\"{store}\",\"qr\":\"x\",",
            $"\"tag\":\"{field.Shop.TagId}\",\"qr\":\"x\",",
            "\"storeId\":null,", "\"storeId\":null,\"tag\":null,\"qr\":null,"])
            (await field.Member.Api.PostText("/payments", $$"""{{{whom}}"amount":600}""")).Refused(400, "invalid_request", whom);

        (await field.Member.AccountState()).ShouldBe(before);
    }

    /// <summary>Also at the one endpoint that takes a list from whoever comes by.</summary>
    [Theory, BothEngines]
    public async Task Null_is_no_item_of_a_list(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var member = await scene.Member();
        const string store = """{"name":"a","postalCode":"5430028","address":"b"}""";

        foreach (var stores in (string[])["[null]", $"[{store},null]", "[[null]]"])
            (await scene.Nobody.PostText("/merchant-applications", $$"""
                {"kind":"person","name":"a","kana":"ア","representative":"a","email":"a@example.jp","telephone":"06-6123-4567",
                 "category":"bakery","bankCode":"0005","branchCode":"001","accountKind":"ordinary","accountNumber":"1234567",
                 "holder":"ア","stores":{{stores}},"language":"ja"}
                """, Client.NoKey)).Refused(400, "invalid_request", stores);
        (await member.Api.PostText("/splits", """{"total":600,"shares":[null]}""")).Refused(400, "invalid_request");
    }

    [Theory, BothEngines]
    public async Task Only_json_in_utf_8_is_read(Engine engine)
    {
        var field = await Set(new Scene(await servers.On(engine)));
        var before = await field.Member.AccountState();
        var good = field.Endpoints[1].Good;
        byte[] broken = [.. "{\"storeId\":\""u8, 0xFF, 0xC0, 0x80, .. "\",\"amount\":600}"u8];
        byte[] overlong = [.. "{\"storeId\":\"x\",\"am"u8, 0xC1, 0xAF, .. "unt\":600}"u8];

        foreach (var (name, bytes, type) in (IEnumerable<(string, byte[], string?)>)[
            ("plain text", Encoding.UTF8.GetBytes(good), "text/plain"),
            ("a form", Encoding.UTF8.GetBytes("amount=600"), "application/x-www-form-urlencoded"),
            ("no type", Encoding.UTF8.GetBytes(good), null), ("XML", Encoding.UTF8.GetBytes("<a/>"), "application/xml"),
            ("a broken type", Encoding.UTF8.GetBytes(good), "json"),
            ("UTF-16", Encoding.Unicode.GetBytes(good), "application/json; charset=utf-16"),
            ("UTF-32", Encoding.UTF32.GetBytes(good), "application/json"), ("invalid UTF-8", broken, "application/json"),
            ("overlong UTF-8", overlong, "application/json"),
            ("Shift JIS", [.. "{\"storeId\":\""u8, 0x93, 0x58, .. "\",\"amount\":600}"u8], "application/json"),
            ("gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0], "application/json"),
        ])
        {
            var content = new ByteArrayContent(bytes);
            if (type is not null)
                content.Headers.TryAddWithoutValidation("Content-Type", type);
            (await field.Member.Api.Post("/payments", content)).Refused(400, "invalid_request", name);
        }
        (await field.Member.AccountState()).ShouldBe(before);

        // A mark at the beginning is allowed to be overlooked (RFC 8259, 8.1), and a charset parameter says nothing new.
        var marked = new ByteArrayContent([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(good)]);
        marked.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json; charset=utf-8");
        (await field.Member.Api.Post("/payments", marked)).Created();
    }

    [Theory, BothEngines]
    public async Task Texts_that_would_break_a_line_a_log_or_a_card_rule_are_refused(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var field = await Set(scene);
        var payment = (await field.Member.Pay(field.Shop, 1_000)).Created().Text("paymentId");
        var (code, before) = (await field.Member.Code(), await field.Member.AccountState());

        foreach (var odd in (string[])["line\nfake: 2026 INJECTED", "a\r\nSet-Cookie: INJECTED=1", "nul\0", "\u001b[31mred", "\u2028", "4111 1111 1111 1111", "４１１１１１１１１１１１１１１１", new string('x', 1_000)])
        {
            if (!CardDigits.In(odd))
            {
                (await field.Shop.Till.Post("/till/payments", new { code, amount = 600, orderId = odd }))
                    .Refused(400, "invalid_request", odd);
                (await field.Shop.Till.Get($"/till/payments?orderId={Uri.EscapeDataString(odd)}")).Refused(400, "invalid_request", odd);
            }
            (await field.Shop.Till.Post($"/payments/{payment}/refunds", new { amount = 1, reason = odd }))
                .Refused(400, "invalid_request", odd);
            (await field.Member.Api.Post("/transfers", new { to = field.Other.Id, amount = 600, note = odd }))
                .Refused(400, "invalid_request", odd);
            (await scene.Nobody.Post("/sandbox/members", new { name = $"a{odd}b" }, Client.NoKey)).Refused(400, "invalid_request", odd);
            (await scene.Nobody.Post("/sandbox/stores", new { name = $"a{odd}b" }, Client.NoKey)).Refused(400, "invalid_request", odd);
            (await scene.Nobody.Post("/sandbox/stores", new { name = "Shop", area = $"a{odd}b" }, Client.NoKey))
                .Refused(400, "invalid_request", odd);
        }
        (await field.Member.AccountState()).ShouldBe(before);
        scene.App.Output.ShouldNotContain("INJECTED");

        // Everything a person may write is kept as it is.
        foreach (var fine in (string[])["昼ごはん🍜 <b>\"&'", "家族 👨‍👩‍👧", "'; drop table entry; --", "{{7*7}} ${7*7} %00 \\0 ../"])
        {
            (await field.Member.Api.Post("/transfers", new { to = field.Other.Id, amount = 1, note = fine })).Created();
            var refund = (await field.Shop.Till.Post($"/payments/{payment}/refunds", new { amount = 1, reason = fine })).Created()
                .Text("refundId");
            var refunds = (await field.Member.Api.Get($"/payments/{payment}")).Json.GetProperty("refunds").EnumerateArray();
            refunds.Single(r => r.GetProperty("refundId").GetString() == refund).GetProperty("reason").GetString().ShouldBe(fine);
        }
        (await field.Shop.Take(code, 600, "'; drop table payment; --")).Created();
        (await field.Shop.Till.Get("/till/payments?orderId=" + Uri.EscapeDataString("'; drop table payment; --"))).Ok();
    }

    [Theory, BothEngines]
    public async Task Keys_and_headers_of_any_look_do_no_harm(Engine engine)
    {
        var field = await Set(new Scene(await servers.On(engine)));
        foreach (var key in (string[])["' or 1=1 --", "a\tb", "<script>", new string('k', 255), "%0d%0aX: 1", "order\\n1"])
        {
            var first = await field.Member.Pay(field.Shop, 10, key: key);
            first.Created().Replayed.ShouldBeFalse(key);
            (await field.Member.Pay(field.Shop, 10, key: key)).Created().Replayed.ShouldBeTrue(key);
        }
    }
}
