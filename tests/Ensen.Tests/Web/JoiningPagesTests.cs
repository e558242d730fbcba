using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Ensen.Access;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>From the first form to the first payment, as browsers without script and programs go it in the sandbox.</summary>
public partial class JoiningPagesTests(Servers servers)
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_shop_gets_from_its_application_to_its_first_payment_and_gives_the_yen_back(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var began = System.Diagnostics.Stopwatch.StartNew();
        using var hanako = new PlainBrowser(app);
        var email = $"hanako-{Guid.NewGuid():N}@example.jp";

        var begin = await hanako.Get("/join-as-shop");
        begin.ShouldContain("1.9%(税別。消費税10%を入れて2.09%)");
        var form = PlainBrowser.Fields(begin, "/join-as-shop");
        var wrong = await hanako.Get(await hanako.Post("/join-as-shop", Typed(form, email) is var bad ? new(bad) { ["telephone"] = "1" } : form));
        wrong.ShouldContain("電話番号をお確かめください");
        (await hanako.Get(await hanako.Post("/join-as-shop", new(Typed(form, email)) { ["bankCode"] = "5" })))
            .ShouldContain("「0005」のように、先頭の0も入れてください");
        wrong.ShouldContain("value=\"パンコウボウツルハシ\"", Case.Sensitive, "what was typed is still there");
        (await hanako.Post("/join-as-shop", Typed(form, email))).ShouldStartWith("/join-as-shop/sent?");

        var link = await Link(scene, email, ApplicationLink());
        var own = await hanako.Get(link);
        own.ShouldContain("value=\"1234567\"", Case.Sensitive, "opening it does nothing");
        own.ShouldContain("value=\"06-6123-4567\"", Case.Sensitive, "a number is shown as it is dialled");
        (await Follow(app, await SendPhoto(app, link, "<svg/>"u8.ToArray()))).ShouldContain("写真はJPEGかPNG");
        var without = await Follow(app, await SendPhoto(app, link, photo: null));
        without.ShouldContain("id=\"store0-photo-error\">お店の写真を選んでください", Case.Sensitive, "what the review needs is asked for here");
        var twice = await Follow(app, await SendPhoto(app, link, Pictures.Jpeg, ("holder", "山田花子")));
        twice.ShouldContain("漢字は使えません");
        twice.ShouldContain("写真は、もう一度選んでください");
        var sent = await Follow(app, await SendPhoto(app, link, Pictures.JpegOfTelephone(6)));
        sent.ShouldContain("審査中です");
        sent.ShouldContain("大阪市天王寺区小橋町1番1号");
        sent.ShouldContain("****4567");

        var (suzuki, sato) = ((await scene.Operator("鈴木")).Api, (await scene.Operator("佐藤")).Api);
        var waiting = (await suzuki.Get("/console/merchant-applications")).Ok().Json.GetProperty("items").EnumerateArray().ToList();
        var id = "";
        foreach (var one in waiting.Select(w => w.GetProperty("applicationId").GetString()!))
            if ((await suzuki.Get($"/console/merchant-applications/{one}?reason=new+shop")).Ok().Text("email") == email)
                id = one;
        using var first = new PlainBrowser(app, "ensen-operator", suzuki.Token!);
        (await first.Get("/console")).ShouldContain("審査を待つ加盟の申し込み");
        (await first.Get("/console/applications")).ShouldContain($"/console/applications/{id}");
        var shown = await first.Get(await first.Post("/console/applications/open", new(
            PlainBrowser.Fields(await first.Get($"/console/applications/{id}"), "/console/applications/open"))
        { ["reason"] = "新しいお店" }));
        shown.ShouldContain("三菱UFJ");
        shown.ShouldContain("すべてのお店の写真がある");
        var photo = WebUtility.HtmlDecode(Photo().Match(shown).Groups[1].Value);
        (await first.Get(photo, follow: false)).ShouldNotBe("");
        using (var http = new HttpClient { BaseAddress = new Uri(app.Address) })
        using (var request = new HttpRequestMessage(HttpMethod.Get, photo))
        {
            request.Headers.TryAddWithoutValidation("Cookie", $"ensen-operator={suzuki.Token}");
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            (answer.Content.Headers.ContentType?.MediaType, answer.Headers.GetValues("X-Content-Type-Options").Single())
                .ShouldBe(("image/jpeg", "nosniff"));
            (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).AsSpan().IndexOf("GPS"u8).ShouldBe(-1);
        }
        (await first.Get(photo.Split('?')[0], follow: false)).ShouldBe("", "without the reason");
        (await first.Get(await first.Post("/console/applications/decide", new(PlainBrowser.Fields(shown, "/console/applications/decide"))
        { ["why"] = "電話で確認", ["decision"] = "Accept" }))).ShouldContain("1人目の判断として記録しました");
        using var second = new PlainBrowser(app, "ensen-operator", sato.Token!);
        var seen = await second.Get(await second.Post("/console/applications/open", new(
            PlainBrowser.Fields(await second.Get($"/console/applications/{id}"), "/console/applications/open"))
        { ["reason"] = "2人目" }));
        seen.ShouldContain("あなたも承認すると、受け入れが決まります。却下すると意見が分かれ、3人目が決めます。");
        (await sato.Post($"/console/merchant-applications/{id}/decisions", new { decision = "accept", reason = "地図で確認", version = 2 },
            Client.NoKey)).Ok().Text("status").ShouldBe("approved");

        var contract = await hanako.Get(await Link(scene, email, ApplicationLink(), link));
        contract.ShouldContain("1.9%(税別)");
        contract.ShouldContain("合わせて2.09%");
        var agreed = PlainBrowser.Fields(contract, "/join-as-shop/contract");
        var join = await hanako.Post("/join-as-shop/contract", agreed);
        join.ShouldStartWith("/shop/join/");
        (await Link(scene, email, JoinLink())).ShouldBe(join);
        var owner = await hanako.Get($"{join}?by=totp");
        using var elsewhere = new PlainBrowser(app);
        Secret().Match(await elsewhere.Get($"{join}?by=totp")).Groups[1].Value.ShouldBe(Secret().Match(owner).Groups[1].Value,
            "of one link one secret, wherever it is opened");
        owner.ShouldContain("href=\"otpauth://totp/", Case.Sensitive, "the app may be on this very telephone");
        var secret = Totp.ReadText(
            Secret().Match(owner).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal))!;
        var name = $"hanako-{Guid.NewGuid():N}"[..20];
        (await hanako.Post("/shop/join", new(PlainBrowser.Fields(owner, "/shop/join"))
        { ["name"] = name, ["password"] = "Tsuruhashi-Pan-2026", ["code"] = Totp.CodeAt(secret, DateTimeOffset.UtcNow) }))
            .ShouldBe("/shop", "signed in at once: the code that the app still shows is used up");
        (await elsewhere.Get(join, follow: true)).ShouldContain("href=\"/shop/sign-in\"", Case.Sensitive, "a link that was used leads on");
        var trial = FirstPayment().Match(await hanako.Get("/shop")).Value;
        (await hanako.Get(trial)).ShouldContain("カメラでこのコードを読む");
        (await hanako.Get(trial)).ShouldMatch("href=\"/t/[^\"]+\">.*この端末で払う");

        var payer = await scene.Member(1_000);
        (await payer.Api.Post("/payments", new { storeId = trial.Split('/')[^1], amount = 1 })).Created();
        var ticked = await hanako.Get(trial);
        ticked.ShouldContain("に届きました");
        var page = await hanako.Post("/shop/first-payment/refund", PlainBrowser.Fields(ticked, "/shop/first-payment/refund"));
        page.ShouldBe(trial);
        (await hanako.Get(trial)).ShouldNotContain("action=\"/shop/first-payment/refund\"");
        (await hanako.Get("/shop")).ShouldNotContain("/shop/first-payment/", Case.Sensitive, "a shop that was paid needs no first steps");
        (await payer.Balance()).ShouldBe(1_000);
        began.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(10));

        var merchant = (await suzuki.Get($"/console/merchant-applications/{id}?reason=back")).Ok().Text("merchantId");
        (await suzuki.Post("/console/pay-out-accounts", new
        {
            merchantId = merchant,
            bankCode = "0009",
            branchCode = "001",
            kind = "ordinary",
            number = "7654321",
            holderKana = "パンコウボウツルハシ",
            reason = "銀行を変えた",
        })).Created();
        var payOuts = await second.Get("/console/pay-outs");
        payOuts.ShouldContain("06-6123-4567", Case.Sensitive, "the number known before is the one to call");
        payOuts.ShouldContain($"href=\"/console/applications/{id}\"");
        payOuts.ShouldContain("<td>1234567</td><td><b>7654321</b></td>");
    }

    [Theory, BothEngines]
    public async Task A_store_too_many_is_taken_away_again_and_one_of_which_nothing_is_typed_stops_nobody(Engine engine)
    {
        var app = await servers.On(engine);
        using var browser = new PlainBrowser(app);
        var form = Typed(PlainBrowser.Fields(await browser.Get("/join-as-shop"), "/join-as-shop"), $"two-{Guid.NewGuid():N}@example.jp");

        var two = await browser.Get(await browser.Post("/join-as-shop", new(form) { ["more"] = "1" }));
        two.ShouldContain("name=\"less\" value=\"1\"");
        var filled = new Dictionary<string, string>(form)
        {
            ["stores"] = "2",
            ["store1-name"] = "西の店",
            ["store1-postalCode"] = "550-0012",
            ["store1-address"] = "大阪市西区立売堀1-1-1",
        };
        var one = await browser.Get(await browser.Post("/join-as-shop", new(filled) { ["less"] = "0" }));
        PlainBrowser.Fields(one, "/join-as-shop")["stores"].ShouldBe("1");
        PlainBrowser.Fields(one, "/join-as-shop")["store0-name"].ShouldBe("西の店", "the one behind it moves up");
        var empty = new Dictionary<string, string>(filled) { ["store1-address"] = "大阪市" };
        foreach (var field in (string[])["name", "postalCode", "address", "station"])
            empty[$"store0-{field}"] = " ";
        var wrong = await browser.Get(await browser.Post("/join-as-shop", empty));
        wrong.ShouldContain("id=\"store0-address-error\">お店の住所を、番地までお書きください");
        (await browser.Post("/join-as-shop", new(form) { ["stores"] = "2", ["store1-name"] = "" })).ShouldStartWith("/join-as-shop/sent?");
    }

    [Theory, BothEngines]
    public async Task A_program_is_told_which_fields_are_wrong_and_the_same_for_every_mailbox(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var body = new Dictionary<string, object?>
        {
            ["kind"] = "person",
            ["name"] = "パン",
            ["kana"] = "パン",
            ["representative"] = "山田",
            ["email"] = $"p-{Guid.NewGuid():N}@example.jp",
            ["telephone"] = "06-6123-4567",
            ["category"] = "bakery",
            ["bankCode"] = "0005",
            ["branchCode"] = "001",
            ["accountKind"] = "ordinary",
            ["accountNumber"] = "7654321",
            ["holder"] = "パン",
            ["stores"] = new[] { new { name = "パン", postalCode = "5430028", address = "大阪市港区築港1-1" } },
            ["language"] = "ja",
        };
        var answer = await scene.Nobody.Post("/merchant-applications", body, Client.NoKey);
        (answer.Status, answer.Text("status")).ShouldBe((202, "mailed"));

        body["accountNumber"] = "none";
        body["bankCode"] = "5";
        body["stores"] = new[] { new { name = "パン", postalCode = "1", address = "大阪市港区築港1-1" } };
        var refused = await scene.Nobody.Post("/merchant-applications", body, Client.NoKey);
        refused.Refused(400, "invalid_request");
        refused.Body.ShouldContain("accountNumber");
        refused.Body.ShouldContain("/bankCode");
        refused.Body.ShouldContain("stores/0/postalCode");
    }

    static Dictionary<string, string> Typed(Dictionary<string, string> form, string email)
    {
        var typed = new Dictionary<string, string>(form)
        {
            ["kind"] = "Person",
            ["name"] = $"パン工房 {email[7..15]}",
            ["kana"] = "パンコウボウツルハシ",
            ["representative"] = "山田 花子",
            ["email"] = email,
            ["telephone"] = "06-6123-4567",
            ["category"] = "bakery",
            ["bankCode"] = "０００５",
            ["branchCode"] = "001",
            ["accountKind"] = "ordinary",
            ["accountNumber"] = "1234567",
            ["holder"] = "パンコウボウツルハシ",
            ["store0-name"] = "パン工房つるはし",
            ["store0-postalCode"] = "543-0028",
            ["store0-address"] = "大阪市天王寺区小橋町1番1号",
            ["store0-station"] = "鶴橋",
        };
        typed.Remove("more");
        return typed;
    }

    /// <summary>Draws the applicant's page for itself, and sends its form with a photo.</summary>
    static async Task<string> SendPhoto(WebApp app, string link, byte[]? photo, (string Name, string Value)? typed = null)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() })
        { BaseAddress = new Uri(app.Address) };
        var page = await http.GetStringAsync(link, Ct);
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in PlainBrowser.Fields(page, "/join-as-shop/application").Where(f => f.Key is not ("store0-photo" or "more")))
            form.Add(new StringContent(name == typed?.Name ? typed.Value.Value : value), name);
        form.Add(new StringContent("bakery"), "category");
        form.Add(new StringContent("ordinary"), "accountKind");
        if (photo is not null)
        {
            var picture = new ByteArrayContent(photo);
            picture.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            form.Add(picture, "store0-photo", "../../etc/passwd.jpg");
        }
        using var answer = await http.PostAsync("/join-as-shop/application", form, Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return answer.Headers.Location!.OriginalString;
    }

    static async Task<string> Follow(WebApp app, string address)
    {
        using var browser = new PlainBrowser(app);
        return await browser.Get(address);
    }

    /// <summary>The link of the newest mail, once another than <paramref name="before"/> has come.</summary>
    static async Task<string> Link(Scene scene, string email, Regex shown, string before = "")
    {
        for (var tries = 0; tries < 400; tries++)
        {
            var links = shown.Matches((await scene.Nobody.Get($"/sandbox/mail?to={Uri.EscapeDataString(email)}")).Body)
                .Select(m => m.Value).Where(l => l != before).ToList();
            if (links.Count > 0)
                return links[0];
            await Task.Delay(25, Ct);
        }
        throw new InvalidOperationException($"No mail came to {email}.");
    }

    [GeneratedRegex("/join-as-shop/application\\?token=[\\w-]+")]
    private static partial Regex ApplicationLink();

    [GeneratedRegex("/shop/join/[\\w-]+")]
    private static partial Regex JoinLink();

    [GeneratedRegex("/shop/first-payment/str_\\w+")]
    private static partial Regex FirstPayment();

    [GeneratedRegex("<img src=\"(/console/applications/[^\"]+)\"")]
    private static partial Regex Photo();

    [GeneratedRegex("<p\\s+class=\"small\">([A-Z2-7 ]+)</p>")]
    private static partial Regex Secret();
}
