using System.Globalization;
using System.Text;
using QRCoder;

namespace Ensen.Ui;

/// <summary>
/// Draws a QR as SVG text of one path: small on the wire, crisp at any size, black on white also where the page is dark. The text is in it
/// as UTF-8, and where it is more than ASCII an ECI says so: without one a reader guesses, and takes 大正パン for something else. Plain ASCII
/// has no ECI, for readers that never heard of it.
/// </summary>
public static class QrSvg
{
    /// <param name="label">What a screen reader says in its place.</param>
    public static string Of(string text, string label)
    {
        using var drawn = Draw(text);
        var rows = drawn.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
            for (var x = 0; x < rows.Count; x++)
            {
                if (!rows[y][x])
                    continue;
                var from = x;
                while (x + 1 < rows.Count && rows[y][x + 1])
                    x++;
                path.Append(CultureInfo.InvariantCulture, $"M{from} {y}h{x - from + 1}v1H{from}z");
            }
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {rows.Count} {rows.Count}" shape-rendering="crispEdges" role="img" aria-label="{System.Net.WebUtility.HtmlEncode(label)}"><path fill="#fff" d="M0 0h{rows.Count}v{rows.Count}H0z"/><path d="{path}"/></svg>
            """);
    }

    /// <summary>
    /// The picture itself, four modules of white around it. Left alone, the library writes ISO-8859-1 wherever the text fits into it.
    /// </summary>
    internal static QRCodeData Draw(string text) => QRCodeGenerator.GenerateQrCode(
        text, QRCodeGenerator.ECCLevel.M, forceUtf8: true, eciMode: Ascii.IsValid(text) ? QRCodeGenerator.EciMode.Default
            : QRCodeGenerator.EciMode.Utf8);
}
