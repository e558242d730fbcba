using System.Text.Json;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Storage;
using Ensen.Tests.Formats;
using Ensen.Tests.Support;
using CultureInfo = System.Globalization.CultureInfo;

namespace Ensen.Tests.Api;

/// <summary>
/// Days of a merchant as a script lives them: sold, settled, put into a file, rejected by the bank, paid to another account; statement, file,
/// the bank's own statement and what the shop sees agree to the yen.
/// </summary>
public class SettlementsApiTests
{
    static readonly JapaneseCalendar s_calendar = new(new CalendarRules());

    [Theory, BothEngines]
    public async Task A_script_lives_the_days_of_a_merchant(Engine engine)
    {
        // On a clock of its own: a bank carries a file out at three in the afternoon, whoever moves the time.
        await using var app = await WebApp.Start(engine);
        var scene = new Scene(app);
        var (aoi, shop, other) = (await scene.Member(100_000), await scene.Store(), await scene.Store("花のみどり"));
        var (suzuki, ito) = (await scene.Operator("鈴木 一郎"), await scene.Operator("伊藤 三郎"));
        await BusinessMorning(scene);
        var paid = (await aoi.Pay(shop, 10_000)).Created().Text("paymentId");
        (await aoi.Pay(shop, 2_345)).Created();
        (await shop.Till.Post($"/payments/{paid}/refunds", new { amount = 1_000 })).Created();
        (await aoi.Pay(other, 5_000)).Created();

        var day = await BusinessMorning(scene);

        var settled = (await shop.Merchant.Get("/shop/settlements")).Ok().Json.GetProperty("items")[0];
        (Number(settled, "gross"), Number(settled, "refunds"), Number(settled, "fee"), Number(settled, "feeTax"), Number(settled, "carried"),
            Number(settled, "payOut")).ShouldBe((12_345, 1_000, 215, 21, 0, 11_109));
        settled.GetProperty("status").GetString().ShouldBe("sent");
        var id = settled.GetProperty("settlementId").GetString();
        var details = (await shop.Merchant.Get($"/shop/settlements/{id}")).Ok().Json;
        details.GetProperty("lines").EnumerateArray().Sum(l => Number(l, "left")).ShouldBe(11_345);
        (await other.Merchant.Get($"/shop/settlements/{id}")).Refused(404, "not_found");

        details.GetProperty("payOuts")[0].GetProperty("day").GetString().ShouldBe(day.ToString());
        var fileId = await FileOf(suzuki.Api, details);
        var sent = (await suzuki.Api.Get($"/console/pay-out-files/{fileId}")).Ok().Json;
        var read = ZenginReader.Read(ZenginFile.Bytes(sent.GetProperty("zengin").GetString()!));
        read.Transfers.Sum(t => t.Amount).ShouldBe(Number(sent, "total"));
        var line = sent.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("settlementId").GetString() == id);
        read.Transfers[(int)Number(line, "line") - 1].Amount.ShouldBe(11_109);

        (await scene.Nobody.Post($"/sandbox/bank/pay-outs/{fileId}/answer", new { rejected = new[] { 1_000_000 } }, Client.NoKey))
            .Refused(400, "invalid_request");
        var answered = (await scene.Nobody.Post($"/sandbox/bank/pay-outs/{fileId}/answer", new { rejected = new[] { Number(line, "line") } },
            Client.NoKey)).Ok().Json;
        (Number(answered, "paid"), Number(answered, "rejected")).ShouldBe((Number(sent, "lines") - 1, 1));
        Status(await shop.Merchant.Get($"/shop/settlements/{id}")).ShouldBe("rejected");

        var wrong = await suzuki.Api.Post("/console/pay-out-accounts", Account(shop, "山田"));
        (wrong.Status, wrong.Text("code")).ShouldBe((400, "invalid_kana"));
        wrong.Text("detail").ShouldContain("山");
        var proposed = (await suzuki.Api.Post("/console/pay-out-accounts", Account(shop, "パンコウボウ"))).Created();
        Status(await shop.Merchant.Get($"/shop/settlements/{id}")).ShouldBe("held");
        var account = proposed.Text("accountId");
        (await suzuki.Api.Post($"/console/pay-out-accounts/{account}/approval", new { }, Client.NoKey)).Refused(403, "same_person");
        (await ito.Api.Post($"/console/pay-out-accounts/{account}/approval", new { }, Client.NoKey)).Ok().Text("status").ShouldBe("in_force");
        var next = await BusinessMorning(scene);
        var second = await FileOf(suzuki.Api, (await shop.Merchant.Get($"/shop/settlements/{id}")).Ok().Json);
        (await scene.Nobody.Post($"/sandbox/bank/pay-outs/{second}/answer", new { }, Client.NoKey)).Ok();
        Status(await shop.Merchant.Get($"/shop/settlements/{id}")).ShouldBe("paid");
        (await scene.Nobody.Get($"/sandbox/bank/statement?day={next}")).Ok().Json.GetProperty("items").EnumerateArray()
            .Count(i => Number(i, "amount") == 11_109).ShouldBe(1);
    }

    /// <summary>The file in which the latest attempt stands.</summary>
    static async Task<string?> FileOf(Client operators, JsonElement settlement)
    {
        var attempt = settlement.GetProperty("payOuts").EnumerateArray().Last();
        return (await operators.Get($"/console/pay-out-files?day={attempt.GetProperty("day").GetString()}")).Ok().Json.GetProperty("items")
            .EnumerateArray().Single(f => Number(f, "number") == Number(attempt, "fileNumber")).GetProperty("fileId").GetString();
    }

    static object Account(Shop shop, string holderKana) => new
    {
        merchantId = shop.MerchantId,
        bankCode = "0005",
        branchCode = "001",
        kind = "ordinary",
        number = "7654321",
        holderKana,
        reason = "the shop has changed its bank",
    };

    /// <summary>Nine o'clock on the bank's next business day, a day after a business day.</summary>
    static async Task<JapanDay> BusinessMorning(Scene scene)
    {
        var now = DateTimeOffset.Parse((await scene.Nobody.Get("/sandbox/clock")).Ok().Text("now"), CultureInfo.InvariantCulture);
        var day = JapanDay.Of(now).Next;
        while (s_calendar.KindOf(day) != JapanDayKind.Weekday)
            day = day.Next;
        (await scene.Nobody.Post("/sandbox/clock", new { now = day.Start.AddHours(9).ToString("O") }, Client.NoKey)).Ok();
        return day;
    }

    static string? Status(Reply reply) => reply.Ok().Json.GetProperty("status").GetString();

    static long Number(JsonElement of, string name) => of.GetProperty(name).GetInt64();
}
