using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>Money to the own bank account, as programs ask for it; and the wallet that charges itself.</summary>
public class WithdrawalsApiTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task Money_is_withdrawn_once_for_its_key_and_told_by_its_number(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (aoi, ren) = (await scene.Member(8_000), await scene.Member());
        var key = Guid.NewGuid().ToString();

        var first = (await aoi.Api.Post("/withdrawals", new { amount = 3_000 }, key)).Created();
        first.Text("status").ShouldBe("pending");
        var again = (await aoi.Api.Post("/withdrawals", new { amount = 3_000 }, key)).Created();
        again.Text("withdrawalId").ShouldBe(first.Text("withdrawalId"));
        (await aoi.Api.Post("/withdrawals", new { amount = 3_001 }, key)).Refused(422, "key_reused");
        (await aoi.Api.Post("/withdrawals", new { amount = 5_001 })).Refused(422, "insufficient_balance");
        (await aoi.Api.Post("/withdrawals", new { amount = 500_001 })).Refused(422, "over_limit");
        (await aoi.Api.Post("/withdrawals", new { amount = 3_000 }, Client.NoKey)).Refused(400, "key_required");
        (await ren.Api.Get($"/withdrawals/{first.Text("withdrawalId")}")).Refused(404, "not_found");

        var ended = await Ended(aoi, first.Text("withdrawalId"));
        ended.Text("status").ShouldBe("completed");
        (await aoi.Api.Get("/wallet")).Ok().Json.GetProperty("money").GetInt64().ShouldBe(5_000);
        (await aoi.Api.Get("/history?kind=withdrawals")).Ok().Json.GetProperty("items")[0].GetProperty("yen").GetInt64().ShouldBe(-3_000);
        (await aoi.Api.Get($"/receipts/{first.Text("withdrawalId")}")).Ok();
    }

    [Theory, BothEngines]
    public async Task A_wallet_charges_itself_only_after_a_proof(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var aoi = await scene.Member(400);
        (await aoi.Api.Get("/me/auto-charge")).Ok().Json.GetProperty("on").GetBoolean().ShouldBeFalse();
        (await aoi.Api.Put("/me/auto-charge", new { on = true, below = 1_000, amount = 5_000, perMonth = 30_000 }))
            .Refused(403, "step_up_required");
        (await aoi.Api.Put("/me/auto-charge", new { on = true, below = 1_000, amount = 5_000, perMonth = 4_999 }))
            .Refused(400, "invalid_amount");
        (await aoi.Api.Put("/me/auto-charge", new { on = false })).Ok().Json.GetProperty("on").GetBoolean().ShouldBeFalse();
    }

    static async Task<Reply> Ended(Person who, string id)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var told = (await who.Api.Get($"/withdrawals/{id}")).Ok();
            if (told.Text("status") != "pending")
                return told;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException("The bank of the sandbox says nothing.");
    }
}
