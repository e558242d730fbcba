using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace Ensen.Tests.Bugs;

/// <summary>
/// Whoever was signed out while typing found an empty form after signing in again. It is as it was, for them alone; what nobody may read in
/// an address is not in it.
/// </summary>
public class WhatWasTypedWasLostAtTheDoor(Servers servers)
{
    const string Note = "お昼の分です";

    [Theory, BothEngines]
    public async Task A_members_forms_are_as_they_were_for_that_member(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, other, shop) = (await scene.Member(5_000), await scene.Member(5_000), await scene.Store());
        using var phone = new PlainBrowser(scene.App, "ensen-member", member.Api.Token!);
        using var others = new PlainBrowser(scene.App, "ensen-member", other.Api.Token!);

        var (first, shown) = await Again("/send", "/send/find", ("to", other.Id), ("amount", "1234"), ("note", Note));
        (shown["to"], shown["amount"], shown["note"]).ShouldBe((other.Id, "1234", Note));
        PlainBrowser.Fields(await others.Get(first), "/send/find")["note"].ShouldBe("", "another member signed in here");

        var confirm = await phone.Post("/send/find", shown);
        var (_, second) = await Again(confirm, "/send");
        (second["amount"], second["note"]).ShouldBe(("1234", Note));
        (await phone.Post("/send", second)).ShouldStartWith("/send/done/trf_");

        (_, shown) = await Again("/charge", "/charge", ("source", "card"), ("amount", "3000"));
        (shown["source"], shown["amount"]).ShouldBe(("card", "3000"));
        (_, shown) = await Again($"/t/{shop.TagId}", "/pay/store", ("amount", "777"));
        shown["amount"].ShouldBe("777");
        var ticket = await phone.Post("/pay/scan", new(PlainBrowser.Fields(await phone.Get("/pay"), "/pay/scan")) { ["text"] = shop.Qr });
        (_, shown) = await Again(ticket, "/pay/store", ("amount", "778"));
        shown["amount"].ShouldBe("778");
        (_, shown) = await Again("/pay", "/pay/scan", ("text", "12345678"));
        shown["text"].ShouldBe("12345678");

        Task<(string Address, Dictionary<string, string> Shown)> Again(string page, string form, params (string, string)[] typed) =>
            SignedOut(scene.App, phone, "ensen-member", "/sign-in", page, form, typed);
    }

    [Theory, BothEngines]
    public async Task A_tills_forms_are_as_they_were_without_PIN_and_code(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        var paid = (await member.Pay(shop, 900)).Created().Text("paymentId");
        using var till = new PlainBrowser(scene.App, "ensen-till", shop.Till.Token!);

        var (_, shown) = await Again($"/till/refund?payment={paid}", "/till/refund", ("amount", "300"), ("reason", Note), ("pin", "4719"));
        (shown["payment"], shown["amount"], shown["reason"], shown["pin"]).ShouldBe((paid, "300", Note, ""));
        (_, shown) = await Again("/till/take", "/till/take", ("amount", "500"), ("code", await member.Code()));
        (shown["amount"], shown["code"]).ShouldBe(("500", ""));

        Task<(string Address, Dictionary<string, string> Shown)> Again(string page, string form, params (string, string)[] typed) =>
            SignedOut(scene.App, till, "ensen-till", "/till/sign-in", page, form, typed);
    }

    [Fact]
    public async Task A_form_that_no_page_of_ours_has_drawn_is_not_filled_in()
    {
        var scene = new Scene(await servers.On(Engine.Sqlite));
        using var nobody = new PlainBrowser(scene.App, "ensen-member", "gone");

        (await nobody.Post("/send/find", new() { ["to"] = "mbr_x", ["amount"] = "5000" }, from: "/send")).ShouldBe("/sign-in?then=%2Fsend");
    }

    /// <summary>Fills in a form, sends it when the session has ended, and opens the page to which signing in leads.</summary>
    static async Task<(string Address, Dictionary<string, string> Shown)> SignedOut(
        WebApp app, PlainBrowser browser, string cookie, string door, string page, string form, (string Name, string Value)[] typed)
    {
        var fields = PlainBrowser.Fields(await browser.Get(page), form);
        foreach (var (name, value) in typed)
            fields[name] = value;
        using var signedOut = new PlainBrowser(app, cookie, "gone");
        var way = await signedOut.Post(form, fields, from: page);
        way.ShouldStartWith(door + "?then=");
        way.Length.ShouldBeLessThan(6_000);
        foreach (var secret in (string[])[Note, Uri.EscapeDataString(Note), "4719"])
            way.ShouldNotContain(secret);
        var then = QueryHelpers.ParseQuery(way.Split('?', 2)[1])["then"].ToString();
        return (then, PlainBrowser.Fields(await browser.Get(then), form));
    }
}
