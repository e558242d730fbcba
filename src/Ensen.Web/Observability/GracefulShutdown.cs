using Ensen.Web.Edge;
using Ensen.Web.Start;

namespace Ensen.Web.Observability;

/// <summary>
/// Stopping in order (SIGTERM): readiness says no and live streams end; for a moment whoever still comes is refused with "ask again" on a
/// connection that closes, so that load balancers and keep-alive clients go elsewhere without a request lost on its way; then the server
/// closes, what was taken is finished, the ledger's line is served, and the program ends with 0.
/// </summary>
sealed class GracefulShutdown(Settings settings) : IHostedLifecycleService
{
    /// <summary>All of it together takes no longer than this; a service manager should wait a little more before it kills.</summary>
    public static readonly TimeSpan AtMost = TimeSpan.FromSeconds(20);

    /// <summary>How long the ledger's line is served after the last request has ended.</summary>
    public static readonly TimeSpan LedgerAtMost = Ledger.LedgerModule.MostClosing;

    public static Task Refuse(HttpContext context, RequestDelegate next, CancellationToken stopping)
    {
        if (!stopping.IsCancellationRequested || context.Request.Path.StartsWithSegments("/health") || StartSetup.IsTelling(context))
            return next(context);
        context.Response.Headers.Connection = "close";
        return LoadShedding.Refuse(context, new Problem("try_again", LoadShedding.ComeAgain));
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.Delay(settings.Leave, CancellationToken.None);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
