using System.Diagnostics;
using System.Globalization;

namespace Ensen.Sandbox.Town;

/// <summary>What a person sees in the console at a first start: that the town was made.</summary>
static class TownStart
{
    public static async Task Make(DemoTown town, CancellationToken ct)
    {
        var since = Stopwatch.GetTimestamp();
        if (await town.Make(ct) == TownMaking.Made)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"A demo town was made: {ShopPlans.All.Count} shops, {Residents.All.Count} members, three months ({Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s)."));
    }
}
