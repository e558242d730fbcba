using Ensen.Browser.Support;
using Ensen.Tests.Formats;
using Microsoft.Playwright;

namespace Ensen.Browser;

/// <summary>What a till's scanner sees of a member's phone: a real picture of the real page, judged by other people's readers.</summary>
public abstract class ShownCodeTests(Chrome chrome, RunningApp running)
{
    /// <summary>Every phone draws a CSS pixel with at least two by two of its own; that is what a scanner gets to see.</summary>
    const float PhonePixels = 2;

    [Theory, InlineData(ColorScheme.Light), InlineData(ColorScheme.Dark)]
    public async Task The_code_on_a_phone_is_read_as_bars_and_as_qr_and_pays(ColorScheme scheme)
    {
        var app = running.App;
        var (member, store) = (await app.Member("青井 花", 5_000), await app.Store("パン工房つるはし"));
        await using var phone = await chrome.Phone(app, member, scale: PhonePixels);
        await phone.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await phone.Page.GotoAsync("/pay");
        var digits = (await phone.Page.Locator(".code .digits").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);

        Judges.Zbar(await phone.Page.Locator(".code .bars").Photo()).ShouldBe(digits);
        var picture = await phone.Page.Locator(".code div.qr").Photo();
        var text = Judges.Zbar(picture).ShouldNotBeNull();
        Judges.JsQr(picture).ShouldBe(text);

        await app.Ask(store.TillToken, "/till/payments", new { code = text, amount = 1_200, orderId = scheme.ToString() });
        await phone.Page.Arrives("**/pay/done/pay_*");
        (await app.Balance(member)).ShouldBe(3_800);
    }
}

public sealed class ShownCodeTestsOnSqlite(Chrome chrome, OnSqlite running) : ShownCodeTests(chrome, running);

public sealed class ShownCodeTestsOnPostgres(Chrome chrome, OnPostgres running) : ShownCodeTests(chrome, running);
