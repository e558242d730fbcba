using Microsoft.Playwright;

namespace Ensen.Browser.Support;

/// <summary>What one load of a page cost on a slow phone, cold. Milliseconds from the touch; shift as the browser counts it.</summary>
sealed record Load(double Code, double Ready, double Shift, long Bytes, int Requests, IReadOnlyList<string> Late,
    IReadOnlyList<string> Moved);

/// <summary>A phone that is four times slower than this machine, on slow 4G: 150 ms there and back, 1.6 Mbit/s.</summary>
static class SlowPhone
{
    const string Ready = "this page is awake";

    const string Watch = $$"""
        window.seen = { code: 0, ready: 0, shift: 0 };
        window.moved = [];
        document.addEventListener('live:state', ({ detail }) => moved.push(`live:state ${detail} (${Math.round(performance.now())} ms)`));
        new PerformanceObserver(list => {
          for (const entry of list.getEntries()) {
            if (entry.hadRecentInput) continue;
            seen.shift += entry.value;
            for (const { node, previousRect: from, currentRect: to } of entry.sources) {
              moved.push(`${node && (node.outerHTML || node.textContent).slice(0, 120)} (${Math.round(entry.startTime)} ms, `
                + `${from.x},${from.y} ${from.width}x${from.height} -> ${to.x},${to.y} ${to.width}x${to.height})`);
            }
          }
        }).observe({ type: 'layout-shift', buffered: true });
        const frame = () => {
          if (!seen.code && document.querySelector('.code .digits')) return requestAnimationFrame(now => { seen.code = now; });
          requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
        new MutationObserver(() => {
          if (seen.ready || !document.documentElement.hasAttribute('data-awake')) return;
          seen.ready = performance.now();
          // Two frames later, so that what being ready moved is counted.
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => console.debug('{{Ready}}'))));
        }).observe(document, { attributes: true, childList: true, subtree: true });
        """;

    /// <summary>A script that came later than the page's head said: one more way there and back.</summary>
    const string Late = """
        () => {
          const said = [...document.head.querySelectorAll('link[rel=modulepreload], script[src]')].map(element => element.href || element.src);
          return performance.getEntriesByType('resource').map(entry => entry.name).filter(name => /\.js$/.test(name) && !said.includes(name));
        }
        """;

    /// <summary>Opens a page in a browser that was never there.</summary>
    public static async Task<Load> LoadSlowly(this Chrome chrome, string address, string path, Cookie? cookie = null, bool slow = true)
    {
        await using var visitor = await chrome.Visit(address);
        if (cookie is not null)
            await visitor.Context.AddCookiesAsync([cookie]);
        await visitor.Context.AddInitScriptAsync(Watch);
        var page = visitor.Page;
        var tools = await visitor.Context.NewCDPSessionAsync(page);
        long bytes = 0;
        var requests = 0;
        tools.Event("Network.loadingFinished").OnEvent += (_, what) =>
        {
            bytes += (long)(what?.GetProperty("encodedDataLength").GetDouble() ?? 0);
            requests++;
        };
        await tools.SendAsync("Network.enable");
        if (slow)
        {
            await tools.SendAsync("Network.emulateNetworkConditions", new()
            {
                ["offline"] = false,
                ["latency"] = 150,
                ["downloadThroughput"] = 1_600_000 / 8,
                ["uploadThroughput"] = 750_000 / 8,
            });
            await tools.SendAsync("Emulation.setCPUThrottlingRate", new() { ["rate"] = 4 });
        }
        // The page says by itself when it is ready. Whatever is evaluated on a page counts there as a touch: a till that was asked hid its
        // hint about sound, which stands until a first touch, and seemed to jump.
        await page.RunAndWaitForConsoleMessageAsync(() => page.GotoAsync(path, new() { Timeout = 60_000 }),
            new() { Predicate = message => message.Text == Ready, Timeout = 60_000 });
        var seen = await page.EvaluateAsync<Dictionary<string, double>>("() => seen");
        return new Load(seen["code"], seen["ready"], seen["shift"], bytes, requests, await page.EvaluateAsync<string[]>(Late),
            [.. await page.EvaluateAsync<string[]>("() => moved"), .. visitor.Complaints]);
    }
}
