using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Ensen.Access;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web.Session;

/// <summary>
/// A member signs in on a page, and a thief has the cookie. What leaves the wallet is signed by the browser, or its member proves who they
/// are each time.
/// </summary>
public class SignedByDeviceTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_stolen_cookie_pays_nothing_shows_no_code_and_sends_nothing(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, other, shop) = (await scene.Member(5_000), await scene.Member(), await scene.Store());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var phone = await SignedIn(app, member, key);
        using var thief = new PlainBrowser(app, "ensen-member", phone.Cookies.First(c => c.Name == "ensen-member").Value);

        var form = Paying(await thief.Get($"/t/{shop.TagId}"), 700);
        (await thief.Post("/pay/store", form)).ShouldStartWith("/step-up?again=");
        form["deviceNumber"] = "1";
        form["deviceSignature"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        (await thief.Post("/pay/store", form)).ShouldStartWith("/step-up?again=");
        (await thief.Get("/pay")).ShouldNotContain("data-code ", Case.Sensitive);
        (await thief.Post("/pay/code", PlainBrowser.Fields(await thief.Get("/pay"), "/pay/code"))).ShouldStartWith("/step-up?again=");
        (await thief.Get("/pay?proof=chl_0123456789abcdefghjkmnpqrs")).ShouldNotContain("data-code ", Case.Sensitive);
        var find = PlainBrowser.Fields(await thief.Get($"/send?to={other.Id}"), "/send/find");
        find["amount"] = "500";
        var confirm = await thief.Get(await thief.Post("/send/find", find));
        (await thief.Post("/send", PlainBrowser.Fields(confirm, "/send"))).ShouldStartWith("/step-up?again=");

        var api = new Client(app.Http, phone.Cookies.First(c => c.Name == "ensen-member").Value);
        (await api.Post("/payments", new { storeId = shop.StoreId, amount = 700 })).Refused(401, "step_up_required");
        (await api.Post("/transfers", new { to = other.Id, amount = 500 })).Refused(401, "step_up_required");
        (await api.Post("/codes", new { }, Client.NoKey)).Refused(401, "step_up_required");
        (await member.Wallet()).GetProperty("balance").GetInt64().ShouldBe(5_000);
    }

    [Theory, BothEngines]
    public async Task What_its_browser_signs_is_done_and_the_same_again_is_the_same(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var phone = await SignedIn(app, member, key);

        var form = Sign(key, "/pay/store", 1, Paying(await phone.Get($"/t/{shop.TagId}"), 700));
        var done = await phone.Post("/pay/store", form);
        done.ShouldStartWith("/pay/done/pay_");
        (await phone.Post("/pay/store", form)).ShouldBe(done);
        (await member.Wallet()).GetProperty("balance").GetInt64().ShouldBe(4_300);

        var code = await phone.Post("/pay/code", Sign(key, "/pay/code", 2, PlainBrowser.Fields(await phone.Get("/pay"), "/pay/code")));
        code.ShouldStartWith("/pay?proof=chl_");
        (await phone.Get(code)).ShouldContain("data-code ", Case.Sensitive);
        (await phone.Get(code)).ShouldNotContain("data-code ", Case.Sensitive, "a proof is used once");
    }

    [Theory, BothEngines]
    public async Task A_copy_of_the_browser_is_noticed_at_the_latest_when_both_have_paid(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var phone = await SignedIn(app, member, key);
        using var copy = new PlainBrowser(app, "ensen-member", phone.Cookies.First(c => c.Name == "ensen-member").Value);

        (await copy.Post("/pay/store", Sign(key, "/pay/store", 1, Paying(await copy.Get($"/t/{shop.TagId}"), 700))))
            .ShouldStartWith("/pay/done/pay_");
        var form = Sign(key, "/pay/store", 1, Paying(await phone.Get($"/t/{shop.TagId}"), 300));
        var told = await phone.Post("/pay/store", form);

        told.ShouldBe("/sign-in?told=DeviceCopied");
        (await phone.Get(told)).ShouldContain("複製");
        foreach (var browser in new[] { phone, copy })
            (await browser.Redirect("/")).ShouldBe("/sign-in?then=%2F");
        (await member.Wallet()).GetProperty("balance").GetInt64().ShouldBe(4_300);
    }

    [Theory, BothEngines]
    public async Task A_browser_without_keys_proves_each_time_who_it_is(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        using var phone = await SignedIn(app, member, null);

        var proof = await phone.Post("/pay/store", Paying(await phone.Get($"/t/{shop.TagId}"), 700));
        proof.ShouldStartWith("/step-up?again=");
        var page = await phone.Get(proof);
        page.ShouldContain("お支払いのたびに");
        var back = await phone.Post("/step-up", new(PlainBrowser.Fields(page, "/step-up")) { ["password"] = member.Password });
        back.ShouldStartWith("/pay/to?");
        var again = Paying(await phone.Get(back), 700);
        (await phone.Post("/pay/store", again)).ShouldStartWith("/pay/done/pay_");
        (await phone.Post("/pay/store", Paying(await phone.Get($"/t/{shop.TagId}"), 200)))
            .ShouldStartWith("/step-up?again=", Case.Sensitive, "a proof is used once");
        (await member.Wallet()).GetProperty("balance").GetInt64().ShouldBe(4_300);
    }

    static async Task<PlainBrowser> SignedIn(WebApp app, Person member, ECDsa? key)
    {
        var browser = new PlainBrowser(app);
        var form = PlainBrowser.Fields(await browser.Get("/sign-in"), "/sign-in");
        (form["email"], form["password"]) = (member.Email, member.Password);
        form["deviceKey"] = key is null ? "" : Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
        (await browser.Post("/sign-in", form)).ShouldBe("/");
        return browser;
    }

    static Dictionary<string, string> Paying(string page, long yen) => new(PlainBrowser.Fields(page, "/pay/store"))
    {
        ["amount"] = yen.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Signs as js/device.js does.</summary>
    static Dictionary<string, string> Sign(ECDsa key, string path, long number, Dictionary<string, string> form)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"ensen 1\n{path}\n{number}\n");
        foreach (var (name, value) in form.Where(field => field.Key[0] != '_').OrderBy(field => field.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{name.Length}:{name}{value.Length}:{value}");
        var signature = key.SignData(Encoding.UTF8.GetBytes(text.ToString()), HashAlgorithmName.SHA256);
        return new(form)
        {
            ["deviceNumber"] = number.ToString(CultureInfo.InvariantCulture),
            ["deviceSignature"] = System.Buffers.Text.Base64Url.EncodeToString(signature),
        };
    }
}
