using System.Globalization;
using System.Text;
using ZXing.OneD;

namespace Ensen.Formats;

/// <summary>The bar code of a shown code: Code 128 (ISO/IEC 15417), digits packed in pairs, any other printable ASCII one by one.</summary>
public static class Code128
{
    /// <summary>Modules of white that a scanner needs on either side.</summary>
    public const int QuietZone = 10;

    /// <summary>The widths in modules of bars and spaces in turn, a bar first, without the quiet zones.</summary>
    public static IReadOnlyList<int> Widths(string text)
    {
        // The library would take control characters and its own signs for functions too.
        if (text.Length == 0 || text.Any(letter => letter is < ' ' or > '~'))
            throw new ArgumentException("A bar code holds printable ASCII, at least one character.", nameof(text));

        var widths = new List<int>();
        for (var modules = new Code128Writer().encode(text).AsSpan(); modules.Length > 0; modules = modules[widths[^1]..])
            widths.Add(modules.IndexOf(!modules[0]) is > 0 and var width ? width : modules.Length);

        return widths;
    }

    /// <summary>
    /// A picture of one path that stays crisp at any size: one unit a module wide, quiet zones included, black on white also where the page
    /// is dark.
    /// </summary>
    /// <param name="label">What a screen reader says in its place.</param>
    public static string Svg(string text, string label, int height = 50)
    {
        var bars = new StringBuilder();
        var at = QuietZone;
        var isBar = true;
        foreach (var width in Widths(text))
        {
            if (isBar)
                bars.Append(CultureInfo.InvariantCulture, $"M{at} 0h{width}v{height}h-{width}z");

            at += width;
            isBar = !isBar;
        }

        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {at + QuietZone} {height}" preserveAspectRatio="none" shape-rendering="crispEdges" role="img" aria-label="{System.Net.WebUtility.HtmlEncode(label)}"><path fill="#fff" d="M0 0h{at + QuietZone}v{height}H0z"/><path d="{bars}"/></svg>
            """);
    }
}
