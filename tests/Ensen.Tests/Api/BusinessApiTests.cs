using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>A company without a shop as a script lives it: paid in, payees by two people, transfers, a bill, a file, receipts.</summary>
public class BusinessApiTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_company_lives_a_day_by_script(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (printer, baker) = (await Make(scene, "天満印刷", 500_000), await Make(scene, "パン工房"));

        (await printer.Maker.Get("/business")).Ok().Json.GetProperty("balance").GetInt64().ShouldBe(500_000);
        (await printer.Maker.Post("/business/payees", new { to = "111111111" }, Client.NoKey)).Refused(404, "not_found");
        var payee = (await printer.Maker.Post("/business/payees", new { to = baker.Number }, Client.NoKey)).Created().Text("payeeId");
        (await printer.Maker.Post($"/business/payees/{payee}/confirmation", key: Client.NoKey)).Refused(403, "same_person");
        (await printer.Approver.Post($"/business/payees/{payee}/confirmation", key: Client.NoKey)).Ok().Text("status").ShouldBe("confirmed");
        (await printer.Maker.Post("/business/transfers", new { to = baker.Number, amount = 500, text = "見本" })).Created().Text("status").ShouldBe("paid");
        (await printer.Maker.Post("/business/transfers", new { to = baker.Number, amount = 1_000_001, text = "見本" })).Refused(422, "over_limit");

        var waits = (await printer.Maker.Post("/business/transfers", new { to = baker.Id, amount = 200_000, text = "4月分" })).Created();
        waits.Text("status").ShouldBe("waiting");
        var id = waits.Text("transferId");
        (await baker.Approver.Post($"/business/transfers/{id}/approval")).Refused(404, "not_found");
        (await printer.Maker.Post($"/business/transfers/{id}/approval")).Refused(403, "same_person");
        (await printer.Approver.Post($"/business/transfers/{id}/approval")).Created().Json.GetProperty("balance").GetInt64().ShouldBe(299_500);
        (await printer.Approver.Post($"/business/transfers/{id}/approval")).Refused(409, "already_decided");
        var entry = (await printer.Maker.Get($"/business/transfers/{id}")).Ok().Text("entryId");
        foreach (var party in (Client[])[printer.Maker, baker.Maker])
            (await party.Get($"/receipts/{entry}")).Ok().Text("kind").ShouldBe("businesstransfer");
        (await baker.Maker.Get("/business/history")).Ok().Json.GetProperty("items")[0].GetProperty("with").GetString().ShouldBe("天満印刷");

        (await baker.Maker.Post("/business/requests", new { from = "111111111", amount = 1, text = "請求", dueOn = "2099-01-01" })).Refused(400, "invalid_request");
        var due = Ensen.Basics.JapanDay.Of(DateTimeOffset.UtcNow).Next.ToString();
        (await baker.Maker.Post("/business/requests", new { from = "111111111", amount = 1, text = "請求", dueOn = due })).Refused(404, "not_found");
        var bill = (await baker.Maker.Post("/business/requests", new { from = printer.Number, amount = 3_000, text = "請求 17", dueOn = due })).Created();
        bill.Text("url").ShouldEndWith($"/business/requests/{bill.Text("requestId")}");
        (await baker.Maker.Post($"/business/requests/{bill.Text("requestId")}/payment")).Refused(404, "not_found");
        (await printer.Maker.Post($"/business/requests/{bill.Text("requestId")}/payment")).Created().Text("status").ShouldBe("paid");
        (await printer.Maker.Post($"/business/requests/{bill.Text("requestId")}/payment")).Refused(409, "code_used");

        var file = (await printer.Maker.Post("/business/transfer-files",
            new StringContent($"to,amount,text\n{baker.Number},700,粉\ntotal,700,1\n", System.Text.Encoding.UTF8, "text/csv"), Client.NoKey)).Created();
        file.Json.GetProperty("fine").GetBoolean().ShouldBeTrue();
        (await printer.Maker.Post($"/business/transfer-files/{file.Text("fileId")}/transfer")).Created().Text("status").ShouldBe("paid");
        (await printer.Maker.Post($"/business/transfer-files/{file.Text("fileId")}/transfer")).Refused(409, "code_used");
        (await printer.Maker.Get("/business")).Ok().Json.GetProperty("balance").GetInt64().ShouldBe(295_800);

        var shop = await scene.Store();
        (await shop.Merchant.Get("/business")).Refused(404, "not_found");
        (await scene.Nobody.Post("/sandbox/businesses", new { name = "x", merchantId = printer.MerchantId }, Client.NoKey)).Refused(400, "invalid_request");
        (await scene.Nobody.Post("/sandbox/businesses", new { name = "x", merchantId = "mer_00000000000000000000000000" }, Client.NoKey))
            .Refused(400, "invalid_request");
    }

    sealed record Made(string Id, string Number, string MerchantId, Client Maker, Client Approver);

    static async Task<Made> Make(Scene scene, string name, long balance = 0)
    {
        var made = (await scene.Nobody.Post("/sandbox/businesses", new { name, balance }, Client.NoKey)).Created();
        return new Made(made.Text("businessId"), made.Text("number"), made.Text("merchantId"), scene.As(made.Text("token")),
            scene.As(made.Text("approverToken")));
    }
}
