using System.Diagnostics.Metrics;

namespace Ensen.Web.Observability;

/// <summary>What the edge counts: who listens live, and which problems were answered.</summary>
static class WebMeter
{
    static readonly Meter s_meter = new("Ensen.Web");
    static readonly UpDownCounter<int> s_listening = s_meter.CreateUpDownCounter<int>(
        "ensen.live.clients", null, "Live streams (tills, members' pages) that are open on this node.");
    static readonly Counter<long> s_problems = s_meter.CreateCounter<long>(
        "ensen.problems", null, "Problems that the API answered, by the contract's code.");

    /// <summary>Says that nobody listens yet: a gauge that is not there looks like one that broke.</summary>
    public static void Begin() => s_listening.Add(0);

    /// <summary>Somebody listens until this is disposed.</summary>
    public static IDisposable Listens()
    {
        s_listening.Add(1);
        return new Subscription();
    }

    public static void Answered(string code) => s_problems.Add(1, new KeyValuePair<string, object?>("code", code));

    sealed class Subscription : IDisposable
    {
        public void Dispose() => s_listening.Add(-1);
    }
}
