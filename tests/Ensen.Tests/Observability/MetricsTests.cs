using System.Globalization;
using System.Text.Json;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Formats;
using Ensen.Tests.Support;

namespace Ensen.Tests.Observability;

/// <summary>What <c>/metrics</c> says, as somebody else's parser reads it.</summary>
public class MetricsTests
{
    [Theory, BothEngines]
    public async Task What_happened_is_counted(Engine engine)
    {
        await using var app = await WebApp.Start(engine);
        var scene = new Scene(app);
        var aoi = await scene.Member(1_000);
        var cafe = await scene.Store();
        var before = await Metrics.Of(app);
        (await aoi.Pay(cafe, 300)).Created();
        (await aoi.Pay(cafe, 200)).Created();
        (await aoi.Pay(cafe, 501)).Refused(422, "insufficient_balance");

        var after = await Metrics.Of(app);

        (after["ensen_ledger_entries_total{kind=payment}"] - before["ensen_ledger_entries_total{kind=payment}"]).ShouldBe(2);
        before["ensen_ledger_entries_total{kind=refund}"].ShouldBe(0, "a counter is there before it counts");
        after["ensen_ledger_refusals_total{code=insufficient_balance}"].ShouldBe(1);
        after["ensen_problems_total{code=insufficient_balance}"].ShouldBe(1);
        after["ensen_ledger_retries_total{reason=conflict}"].ShouldBe(0);
        after["ensen_ledger_waiting"].ShouldBe(0);
        after["ensen_ledger_oldest_seconds"].ShouldBe(0);
        after["ensen_ledger_history_lost"].ShouldBe(0);
        after["ensen_seal_age_seconds"].ShouldBeInRange(0, 60);
        after["ensen_outbox_waiting"].ShouldBeInRange(0, 10);
        after["ensen_charges_unknown"].ShouldBe(0);
        after["process_working_set_bytes"].ShouldBeGreaterThan(10_000_000);
        var size = after.Family("ensen_ledger_batch_size", "HISTOGRAM").GetProperty("metrics")[0];
        Number(size, "count").ShouldBe(after["ensen_ledger_batches_total"]);
        Number(size.GetProperty("buckets"), "+Inf").ShouldBe(Number(size, "count"));
        Number(size.GetProperty("buckets"), "1").ShouldBe(Number(size, "count"), "one caller, batches of one");
        foreach (var step in (string[])["load", "decide", "commit"])
            after.Text.ShouldContain($"ensen_ledger_step_seconds_bucket{{step=\"{step}\",le=\"+Inf\"}} ");
        after.Text.ShouldContain("ensen_ledger_batch_size_bucket{le=\"512\"} ");
        after.Family("dotnet_thread_pool_thread_count", "GAUGE");
        after.Family("dotnet_thread_pool_queue_length", "GAUGE");
        after.Family("process_working_set_bytes", "GAUGE");
        after.Family("ensen_live_clients", "GAUGE");
        after.Family("ensen_ledger_entries_total", "COUNTER");
        after.Family("kestrel_active_connections", "GAUGE").GetProperty("metrics").GetArrayLength()
            .ShouldBe(1, "what never differs here is no label");
        foreach (var unwanted in (string[])["otel_scope", "target_info", "server_port", "url_scheme", "dotnet_timer_count"])
            after.Text.ShouldNotContain(unwanted);
        if (engine == Engine.Postgres)
            after.Text.ShouldMatch("\ndb_client_connection_count\\{db_client_connection_state=\"(idle|used)\"\\} ");
        after.Text.ShouldContain(
            "http_server_request_duration_seconds_count{http_request_method=\"POST\",http_response_status_code=\"201\",http_route=\"/api/v1/payments\"} 2\n");
    }

    [Fact]
    public async Task Whoever_listens_live_is_counted_until_the_line_is_cut()
    {
        await using var app = await WebApp.Start(Engine.Sqlite);
        var cafe = await new Scene(app).Store();
        (await Metrics.Of(app))["ensen_live_clients"].ShouldBe(0);

        using (var till = new HttpClient { DefaultRequestHeaders = { { "Authorization", $"Bearer {cafe.Till.Token}" } } })
        await using (await till.GetStreamAsync($"{app.Address}/api/v1/till/events"))
            (await Becomes(app, 1)).ShouldBeTrue();

        (await Becomes(app, 0)).ShouldBeTrue();
    }

    static async Task<bool> Becomes(WebApp app, int clients)
    {
        for (var looks = 0; looks < 200; looks++, await Task.Delay(50))
            if ((await Metrics.Of(app))["ensen_live_clients"] == clients)
                return true;
        return false;
    }

    [Fact]
    public async Task A_stranger_cannot_make_the_answer_grow()
    {
        await using var app = await WebApp.Start(Engine.Sqlite);
        for (var i = 0; i < 50; i++)
            using (await app.Http.GetAsync($"/no/such/page/{i}"))
            using (await app.Http.SendAsync(new HttpRequestMessage(new HttpMethod($"ODD{i}"), "/welcome")))
                continue;

        var text = (await Metrics.Of(app)).Text;

        text.ShouldNotContain("such");
        text.ShouldNotContain("ODD");
    }

    [Fact]
    public void The_judge_refuses_what_is_not_the_format() =>
        Judges.Ask<JsonElement>("metrics.mjs", "# TYPE a counter\na{b=c} 1\n").TryGetProperty("error", out _).ShouldBeTrue();

    static double Number(JsonElement of, string name) => double.Parse(of.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
}

/// <summary>One look at <c>/metrics</c>.</summary>
sealed class Metrics(string text, JsonElement families)
{
    public string Text => text;

    public static async Task<Metrics> Of(WebApp app)
    {
        using var answer = await app.Http.GetAsync("/metrics");
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        var text = await answer.Content.ReadAsStringAsync();
        var judged = Judges.Ask<JsonElement>("metrics.mjs", text);
        judged.TryGetProperty("error", out var error).ShouldBeFalse($"{error}");
        return new Metrics(text, judged.GetProperty("families"));
    }

    public JsonElement Family(string name, string type)
    {
        var family = families.EnumerateArray().Single(f => f.GetProperty("name").GetString() == name);
        family.GetProperty("type").GetString().ShouldBe(type);
        family.GetProperty("help").GetString().ShouldNotBeNullOrEmpty();
        return family;
    }

    /// <summary>A value by its name, or by <c>name{label=value}</c>.</summary>
    public double this[string named]
    {
        get
        {
            var parts = named.TrimEnd('}').Split('{');
            var label = parts.Length == 2 ? parts[1].Split('=') : null;
            var metrics = families.EnumerateArray().Single(f => f.GetProperty("name").GetString() == parts[0]).GetProperty("metrics")
                .EnumerateArray();
            var value = metrics.Single(m => label is null || m.GetProperty("labels").GetProperty(label[0]).GetString() == label[1])
                .GetProperty("value").GetString()!;
            return double.Parse(value, CultureInfo.InvariantCulture);
        }
    }
}
