using System.Diagnostics;
using System.Globalization;

namespace Ensen.Web.Sandbox.Town;

/// <summary>What a person sees in the console at start: that the town is being made, and where to go.</summary>
static class TownStart
{
    /// <summary>Makes the town if this node is to have one.</summary>
    public static async Task MakeTown(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<Settings>().DemoTown)
            return;
        var since = Stopwatch.GetTimestamp();
        var making = await app.Services.GetRequiredService<DemoTown>().Make(app.Lifetime.ApplicationStopping);
        if (making == TownMaking.Made)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"A demo town was made: {ShopPlans.All.Count} shops, {Residents.All.Count} members, three months ({Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s)."));
    }

    /// <summary>Prints each role's address once the server listens.</summary>
    public static void PrintLinks(this WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        var at = app.Urls.FirstOrDefault()?.TrimEnd('/') ?? "";
        var sandbox = app.Services.GetRequiredService<Settings>().Sandbox;
        Console.WriteLine(
            $"""

              Member    {at}/
              Till      {at}/till
              Shop      {at}/shop{(sandbox ? $"\n  Sandbox   {at}/sandbox" : "")}

            """);
    });
}
