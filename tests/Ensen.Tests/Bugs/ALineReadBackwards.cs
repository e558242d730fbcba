using Ensen.Access;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// Names held nothing invisible, but a note, a reason and an order did: a mark that turns the direction of a line made another amount of the
/// one beside it. What people write is looked at in one place, whatever door it comes through.
/// </summary>
public class ALineReadBackwards(Servers servers)
{
    [Theory]
    [InlineData("lunch \u202e000,1\u202c", false)]
    [InlineData("\u2066lunch\u2069", false)]
    [InlineData("lun\u200bch", false)]
    [InlineData("lun\u00adch", false)]
    [InlineData("\u061clunch", false)]
    [InlineData("lunch\u2028and more", false)]
    [InlineData("two\nlines", false)]
    [InlineData("昼ごはん 🍱 👩\u200d💻 葛\udb40\udd00", true)]
    [InlineData("علی\u200cرضا", true)]
    [InlineData("", true)]
    public void A_line_can_be_read_or_not(string line, bool readable) => InvisibleCharacters.IsReadable(line).ShouldBe(readable);

    [Theory, BothEngines]
    public async Task Programs_are_refused_by_the_code_that_the_field_has(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, other, shop) = (await scene.Member(5_000), await scene.Member(), await scene.Store());
        var paid = (await member.Pay(shop, 900)).Created().Text("paymentId");
        foreach (var hidden in (string[])["\u202e003", "3\u200b", "\u20663\u2069"])
        {
            (await member.Api.Post("/transfers", new { to = other.Id, amount = 10, note = hidden })).Refused(400, "invalid_request");
            (await shop.Till.Post($"/payments/{paid}/refunds", new { amount = 10, reason = hidden })).Refused(400, "invalid_request");
            (await shop.Take(await member.Code(), 10, hidden)).Refused(400, "invalid_request");
        }
        (await member.Balance()).ShouldBe(4_100);
    }

    [Theory, BothEngines]
    public async Task People_are_told_at_the_field(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, other, shop) = (await scene.Member(5_000), await scene.Member(), await scene.Store());
        var paid = (await member.Pay(shop, 900)).Created().Text("paymentId");
        using var phone = new PlainBrowser(app, "ensen-member", member.Api.Token!);
        using var till = new PlainBrowser(app, "ensen-till", shop.Till.Token!);

        var send = PlainBrowser.Fields(await phone.Get($"/send?to={other.Id}"), "/send/find");
        (send["amount"], send["note"]) = ("10", "for \u202eyou");
        (await phone.Get(await phone.Post("/send/find", send))).ShouldContain("目に見えない文字は使えません");
        send["note"] = "for you";
        var confirm = PlainBrowser.Fields(await phone.Get(await phone.Post("/send/find", send)), "/send");
        confirm["note"] = "for \u202eyou";
        (await phone.Post("/send", confirm)).ShouldStartWith("/send?again=");

        await using (var db = Database.Open(app.DatabaseAddress, SandboxModule.Catalogue))
        {
            Id.TryParse(shop.StoreId, out StoreId store).ShouldBeTrue();
            await db.Transact(tx => Pins.Write(tx, store, PinPurpose.Refund, PasswordHash.Make("4719"), DateTimeOffset.UtcNow));
        }
        var refund = PlainBrowser.Fields(await till.Get($"/till/refund?payment={paid}"), "/till/refund");
        (refund["amount"], refund["pin"], refund["reason"]) = ("10", "4719", "wrong \u202esize");
        (await till.Get(await till.Post("/till/refund", refund))).ShouldContain("目に見えない文字は使えません");
        (await member.Balance()).ShouldBe(4_100);
    }

    [Theory, BothEngines]
    public async Task Operators_are_told_so(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        var paid = (await member.Pay(shop, 900)).Created().Text("paymentId");

        await ReadyOperators.Make(app.DatabaseAddress, "Suzuki");
        await Told("can be read", "restriction", "add", member.Id, "--reason", "lost \u202ephone", "--by", "Suzuki");
        await Told("no operator of that name", "restriction", "add", member.Id, "--reason", "lost phone", "--by", "Suzu\u200bki");
        await Told("can be read", "correction", "propose", paid, "--reason", "lost \u202ephone", "--by", "Suzuki",
            "--move", $"{member.Id}:money:10", "--move", $"{shop.StoreId}:payable:-10");
        await Told("", "store", "add", "Ca\u202efé");

        async Task Told(string words, params string[] command)
        {
            var (exitCode, output, error) = await WebApp.Command([.. command, "--database", app.DatabaseAddress]);
            (exitCode, output).ShouldBe((1, ""), error);
            error.ShouldContain(words);
        }
    }
}
