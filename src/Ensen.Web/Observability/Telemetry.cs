using Microsoft.AspNetCore.Http.Features;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ensen.Web.Observability;

/// <summary>
/// Sends spans to a collector (<see cref="Metrics"/> go there too) when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where it is. Otherwise
/// nobody listens and no span is made.
/// </summary>
sealed class Telemetry : IHostedService, IDisposable
{
    const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static bool IsWanted => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Endpoint));

    TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!IsWanted)
            return Task.CompletedTask;
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Node()).AddSource("Microsoft.AspNetCore", "Npgsql", "Ensen.*")
            .AddOtlpExporter().Build();
        return Task.CompletedTask;
    }

    /// <summary>What a collector knows this process by.</summary>
    public static ResourceBuilder Node() =>
        ResourceBuilder.CreateDefault().AddService("ensen", serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}")
            .AddEnvironmentVariableDetector();

    /// <summary>The platform's span of a request has neither a name nor a result before .NET 11: it gets them here.</summary>
    public static async Task Name(HttpContext context, RequestDelegate next)
    {
        var span = context.Features.Get<IHttpActivityFeature>()?.Activity;
        try
        {
            await next(context);
        }
        finally
        {
            if (span is { IsAllDataRequested: true })
            {
                var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
                span.DisplayName = $"{context.Request.Method} {route}".TrimEnd();
                span.SetTag("http.request.method", context.Request.Method).SetTag("http.route", route).SetTag(
                    "http.response.status_code", context.Response.StatusCode);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The last spans are sent, if the collector takes them soon.</summary>
    public void Dispose() => _traces?.Dispose();
}
