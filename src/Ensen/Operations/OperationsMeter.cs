using System.Diagnostics.Metrics;

namespace Ensen.Operations;

/// <summary>What operators do that somebody should look at.</summary>
public sealed class OperationsMeter : IDisposable
{
    readonly Meter _meter = new("Ensen.Operations");
    readonly Counter<long> _manySearches;

    public OperationsMeter() => _manySearches = _meter.CreateCounter<long>(
        "ensen.console.many_searches", null, "Searches of members by an operator who had searched much within the hour.");

    /// <summary>An operator searched, and had searched often within the hour.</summary>
    public void ManySearches() => _manySearches.Add(1);

    public void Dispose() => _meter.Dispose();
}
