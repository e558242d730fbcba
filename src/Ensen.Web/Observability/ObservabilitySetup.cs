using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Wallet;
using OpenTelemetry.Metrics;

namespace Ensen.Web.Observability;

/// <summary>
/// For whoever watches the node: is it alive, may it get traffic, what does it count; and what it does when it is busy or stops.
/// </summary>
static class ObservabilitySetup
{
    public static void AddObservability(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<StorageMeter>().AddSingleton<WalletMeter>().AddSingleton<Readiness>();
        services.AddSingleton(_ => Metrics.Begin());
        services.AddHostedService<Telemetry>().AddHostedService<GracefulShutdown>();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = GracefulShutdown.AtMost - GracefulShutdown.LedgerAtMost);
    }

    /// <summary>Before anybody is asked who they are: who must be refused is refused cheaply.</summary>
    public static void UseObservability(this WebApplication app)
    {
        var ledger = app.Services.GetRequiredService<GeneralLedger>();
        var settings = app.Services.GetRequiredService<Settings>();
        ledger.MostWait = settings.PaymentsWait; // From now on: the demo town was made by then, in its own time.
        var stopping = app.Lifetime.ApplicationStopping;
        if (Telemetry.IsWanted)
            app.Use(next => context => Telemetry.Name(context, next));
        app.Use(next => context => GracefulShutdown.Refuse(context, next, stopping));
        app.Use(next => context => LoadShedding.TurnAway(context, next, ledger, settings));
    }

    public static void MapObservability(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("alive")).WithPriority(RequestPriority.Essential).ExcludeFromDescription();
        app.MapGet("/health/ready", Ready).WithPriority(RequestPriority.Essential).ExcludeFromDescription();
        app.MapPrometheusScrapingEndpoint("/metrics", app.Services.GetRequiredService<MeterProvider>(), null, null)
            .WithPriority(RequestPriority.Essential);
    }

    static async Task<IResult> Ready(HttpContext context, Readiness readiness, CancellationToken ct)
    {
        context.Response.Headers.CacheControl = "no-store";
        var answer = await readiness.Ask(ct);
        return Results.Json(answer, ReadyJson.Default.ReadyAnswer, statusCode: answer.Ready ? StatusCodes.Status200OK
            : StatusCodes.Status503ServiceUnavailable);
    }
}
