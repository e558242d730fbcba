using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Wallet;
using OpenTelemetry.Metrics;

namespace Ensen.Web.Watching;

/// <summary>For whoever watches the node: is it alive, may it get traffic, what does it count; and what it does when it is busy or stops.</summary>
static class WatchingSetup
{
    public static void AddWatching(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<StorageMeter>().AddSingleton<WalletMeter>().AddSingleton<Readiness>();
        services.AddSingleton(_ => Metrics.Begin());
        services.AddHostedService<Telemetry>().AddHostedService<Stopping>();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = Stopping.AtMost - Stopping.LedgerAtMost);
    }

    /// <summary>Before anybody is asked who they are: who must be refused is refused cheaply.</summary>
    public static void UseWatching(this WebApplication app)
    {
        var ledger = app.Services.GetRequiredService<GeneralLedger>();
        var settings = app.Services.GetRequiredService<Settings>();
        ledger.MostWait = settings.PaymentsWait; // From now on: the demo town was made by then, in its own time.
        var stopping = app.Lifetime.ApplicationStopping;
        if (Telemetry.IsWanted)
            app.Use(next => context => Telemetry.Name(context, next));
        app.Use(next => context => Stopping.Refuse(context, next, stopping));
        app.Use(next => context => Busy.TurnAway(context, next, ledger, settings));
    }

    public static void MapWatching(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("alive")).Matters(Importance.Essential).ExcludeFromDescription();
        app.MapGet("/health/ready", Ready).Matters(Importance.Essential).ExcludeFromDescription();
        app.MapPrometheusScrapingEndpoint("/metrics", app.Services.GetRequiredService<MeterProvider>(), null, null).Matters(Importance.Essential);
    }

    static async Task<IResult> Ready(HttpContext context, Readiness readiness, CancellationToken ct)
    {
        context.Response.Headers.CacheControl = "no-store";
        var answer = await readiness.Ask(ct);
        return Results.Json(answer, ReadyJson.Default.ReadyAnswer, statusCode: answer.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
