using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>A point till asks as a program does.</summary>
public class PointTillApiTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_till_awards_spends_cancels_and_asks_what_became_of_it(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, till) = (await scene.MemberWithPoints(100, 0), await scene.PointTill());
        var number = (await member.Api.Get("/member-code")).Ok().Text("code");
        (await member.Api.Get("/member-code")).Ok().Text("code").ShouldBe(number);

        var awarded = (await till.Post("/point-till/awards", new { code = number, amount = 1_100, receipt = "r1" })).Created();
        (awarded.Number("points"), awarded.Number("balance")).ShouldBe((10, 110));
        (await till.Post("/point-till/awards", new { code = number, amount = 1_100, receipt = "r1" })).Created().Replayed.ShouldBeTrue();
        (await till.Post("/point-till/awards", new { code = number, amount = 1_200, receipt = "r1" })).Refused(409, "order_conflict");
        (await till.Post("/point-till/awards", new { code = number, amount = 1_100, receipt = "r2" }, Client.NoKey))
            .Refused(400, "key_required");
        (await till.Post("/point-till/awards", new { code = number, amount = 1_000_001, receipt = "r2" })).Refused(400, "invalid_amount");
        foreach (var receipt in (string[])["a/b", "a%2Fb", " a", "r2" + number])
            (await till.Post("/point-till/awards", new { code = number, amount = 1_100, receipt })).Refused(400, "invalid_request");
        (await till.Post("/point-till/spendings", new { code = number, points = 1, receipt = "r2" })).Refused(422, "not_eligible");
        var spent = (await till.Post("/point-till/spendings", new { code = await member.Code(), points = 60, receipt = "r2" })).Created();
        (spent.Number("points"), spent.Number("balance")).ShouldBe((60, 50));
        (await till.Get("/point-till/receipts/r2")).Ok().Text("kind").ShouldBe("spending");
        (await till.Get("/point-till/receipts/r3")).Refused(404, "not_found");
        (await till.Post("/point-till/receipts/r2/cancellation")).Created().Number("points").ShouldBe(60);
        (await till.Get("/point-till/receipts/r2")).Ok().Json.GetProperty("cancellation").GetProperty("points").GetInt64().ShouldBe(60);
        var totals = (await till.Get("/point-till/totals")).Ok();
        (totals.Number("awards"), totals.Number("spentPoints"), totals.Number("givenBackPoints")).ShouldBe((1, 60, 60));
        (await till.Get("/point-till/totals?day=tomorrow")).Refused(400, "invalid_request");
        (await member.Wallet()).GetProperty("points").GetInt64().ShouldBe(110);
        (await member.Api.Get("/history")).Ok().Json.GetProperty("items")[0].GetProperty("kind").GetString().ShouldBe("pointcancellation");
        var entry = (await member.Api.Get("/history")).Ok().Json.GetProperty("items")[0].GetProperty("id").GetString();
        (await member.Api.Get($"/receipts/{entry}")).Ok().Text("kind").ShouldBe("pointcancellation");
    }

    [Theory, BothEngines]
    public async Task A_receipt_that_was_cancelled_gives_and_takes_nothing_when_it_is_sent_again(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, till) = (await scene.MemberWithPoints(100, 0), await scene.PointTill());
        var (number, code) = ((await member.Api.Get("/member-code")).Ok().Text("code"), await member.Code());
        object award = new { code = number, amount = 990, receipt = "c1" }, spend = new { code, points = 60, receipt = "c2" };
        (await till.Post("/point-till/awards", award)).Created().Json.TryGetProperty("cancelledAt", out _).ShouldBeFalse();
        (await till.Post("/point-till/spendings", spend)).Created().Json.TryGetProperty("cancelledAt", out _).ShouldBeFalse();
        (await till.Post("/point-till/receipts/c1/cancellation")).Created().Number("balance").ShouldBe(40);
        (await till.Post("/point-till/receipts/c2/cancellation")).Created().Number("balance").ShouldBe(100);

        foreach (var (again, balance) in new[]
        {
            (await till.Post("/point-till/awards", award), 40), (await till.Post("/point-till/spendings", spend), 100),
        })
        {
            var told = again.Created();
            (told.Replayed, told.Number("points"), told.Number("balance")).ShouldBe((true, 0, balance));
            told.Text("cancelledAt").ShouldNotBeEmpty();
        }
        (await member.Wallet()).GetProperty("points").GetInt64().ShouldBe(100);
    }

    [Theory, BothEngines]
    public async Task What_is_beyond_a_bound_is_told_the_bound_and_who_lacks_points_is_told_that(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, till) = (await scene.MemberWithPoints(100, 0), await scene.PointTill());
        var number = (await member.Api.Get("/member-code")).Ok().Text("code");
        foreach (var amount in (long[])[1_000_001, 1_000_000_000])
            (await till.Post("/point-till/awards", new { code = number, amount, receipt = "b1" })).Refused(400, "invalid_amount")
                .Text("detail").ShouldContain("1,000,000円");
        (await till.Post("/point-till/spendings", new { code = await member.Code(), points = 999_999, receipt = "b2" }))
            .Refused(422, "insufficient_points");
    }

    [Theory, BothEngines]
    public async Task A_file_is_answered_with_what_was_taken_or_the_lines_that_are_wrong(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, till) = (await scene.Member(), await scene.PointTill());
        var number = (await member.Api.Get("/member-code")).Ok().Text("code");
        static StringContent Csv(string text) => new(text, System.Text.Encoding.UTF8, "text/csv");

        var taken = (await till.Post("/point-till/files", Csv($"code,amount,receipt\n{number},1100,f1\ntotal,1100,1\n"))).Created();
        (taken.Number("accepted"), taken.Json.GetProperty("refused").GetArrayLength()).ShouldBe((1, 0));
        (await till.Post("/point-till/files", Csv($"code,amount,receipt\n{number},1100,f1\ntotal,1100,1\n"))).Created().Text("fileId")
            .ShouldBe(taken.Text("fileId"));
        var refused = (await till.Post("/point-till/files", Csv($"code,amount,receipt\n{number},110,f1\ntotal,110,1\n"))).Created();
        refused.Number("accepted").ShouldBe(0);
        refused.Json.GetProperty("refused")[0].ToString().ShouldBe("""{"line":2,"code":"duplicate_receipt"}""");
        (await till.Post("/point-till/files", Csv("x"), Client.NoKey)).Refused(400, "key_required");
        (await till.Post("/point-till/files", Csv("code,amount,receipt\n" + string.Concat(Enumerable.Repeat($"{number},1100,r\n", 10_000)))))
            .Created().Json.GetProperty("refused")[0].GetProperty("code").GetString().ShouldBe("duplicate_receipt");
        (await member.Wallet()).GetProperty("points").GetInt64().ShouldBe(10);
    }
}
