using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ensen.Web.Watching;

/// <summary>Sends spans and metrics to a collector when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where it is. Otherwise nobody listens and no span is made.</summary>
sealed class Telemetry : IHostedService, IDisposable
{
    const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    TracerProvider? _traces;
    MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Endpoint)))
            return Task.CompletedTask;
        var node = ResourceBuilder.CreateDefault().AddService("ensen", serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}").AddEnvironmentVariableDetector();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(node).AddSource("Microsoft.AspNetCore", "Npgsql", "Ensen.*").AddOtlpExporter().Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(node)
            .AddMeter("Ensen.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime").AddOtlpExporter().Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The last spans are sent, if the collector takes them soon.</summary>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}
