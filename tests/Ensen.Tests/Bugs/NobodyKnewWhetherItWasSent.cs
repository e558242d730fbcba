using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Ensen.Basics;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A transfer or a charge whose outcome nobody knew was answered by "we cannot be reached", and the form that came back was another one:
/// whoever sent it again sent twice. It is told as a payment's: checking, until it is known; and the form that comes back is the same.
/// </summary>
public partial class NobodyKnewWhetherItWasSent(Servers servers)
{
    [Fact]
    public async Task A_transfer_of_which_nobody_knows_is_checked_and_sent_again_is_sent_once()
    {
        var (scene, aoi, ren) = await Two();
        using var browser = new Browser(scene.App, aoi);
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
        using var browser = new Browser(scene.App, aoi);
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
        using var browser = new Browser(scene.App, aoi);
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
    public async Task A_payment_is_checked_for_a_minute_from_when_it_was_sent_and_not_from_when_its_form_was_opened()
    {
        var (scene, aoi, _) = await Two();
        using var browser = new Browser(scene.App, aoi);
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
        using var browser = new Browser(scene.App, aoi);
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

    static Guid Uuid(Person person) => Id.TryParse(Id.Member, person.Id, out var id) ? id : throw new FormatException(person.Id);

    /// <summary>The inputs of one of a page's forms.</summary>
    static Dictionary<string, string> Fields(string page, string form)
    {
        var start = page.IndexOf($"<form method=\"post\" action=\"{form}\"", StringComparison.Ordinal);
        start.ShouldBeGreaterThan(0, form);
        var whole = page[start..page.IndexOf("</form>", start, StringComparison.Ordinal)];
        var fields = new Dictionary<string, string>();
        foreach (Match input in Inputs().Matches(whole))
            if (!input.Value.Contains("type=\"radio\"", StringComparison.Ordinal) || Checked().IsMatch(input.Value))
                fields[Name().Match(input.Value).Groups[1].Value] = WebUtility.HtmlDecode(Value().Match(input.Value).Groups[1].Value);
        return fields;
    }

    [GeneratedRegex("<input[^>]*>")]
    private static partial Regex Inputs();

    [GeneratedRegex("\\bname=\"([^\"]*)\"")]
    private static partial Regex Name();

    [GeneratedRegex("\\bvalue=\"([^\"]*)\"")]
    private static partial Regex Value();

    [GeneratedRegex(@"\schecked\b")]
    private static partial Regex Checked();

    /// <summary>A browser without script: it keeps its cookies and is led by nobody.</summary>
    sealed class Browser : IDisposable
    {
        readonly HttpClient _http;

        public Browser(WebApp app, Person member)
        {
            var cookies = new CookieContainer();
            cookies.Add(new Uri(app.Address), new Cookie("ensen-member", member.Api.Token));
            _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies })
            { BaseAddress = new Uri(app.Address) };
        }

        public Task<string> Get(string path) => _http.GetStringAsync(path);

        public async Task<string> Post(string path, Dictionary<string, string> form)
        {
            using var answer = await _http.PostAsync(path, new FormUrlEncodedContent(form));
            return Way(answer);
        }

        public async Task<string> Redirect(string path)
        {
            using var answer = await _http.GetAsync(path);
            return Way(answer);
        }

        /// <summary>What pay.js is told: the status, and the address where it was done.</summary>
        public async Task<(HttpStatusCode Status, string Url)> Answer(string path)
        {
            using var answer = await _http.GetAsync(path);
            var text = await answer.Content.ReadAsStringAsync();
            return (answer.StatusCode, answer.IsSuccessStatusCode ? JsonElement.Parse(text).GetProperty("url").GetString()! : "");
        }

        public void Dispose() => _http.Dispose();

        static string Way(HttpResponseMessage answer)
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
            var way = answer.Headers.Location!;
            return way.IsAbsoluteUri ? way.PathAndQuery : way.OriginalString;
        }
    }

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
