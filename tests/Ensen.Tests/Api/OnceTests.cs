using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>A key makes a request one request: repeated, at the same time, with another body, by somebody else.</summary>
public class OnceTests(Servers servers)
{
    const int AtOnce = 20;

    /// <summary>One request of each endpoint that moves value; the body's amount can be changed.</summary>
    sealed record Mover(string Name, Client By, string Path, Func<long, object> Body, long Amount);

    static async Task<(Person Member, Shop Shop, List<Mover> Movers)> Set(Scene scene)
    {
        var (member, other, shop) = (await scene.Member(50_000), await scene.Member(), await scene.Store());
        var (payment, code, order) = ((await member.Pay(shop, 2_000)).Created().Text("paymentId"), await member.Code(), Scene.Order());
        return (member, shop,
        [
            new("charge", member.Api, "/charges", amount => new { source = "bank", amount }, 700),
            new("payment", member.Api, "/payments", amount => new { storeId = shop.StoreId, amount }, 300),
            new("till payment", shop.Till, "/till/payments", amount => new { code, amount, orderId = order }, 400),
            new("refund", shop.Till, $"/payments/{payment}/refunds", amount => new { amount }, 500),
            new("refund by the merchant", shop.Merchant, $"/payments/{payment}/refunds", amount => new { amount }, 500),
            new("transfer", member.Api, "/transfers", amount => new { to = other.Id, amount }, 600),
        ]);
    }

    [Theory, BothEngines]
    public async Task The_same_key_and_body_get_the_same_answer_and_another_body_none(Engine engine)
    {
        var (member, _, movers) = await Set(new Scene(await servers.On(engine)));
        foreach (var mover in movers)
        {
            var key = Guid.NewGuid().ToString();
            var first = (await mover.By.Post(mover.Path, mover.Body(mover.Amount), key)).Created();
            first.Replayed.ShouldBeFalse(mover.Name);
            var after = await member.AccountState();

            var second = (await mover.By.Post(mover.Path, mover.Body(mover.Amount), key)).Created();
            second.Body.ShouldBe(first.Body, mover.Name);
            second.Replayed.ShouldBeTrue(mover.Name);
            (await mover.By.Post(mover.Path, mover.Body(mover.Amount + 1), key)).Refused(422, "key_reused", mover.Name);

            (await member.AccountState()).ShouldBe(after, mover.Name);
        }
    }

    [Theory, BothEngines]
    public async Task Twenty_at_once_with_one_key_are_one_request(Engine engine)
    {
        var (member, _, movers) = await Set(new Scene(await servers.On(engine)));
        foreach (var mover in movers)
        {
            var key = Guid.NewGuid().ToString();
            var before = await Movements(member);

            var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce)
                .Select(_ => mover.By.Post(mover.Path, mover.Body(mover.Amount), key)));

            answers.Select(a => a.Created().Body).Distinct().ShouldHaveSingleItem(mover.Name);
            answers.Count(a => !a.Replayed).ShouldBe(1, mover.Name);
            (await Movements(member)).ShouldBe(before + 1, mover.Name);
        }
    }

    [Theory, BothEngines]
    public async Task Of_two_bodies_at_once_under_one_key_one_is_taken(Engine engine)
    {
        var (member, _, movers) = await Set(new Scene(await servers.On(engine)));
        foreach (var mover in movers)
        {
            var key = Guid.NewGuid().ToString();
            var before = await Movements(member);

            var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce)
                .Select(i => mover.By.Post(mover.Path, mover.Body(mover.Amount + i % 2), key)));

            answers.Count(a => a.Status == 201).ShouldBe(AtOnce / 2, mover.Name);
            foreach (var refused in answers.Where(a => a.Status != 201))
                refused.Refused(422, "key_reused", mover.Name);
            (await Movements(member)).ShouldBe(before + 1, mover.Name);
        }
    }

    [Theory, BothEngines]
    public async Task A_key_has_1_to_255_characters(Engine engine)
    {
        var (member, _, movers) = await Set(new Scene(await servers.On(engine)));
        var before = await member.AccountState();
        foreach (var mover in movers)
        {
            (await mover.By.Post(mover.Path, mover.Body(mover.Amount), Client.NoKey)).Refused(400, "key_required", mover.Name);
            (await mover.By.Post(mover.Path, mover.Body(mover.Amount), "")).Refused(400, "key_required", mover.Name);
            (await mover.By.Post(mover.Path, mover.Body(mover.Amount), "   ")).Refused(400, "key_required", mover.Name);
            (await mover.By.Post(mover.Path, mover.Body(mover.Amount), new string('k', 256))).Refused(400, "key_required", mover.Name);
        }
        (await member.AccountState()).ShouldBe(before);

        foreach (var mover in movers)
        {
            (await mover.By.Post(mover.Path, mover.Body(mover.Amount), $"{mover.Name} {new string('k', 300)}"[..255])).Created();
            (await mover.By.Post(mover.Path, mover.Body(mover.Amount), $"{mover.Name} {new string('k', 300)}"[..255])).Created()
                .Replayed.ShouldBeTrue();
        }
    }

    [Theory, BothEngines]
    public async Task The_same_key_of_another_member_is_another_key(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (first, second, shop) = (await scene.Member(1_000), await scene.Member(1_000), await scene.Store());

        var one = (await first.Pay(shop, 100, key: "1")).Created();
        var other = (await second.Pay(shop, 100, key: "1")).Created();

        other.Replayed.ShouldBeFalse();
        other.Text("paymentId").ShouldNotBe(one.Text("paymentId"));
        (await second.Pay(shop, 250, key: "2")).Created();
        (await first.Pay(shop, 300, key: "2")).Created();
        (await first.Balance(), await second.Balance()).ShouldBe((600, 650));
    }

    [Theory, BothEngines]
    public async Task A_refusal_is_an_answer_too(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, rich, shop) = (await scene.Member(), await scene.Member(5_000), await scene.Store());

        (await member.Pay(shop, 100, key: "late")).Refused(422, "insufficient_balance");
        (await rich.Api.Post("/transfers", new { to = member.Id, amount = 1_000 })).Created();

        // The phone said "not paid": a late duplicate must not pay after all.
        (await member.Pay(shop, 100, key: "late")).Refused(422, "insufficient_balance").Replayed.ShouldBeTrue();
        (await member.Balance()).ShouldBe(1_000);
        (await member.Pay(shop, 100)).Created();
    }

    [Theory, BothEngines]
    public async Task A_shop_may_name_its_key_after_its_order(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(5_000), await scene.Store());

        foreach (var key in (string[])["1", "order:2", "order 3", "ORDER:4"])
        {
            var (code, order) = (await member.Code(), key[^1..]);
            var paid = (await shop.Take(code, 100, order, key)).Created();
            (await shop.Take(code, 100, order, key)).Created().Text("paymentId").ShouldBe(paid.Text("paymentId"));
        }

        (await member.Balance()).ShouldBe(5_000 - 4 * 100);
    }

    [Theory, BothEngines]
    public async Task The_shop_tries_the_same_order_again_with_a_fresh_code(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (poor, rich, shop) = (await scene.Member(), await scene.Member(5_000), await scene.Store());
        var order = Scene.Order();

        (await shop.Take(await poor.Code(), 1_000, order)).Refused(422, "insufficient_balance");
        (await shop.Till.Get($"/till/payments?orderId={order}")).Refused(404, "not_found");
        (await shop.Take(await rich.Code(), 1_000, order)).Created();

        (await shop.Till.Get($"/till/payments?orderId={order}")).Ok();
    }

    static async Task<int> Movements(Person member) =>
        (await member.Api.Get("/history?limit=100")).Ok().Json.GetProperty("items").GetArrayLength();
}
