using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Dapper;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;
using Npgsql;

namespace Ensen.Tests.Observability;

/// <summary>A load balancer is told the truth, soon, and with the reason.</summary>
public class ReadyTests
{
    [Theory, BothEngines]
    public async Task A_node_that_can_work_is_ready(Engine engine)
    {
        await using var app = await WebApp.Start(engine);

        var (status, answer) = await Ask(app);

        (status, answer.GetProperty("ready").GetBoolean()).ShouldBe((HttpStatusCode.OK, true));
        answer.GetProperty("because").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task PostgreSQL_goes_away_and_comes_back()
    {
        await using var database = await TestDatabase.CreateEmpty(Engine.Postgres);
        await using var tunnel = new Tunnel(database.Address);
        await using var app = await WebApp.Start(tunnel.Address);
        var scene = new Scene(app);
        var aoi = await scene.Member(1_000);
        var cafe = await scene.Store();

        await tunnel.Close();
        var asked = Stopwatch.StartNew();
        await Until(app, ready: false, because: "the database d");
        asked.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        (await app.Http.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK, "a restart would not help");
        (await aoi.Pay(cafe, 100, key: "k")).Status.ShouldBe(503);

        tunnel.Open();
        await Until(app, ready: true);
        (await aoi.Pay(cafe, 100, key: "k")).Created();
    }

    [Fact]
    public async Task A_database_that_answers_but_takes_nothing_is_found_although_nobody_pays_any_more()
    {
        await using var app = await WebApp.Start(Engine.Postgres);
        var scene = new Scene(app);
        var aoi = await scene.Member(1_000);
        var cafe = await scene.Store();

        await ReadOnly(app, yes: true);
        (await aoi.Pay(cafe, 100, key: "k")).Status.ShouldBe(503);
        await Until(app, ready: false, because: "could not be committed");

        await ReadOnly(app, yes: false);
        await Until(app, ready: true);
        (await aoi.Pay(cafe, 100, key: "k2")).Created();
    }

    [Fact]
    public async Task Whoever_waits_for_too_long_makes_the_node_not_ready()
    {
        await using var app = await WebApp.Start(Engine.Postgres);
        var scene = new Scene(app);
        var aoi = await scene.Member(1_000);
        var cafe = await scene.Store();

        Task<Reply> paying;
        await using (await Stalled.By(app))
        {
            paying = aoi.Pay(cafe, 100);
            await Until(app, ready: false, because: "a payment has waited for");
        }
        (await paying).Created();
        await Until(app, ready: true);
    }

    static async Task ReadOnly(WebApp app, bool yes)
    {
        var settings = new NpgsqlConnectionStringBuilder(app.DatabaseAddress["postgres:".Length..]);
        await using var admin = new NpgsqlConnection(PostgresCluster.ConnectionTo("postgres"));
        await admin.OpenAsync();
        await admin.ExecuteAsync($"alter database {settings.Database} set default_transaction_read_only = {(yes ? "on" : "off")}");
        await admin.ExecuteAsync("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = @Database",
            new { settings.Database });
    }

    static async Task<(HttpStatusCode Status, JsonElement Answer)> Ask(WebApp app)
    {
        using var answer = await app.Http.GetAsync("/health/ready");
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }

    static async Task Until(WebApp app, bool ready, string because = "")
    {
        var last = "";
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(100))
        {
            var asked = Stopwatch.StartNew();
            var (status, answer) = await Ask(app);
            asked.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(6), "the answer itself comes soon");
            last = answer.ToString();
            if (ready == (status == HttpStatusCode.OK) && last.Contains(because, StringComparison.Ordinal))
                return;
        }
        throw new TimeoutException($"It never became ready={ready} because '{because}': {last}");
    }
}

/// <summary>A database in which nobody can write entries until this is disposed; reading goes on.</summary>
sealed class Stalled : IAsyncDisposable
{
    readonly NpgsqlConnection _connection;
    NpgsqlTransaction? _lock;

    Stalled(WebApp app) => _connection = new NpgsqlConnection(app.DatabaseAddress["postgres:".Length..]);

    public static async Task<Stalled> By(WebApp app)
    {
        var stalled = new Stalled(app);
        await stalled._connection.OpenAsync();
        stalled._lock = await stalled._connection.BeginTransactionAsync();
        await stalled._connection.ExecuteAsync("lock table entry in exclusive mode", transaction: stalled._lock);
        return stalled;
    }

    public async ValueTask DisposeAsync()
    {
        await _lock!.RollbackAsync();
        await _connection.DisposeAsync();
    }
}
