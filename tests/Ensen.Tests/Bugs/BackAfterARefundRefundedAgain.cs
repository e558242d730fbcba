using Ensen.Access;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// After a wrong PIN and then the right one, Back showed the form of the wrong PIN once more, which said nothing of the refund and was
/// another form: the staff who believed it refunded twice.
/// </summary>
public class BackAfterARefundRefundedAgain(Servers servers)
{
    [Theory, BothEngines]
    public async Task The_form_that_a_wrong_PIN_sent_back_is_one_refund_however_often_it_is_sent(Engine engine)
    {
        var (browser, member, payment) = await Till(engine);
        using (browser)
        {
            var form = PlainBrowser.Fields(await browser.Get($"/till/refund?payment={payment}"), "/till/refund");
            (form["amount"], form["pin"]) = ("300", "0000");
            var sentBack = await browser.Post("/till/refund", form);
            sentBack.ShouldStartWith("/till/refund?again=");

            var again = PlainBrowser.Fields(await browser.Get(sentBack), "/till/refund");
            again["intent"].ShouldBe(form["intent"]);
            var done = await Send("300");
            done.ShouldStartWith("/till/refund/done?");
            (await Send("300")).ShouldBe(done);
            (await member.Balance()).ShouldBe(4_400);
            (await browser.Redirect(sentBack)).ShouldBe(done, "the form that was sent since says what was done, not what was wrong with it once");

            var other = PlainBrowser.Fields(await browser.Get(await Send("200")), "/till/refund");
            other["intent"].ShouldNotBe(form["intent"], "what was refused is remembered, so the next try is another");
            other["pin"] = "4719";
            (await browser.Post("/till/refund", other)).ShouldStartWith("/till/refund/done?");
            (await member.Balance()).ShouldBe(4_600);

            Task<string> Send(string amount)
            {
                (again["amount"], again["pin"]) = (amount, "4719");
                return browser.Post("/till/refund", again);
            }
        }
    }

    async Task<(PlainBrowser Browser, Person Member, string Payment)> Till(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        var payment = (await member.Pay(shop, 900)).Created().Text("paymentId");
        await using var db = Database.Open(app.DatabaseAddress, SandboxModule.Catalogue);
        Id.TryParse(shop.StoreId, out StoreId store).ShouldBeTrue();
        await db.Transact(tx => Pins.Write(tx, store, PinPurpose.Refund, PasswordHash.Make("4719"), DateTimeOffset.UtcNow));
        return (new PlainBrowser(app, "ensen-till", shop.Till.Token!), member, payment);
    }
}
