using Ensen.Browser.Support;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chrome))]

namespace Ensen.Browser.Support;

/// <summary>
/// The machine's own Chromium, driven by Playwright; one browser for the whole run, a fresh context for each visitor. Where it is installed
/// Chromium's headless shell is taken: the same engine draws and runs the page, without the window around it, which costs more than most
/// pages. The whole browser walks through the real installation (tests/installation).
/// </summary>
public sealed class Chrome : IAsyncLifetime
{
    IPlaywright? _playwright;
    IBrowser? _browser;

    const float Patience = 15_000; // Milliseconds.

    static readonly string[] s_flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
        // A camera and a microphone that need no person to allow them; tests that show a picture launch a browser of their own.
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    ];

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        _browser = await Launch();
    }

    /// <summary>A browser of one's own, for flags the shared one does not have (such as the video its camera sees).</summary>
    public async Task<IBrowser> Launch(params string[] moreFlags) => await _playwright!.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Executable(),
        Headless = true,
        Args = [.. s_flags, .. moreFlags],
    });

    /// <summary>Somebody with a browser nobody used before: own cookies, own storage, a phone unless told otherwise.</summary>
    public async Task<Visitor> Visit(string address, string language = "ja-JP", bool phone = true, bool script = true,
        IBrowser? browser = null, float scale = 1)
    {
        var context = await (browser ?? _browser!).NewContextAsync(new()
        {
            BaseURL = address,
            Locale = language,
            TimezoneId = "Asia/Tokyo",
            ViewportSize = phone ? Screens.Phone : Screens.Desktop,
            HasTouch = phone,
            DeviceScaleFactor = scale,
            JavaScriptEnabled = script,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        return new Visitor(context, await context.NewPageAsync());
    }

    static string Executable()
    {
        string[] names = Environment.GetEnvironmentVariable("ENSEN_CHROMIUM") is { Length: > 0 } chosen ? [chosen]
            : ["chromium-headless-shell", "chromium"];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Prepend("/usr/bin");
        return names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                $"There is no {names[0]} on this machine: run ./test, or install Debian's chromium-headless-shell or chromium, or set ENSEN_CHROMIUM.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
