using System.Net.Http.Json;
using System.Net;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;
using Shop = Ensen.Tests.Api.Shop;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A till's browser refunded through the API with nothing but its cookie: the store's refund PIN was asked for at one door only.
/// </summary>
public class RefundsNeedThePin(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_person_at_a_till_refunds_with_the_pin_whatever_door_is_used_and_a_program_without(Engine engine)
    {
        var app = await servers.On(engine);
        var scene = new Scene(app);
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        var payment = (await member.Pay(shop, 900)).Created().Text("paymentId");
        await SetRefundPin(app, shop, "4719");
        using var till = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = new Uri(app.Address) };
        till.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", $"ensen-till={shop.Till.Token}");

        (await Refund(null)).Refused(401, "step_up_required");
        (await Refund("")).Refused(401, "step_up_required");
        (await Refund("9999")).Refused(401, "step_up_required");
        (await Refund("4719")).Created().Number("yen").ShouldBe(100);
        (await shop.Till.Post($"/payments/{payment}/refunds", new { amount = 100 })).Created();
        (await shop.Merchant.Post($"/payments/{payment}/refunds", new { amount = 100 })).Created();
        (await member.Balance()).ShouldBe(4_400);
        // Taken out of its cookie the token of a person's session is still a person's.
        var taken = new Client(app.Http, await SignedIn(app, shop, "280417"));
        (await taken.Post($"/payments/{payment}/refunds", new { amount = 100 })).Refused(401, "step_up_required");

        for (var i = 0; i < 5; i++)
            await Refund("0000");
        (await Refund("4719")).Refused(429, "too_many_requests").Headers.RetryAfter.ShouldNotBeNull();

        async Task<Reply> Refund(string? pin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/payments/{payment}/refunds")
            { Content = JsonContent.Create(new { amount = 100, pin }) };
            request.Headers.TryAddWithoutValidation("Idempotency-Key", Guid.NewGuid().ToString());
            using var answer = await till.SendAsync(request);
            return new Reply("refund by cookie", (int)answer.StatusCode, await answer.Content.ReadAsStringAsync(),
                answer.Content.Headers.ContentType?.MediaType, answer.Headers);
        }
    }

    static async Task<string> SignedIn(WebApp app, Shop shop, string pin)
    {
        await using var db = Database.Open(app.DatabaseAddress, SandboxModule.Catalogue);
        Id.TryParse(shop.StoreId, out StoreId store).ShouldBeTrue();
        await db.Transact(tx => Pins.Write(tx, store, PinPurpose.TillSignIn, PasswordHash.Make(pin), DateTimeOffset.UtcNow));
        var (clock, programme) = (TimeProvider.System, new Programme());
        var stores = new Stores(db, clock);
        var pins = new Pins(db, new Guesses(new AttemptLimiter(db, clock), programme), new HashLine(), clock);
        var number = (await stores.Find(store)).ShouldNotBeNull().Number;
        return (await new Tills(db, stores, pins, new Sessions(db, programme, clock), clock).SignIn(new(number, pin, "Tablet", "10.0.0.1")))
            .Value!.Token;
    }

    static async Task SetRefundPin(WebApp app, Shop shop, string pin)
    {
        await using var db = Database.Open(app.DatabaseAddress, SandboxModule.Catalogue);
        Id.TryParse(shop.StoreId, out StoreId store).ShouldBeTrue();
        await db.Transact(tx => Pins.Write(tx, store, PinPurpose.Refund, PasswordHash.Make(pin), DateTimeOffset.UtcNow));
    }
}
