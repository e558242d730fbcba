namespace Ensen.Web.Start;

/// <summary>What a person sees in the console at start: where to go.</summary>
static class StartLinks
{
    /// <summary>Prints each role's address once the server listens.</summary>
    public static void PrintLinks(this WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        var at = app.Urls.FirstOrDefault()?.TrimEnd('/') ?? "";
        var sandbox = app.Services.GetRequiredService<Settings>().Sandbox;
        Console.WriteLine(
            $"""

              Member    {at}/
              Till      {at}/till
              Points    {at}/point-till
              Shop      {at}/shop
              Console   {at}/console{(sandbox ? $"\n  Sandbox   {at}/sandbox" : "")}

            """);
    });
}
