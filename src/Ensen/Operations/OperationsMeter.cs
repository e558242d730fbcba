using System.Diagnostics.Metrics;

namespace Ensen.Operations;

/// <summary>What operators do that somebody should look at.</summary>
public sealed class OperationsMeter : IDisposable
{
    readonly Meter _meter = new("Ensen.Operations");
    readonly Counter<long> _manySearches;
    readonly Counter<long> _manyViews;

    public OperationsMeter()
    {
        _manySearches = _meter.CreateCounter<long>(
            "ensen.console.many_searches", null, "Searches of members by an operator who had searched much within the hour.");
        _manyViews = _meter.CreateCounter<long>(
            "ensen.console.many_views", null, "Profiles opened by an operator who had opened those of many members within a day.");
    }

    /// <summary>An operator searched, and had searched often within the hour.</summary>
    public void ManySearches() => _manySearches.Add(1);

    /// <summary>An operator opened a profile, and had opened those of many members within a day.</summary>
    public void ManyViews() => _manyViews.Add(1);

    public void Dispose() => _meter.Dispose();
}
