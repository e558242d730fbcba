using System.Net;
using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;
using static Ensen.Tests.Support.PlainBrowser;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A transfer or a charge whose outcome nobody knew was answered by "we cannot be reached", and the form that came back was another one:
/// whoever sent it again sent twice. It is told as a payment's: checking, until it is known; and the form that comes back is the same.
/// </summary>
public class NobodyKnewWhetherItWasSent(Servers servers)
{
    [Fact]
    public async Task A_transfer_of_which_nobody_knows_is_checked_and_sent_again_is_sent_once()
    {
        var (scene, aoi, ren) = await Two();
        using var browser = new PlainBrowser(scene.App, "ensen-member", aoi.Api.Token!);
        var step = Fields(await browser.Get("/send"), "/send/find");
        step["to"] = ren.Id;
        step["amount"] = "700";
        var page = await browser.Post("/send/find", step);
        var form = Fields(await browser.Get(page), "/send");

        string checking;
        await using (await Away.Of(scene.App, "transfer", "insert", $"new.to_member = '{Uuid(ren)}'"))
        {
            checking = await browser.Post("/send", form);
            checking.ShouldStartWith($"/send/checking/{form["intent"]}?since=");
            (await browser.Get(checking)).ShouldContain("data-watch=\"2000\"");
            (await browser.Answer($"/send/intents/{form["intent"]}")).ShouldBe((HttpStatusCode.NotFound, ""));
        }
        Fields(await browser.Get(page), "/send")["intent"].ShouldBe(form["intent"], "Back shows the same form");
        Fields(await browser.Get("/send"), "/send/find").ShouldNotBeEmpty();
        var again = await browser.Post("/send/find", step);
        Fields(await browser.Get(again), "/send")["intent"].ShouldBe(form["intent"], "and so does going through it anew");

        var done = await browser.Post("/send", form);
        done.ShouldStartWith("/send/done/trf_");
        (await browser.Post("/send", form)).ShouldBe(done);
        (await browser.Redirect(checking)).ShouldBe(done);
        (await browser.Answer($"/send/intents/{form["intent"]}")).ShouldBe((HttpStatusCode.OK, done));
        foreach (var other in (string[])["/pay", "/charge"])
            (await browser.Answer($"{other}/intents/{form["intent"]}")).ShouldBe(
                (HttpStatusCode.NotFound, ""), "a transfer is no answer to who asks of something else");
        (await aoi.Balance(), await ren.Balance()).ShouldBe((49_300, 700));
        Fields(await browser.Get(await browser.Post("/send/find", step)), "/send")["intent"].ShouldNotBe(form["intent"],
            "what is known is over");
    }

    [Fact]
    public async Task A_charge_that_was_taken_on_without_an_answer_is_found_by_itself()
    {
        var (scene, aoi, _) = await Two();
        using var browser = new PlainBrowser(scene.App, "ensen-member", aoi.Api.Token!);
        var form = Fields(await browser.Get("/charge?source=card&amount=3000"), "/charge");

        string checking;
        await using (await Away.Of(scene.App, "idempotency_key", "update", $"old.caller = '{Uuid(aoi)}'"))
            checking = await browser.Post("/charge", form);
        checking.ShouldStartWith($"/charge/checking/{form["intent"]}?since=");

        var done = await browser.Redirect(checking);
        done.ShouldStartWith("/charge/chg_");
        (await browser.Post("/charge", form)).ShouldBe(done);
        (await browser.Answer($"/charge/intents/{form["intent"]}")).ShouldBe((HttpStatusCode.OK, done));
        (await aoi.Balance()).ShouldBe(53_000);
    }

    [Fact]
    public async Task A_charge_that_never_arrived_comes_back_as_the_same_and_is_charged_once()
    {
        var (scene, aoi, _) = await Two();
        using var browser = new PlainBrowser(scene.App, "ensen-member", aoi.Api.Token!);
        var form = Fields(await browser.Get("/charge?source=card&amount=3000"), "/charge");

        string checking;
        await using (await Away.Of(scene.App, "charge", "insert", $"new.member_id = '{Uuid(aoi)}'"))
            checking = await browser.Post("/charge", form);
        (await browser.Get(checking)).ShouldContain("data-watch=\"2000\"");
        (await browser.Get(checking[..checking.IndexOf('?', StringComparison.Ordinal)] + "?since=1"))
            .ShouldContain("チャージは完了していません。もう一度お試しください。");
        Fields(await browser.Get("/charge"), "/charge")["intent"].ShouldBe(form["intent"]);

        var done = await browser.Post("/charge", form);
        (await browser.Redirect(checking)).ShouldBe(done);
        (await aoi.Balance()).ShouldBe(53_000);
    }

    [Fact]
    public async Task A_payment_of_which_nobody_knows_comes_back_as_the_same_at_its_store_and_is_paid_once()
    {
        var (scene, aoi, _) = await Two();
        var (shop, other) = (await scene.Store(), await scene.Store("喫茶 今宮"));
        using var browser = new PlainBrowser(scene.App, "ensen-member", aoi.Api.Token!);
        var form = Fields(await browser.Get($"/t/{shop.TagId}"), "/pay/store");
        form["amount"] = "700";

        string checking;
        await using (await Away.Of(scene.App, "payment", "insert", $"new.member_id = '{Uuid(aoi)}'"))
            checking = await browser.Post("/pay/store", form);
        checking.ShouldStartWith($"/pay/checking/{form["intent"]}?since=");
        Fields(await browser.Get($"/t/{other.TagId}"), "/pay/store")["intent"].ShouldNotBe(form["intent"], "another store is another payment");
        var again = Fields(await browser.Get($"/t/{shop.TagId}"), "/pay/store");
        again["intent"].ShouldBe(form["intent"], "touched again, it is the payment that may have been made");

        again["amount"] = "700";
        var done = await browser.Post("/pay/store", again);
        done.ShouldStartWith("/pay/done/pay_");
        (await browser.Redirect(checking)).ShouldBe(done);
        (await aoi.Balance()).ShouldBe(49_300);
        Fields(await browser.Get($"/t/{shop.TagId}"), "/pay/store")["intent"].ShouldNotBe(form["intent"], "what is known is over");
    }

    [Fact]
    public async Task A_payment_is_checked_for_a_minute_from_when_it_was_sent_and_not_from_when_its_form_was_opened()
    {
        var (scene, aoi, _) = await Two();
        using var browser = new PlainBrowser(scene.App, "ensen-member", aoi.Api.Token!);
        var intent = Guid.CreateVersion7(DateTimeOffset.UtcNow.AddMinutes(-5));
        foreach (var root in (string[])["/pay", "/send", "/charge"])
        {
            (await browser.Get($"{root}/checking/{intent}?since={DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}"))
                .ShouldContain("data-watch=\"2000\"");
            (await browser.Get($"{root}/checking/{intent}")).ShouldNotContain("data-watch");
        }
    }

    [Fact]
    public async Task A_refused_transfer_is_told_as_refused()
    {
        var (scene, aoi, ren) = await Two();
        using var browser = new PlainBrowser(scene.App, "ensen-member", aoi.Api.Token!);
        var step = Fields(await browser.Get("/send"), "/send/find");
        (step["to"], step["amount"]) = (ren.Id, "40000");
        var form = Fields(await browser.Get(await browser.Post("/send/find", step)), "/send");
        (await aoi.Pay(await scene.Store(), 20_000)).Created();

        (await browser.Post("/send", form)).ShouldStartWith("/send?again=");
        var page = await browser.Get($"/send/checking/{form["intent"]}");
        page.ShouldContain("送金は完了していません");
        page.ShouldContain("残高が足りません");
        page.ShouldNotContain("data-watch");
    }

    [Theory, InlineData("/transfers", "transfer"), InlineData("/charges", "charge")]
    public async Task A_program_that_repeats_after_an_unknown_outcome_is_answered(string path, string table)
    {
        var (scene, aoi, ren) = await Two();
        var key = Guid.NewGuid().ToString();
        object body = table == "transfer" ? new { to = ren.Id, amount = 700 } : new { source = "card", amount = 3_000 };

        await using (await Away.Of(scene.App, table, "insert", table == "transfer" ? $"new.to_member = '{Uuid(ren)}'"
            : $"new.member_id = '{Uuid(aoi)}'"))
            (await aoi.Api.Post(path, body, key)).Status.ShouldBe(503);
        var first = (await aoi.Api.Post(path, body, key)).Created();
        var second = (await aoi.Api.Post(path, body, key)).Created();

        second.Text(table + "Id").ShouldBe(first.Text(table + "Id"));
        (await aoi.Balance()).ShouldBe(table == "transfer" ? 49_300 : 53_000);
    }

    async Task<(Scene Scene, Person Aoi, Person Ren)> Two()
    {
        var scene = new Scene(await servers.On(Engine.Postgres));
        return (scene, await scene.Member(50_000), await scene.Member(name: "Ren"));
    }

    static Guid Uuid(Person person) => Id.TryParse(person.Id, out MemberId id) ? id : throw new FormatException(person.Id);

    /// <summary>The database goes away, for what is written about one person only: the others of the server notice nothing.</summary>
    sealed class Away(Database db, string name, string table) : IAsyncDisposable
    {
        public static async Task<Away> Of(WebApp app, string table, string what, string when)
        {
            var away = new Away(Database.Open(app.DatabaseAddress, SandboxModule.Catalogue), "away_" + Guid.NewGuid().ToString("N"), table);
            await away.Say($$"""
                create function {{away.Name}}() returns trigger language plpgsql
                as $f$ begin raise exception 'away' using errcode = '57P01'; end $f$;
                create trigger {{away.Name}} before {{what}} on {{table}} for each row when ({{when}}) execute function {{away.Name}}();
                """);
            return away;
        }

        string Name => name;

        async Task Say(string sql)
        {
            await using var connection = await db.Connect();
            await connection.ExecuteAsync(sql);
        }

        public async ValueTask DisposeAsync()
        {
            await Say($"drop trigger {name} on {table}; drop function {name};");
            await db.DisposeAsync();
        }
    }
}
