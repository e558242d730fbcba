using System.Diagnostics;

namespace Ensen.Tests.Chaos;

/// <summary>Waiting for a thing, never for a time; a limit only so that what never comes is told.</summary>
static class Until
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    public static async Task Seen(Func<bool> thing, Func<string> name)
    {
        for (var waited = Stopwatch.StartNew(); !thing(); await Task.Delay(5))
            if (waited.Elapsed > s_patience)
                throw new TimeoutException($"Waited {s_patience.TotalSeconds} s for {name()}.");
    }
}
