using System.Globalization;
using System.Text;

namespace Ensen.Formats;

/// <summary>The bar code of a shown code: Code 128, digits packed in pairs, any other printable ASCII one by one.</summary>
/// <remarks>ISO/IEC 15417. A symbol is three bars and three spaces, together 11 modules wide; the stop symbol has a bar more and 13.</remarks>
public static class Code128
{
    /// <summary>Modules of white that a scanner needs on either side.</summary>
    public const int QuietZone = 10;

    private const int SwitchToC = 99;
    private const int SwitchToB = 100;
    private const int StartB = 104;
    private const int StartC = 105;
    private const int Stop = 106;

    // Table 1 of the standard: the widths of bar, space, bar, space, bar, space for the values 0 to 105, and the stop symbol.
    private static readonly string[] Symbols =
    [
        "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213",
        "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132",
        "221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
        "212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
        "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331",
        "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
        "314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214",
        "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
        "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
        "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141",
        "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
    ];

    /// <summary>The widths in modules of bars and spaces in turn, a bar first, without the quiet zones.</summary>
    public static IReadOnlyList<int> Widths(string text) =>
        [.. Values(text).SelectMany(value => Symbols[value]).Select(digit => digit - '0')];

    /// <summary>A picture of one path that stays crisp at any size: one unit a module wide, quiet zones included, black on white also where the page is dark.</summary>
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

    /// <summary>The symbol values from start to stop. Pairs (set C) are worth the change of set where four digits or more lie ahead.</summary>
    private static List<int> Values(string text)
    {
        if (text.Length == 0 || text.Any(letter => letter is < ' ' or > '~'))
            throw new ArgumentException("A bar code holds printable ASCII, at least one character.", nameof(text));

        var inPairs = DigitsAhead(text, 0) >= 4;
        var values = new List<int> { inPairs ? StartC : StartB };
        for (var at = 0; at < text.Length;)
        {
            var digits = DigitsAhead(text, at);
            if (inPairs != (digits >= (inPairs ? 2 : 4)))
                values.Add((inPairs = !inPairs) ? SwitchToC : SwitchToB);

            values.Add(inPairs ? (text[at] - '0') * 10 + (text[at + 1] - '0') : text[at] - ' ');
            at += inPairs ? 2 : 1;
        }

        values.Add(CheckSymbol(values));
        values.Add(Stop);
        return values;
    }

    private static int DigitsAhead(string text, int from) => text.AsSpan(from).IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : text.Length - from;

    /// <summary>Annex A: the start symbol once, and each symbol as often as its place says, modulo 103.</summary>
    private static int CheckSymbol(List<int> values) => (int)(values.Select((value, place) => (long)value * Math.Max(1, place)).Sum() % 103);
}
