using Microsoft.Playwright;

namespace Ensen.Browser.Support;

/// <summary>
/// Every screen is looked at on a phone and on a desk, light and dark: four pictures in TestResults/screens, and axe on each of the four.
/// The engine below changes nothing that is drawn, so on PostgreSQL one look tells whether it is drawn at all.
/// </summary>
public static class Screens
{
    public static ViewportSize Phone => new() { Width = 390, Height = 844 };
    public static ViewportSize Desktop => new() { Width = 1280, Height = 800 };

    /// <summary>
    /// Saves NAME-390x844-light.png and its three siblings, and fails if axe finds anything on one of them or if one is wider than its
    /// screen, in whatever state the page is looked at.
    /// </summary>
    public static async Task Look(this IPage page, string name, bool wholePage = false)
    {
        var before = page.ViewportSize;
        var findings = new List<string>();
        var again = TestContext.Current.TestClass?.TestClassSimpleName.EndsWith(nameof(OnPostgres), StringComparison.Ordinal) == true;
        foreach (var size in again ? [Phone] : new[] { Phone, Desktop })
        {
            await page.SetViewportSizeAsync(size.Width, size.Height);
            foreach (var theme in again ? [ColorScheme.Light] : new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = theme });
                var screen = $"{name}-{size.Width}x{size.Height}-{(theme == ColorScheme.Light ? "light" : "dark")}";
                await page.ScreenshotAsync(
                    new()
                    {
                        Path = Path.Combine(Repository.Screens, again ? "postgres" : "", $"{screen}.png"),
                        FullPage = wholePage,
                        Animations = ScreenshotAnimations.Disabled
                    });
                findings.AddRange((await page.Axe()).Select(finding => $"{screen}: {finding}"));
                if (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") is var tooWide and > 0)
                    findings.Add($"{screen}: {tooWide} px wider than the screen");
            }
        }

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Null });
        if (before is not null)
            await page.SetViewportSizeAsync(before.Width, before.Height);
        string.Join('\n', findings).ShouldBeEmpty($"something was found on {name}");
    }
}
