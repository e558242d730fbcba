using Microsoft.Playwright;

namespace Ensen.Browser.Support;

/// <summary>Somebody else's judge of accessibility: axe-core with the rules of WCAG 2.2 AA and its best practices.</summary>
public static class AxeJudge
{
    static readonly Lazy<string> s_script = new(() => File.Exists(Repository.AxeScript)
        ? File.ReadAllText(Repository.AxeScript)
        : throw new InvalidOperationException("axe-core is not installed: run ./test, or npm ci in tests/Ensen.Browser."));

    const string Run = """
        async () => {
          const found = await axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
            resultTypes: ['violations'],
          });
          return found.violations.flatMap(v => v.nodes.map(n => `${v.id} (${v.help}): ${n.html} ${n.failureSummary ?? ''}`));
        }
        """;

    /// <summary>One line a finding; none is the only good answer.</summary>
    public static async Task<IReadOnlyList<string>> Axe(this IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => typeof axe === 'object'"))
            await page.EvaluateAsync(s_script.Value);
        return await page.EvaluateAsync<string[]>(Run);
    }
}
