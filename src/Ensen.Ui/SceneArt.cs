using System.Collections.Frozen;
using System.Globalization;
using Ensen.Ui.Scenes;

namespace Ensen.Ui;

/// <summary>
/// Draws a shop's picture as SVG text: what it sells on a counter, under an awning, a curtain or the sky, in the shop's own colours.
/// </summary>
public static class SceneArt
{
    /// <summary>Eight palettes under three skies: seeds 0 to 23 are all different.</summary>
    public const int Seeds = 24;

    private sealed record Palette(string Wall, string Counter, string Accent, string Second);

    private static readonly Palette[] Palettes =
    [
        new("#f3dcc0", "#b9835a", "#bf4316", "#1d3c6a"),
        new("#cfe3da", "#7f9c84", "#1c7553", "#d98a3d"),
        new("#d5def0", "#8794b8", "#1d3c6a", "#d5683f"),
        new("#f4d9d3", "#b57f78", "#9c2f3f", "#2f6f6a"),
        new("#efe3b8", "#a9945a", "#8a6a10", "#2d5d7c"),
        new("#dcd6ea", "#8f82a8", "#5b3a7d", "#c98a2b"),
        new("#cde4ea", "#6f98a5", "#0f6270", "#c9533a"),
        new("#e9e2d6", "#9b8b78", "#6b4423", "#1c7553"),
    ];

    private static readonly string[] Skies =
    [
        """<circle cx="122" cy="44" r="20" fill="#fff" opacity=".5"/>""",
        """<path d="M0 92V66q22-20 46-4 26-26 58-2 28-18 56 8v24z" fill="#fff" opacity=".45"/>""",
        """<path d="M0 92V60h20V48h22v20h14V54h26v16h18V44h24v18h18V54h18v38z" fill="#fff" opacity=".4"/>""",
    ];

    private static readonly FrozenDictionary<string, Drawing> Drawings =
        Food.Drawings.Concat(Eating.Drawings).Concat(Goods.Drawings).Concat(Places.Drawings).ToFrozenDictionary();

    public static IReadOnlyCollection<string> Categories => Drawings.Keys;

    /// <summary>Where the picture is served. The same store always gets the same seed; a category nobody drew shows a parcel.</summary>
    public static string Address(string category, Guid store)
    {
        var seed = store.ToByteArray(bigEndian: true).Aggregate(0, (sum, b) => (sum * 31 + b) % Seeds);
        return string.Create(CultureInfo.InvariantCulture, $"/scenes/{(Drawings.ContainsKey(category) ? category : "shop")}-{seed}.svg");
    }

    /// <summary>The picture itself, 160 by 120, under 2 KB.</summary>
    public static string Svg(string category, int seed)
    {
        var drawing = Drawings.GetValueOrDefault(category) ?? Drawings["shop"];
        var palette = Palettes[Math.Abs(seed) % Palettes.Length];
        var sky = Skies[Math.Abs(seed) / Palettes.Length % Skies.Length];
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 120"><path fill="$w" d="M0 0h160v120H0z"/>{sky}<path fill="$t" d="M0 92h160v28H0z"/><path opacity=".12" d="M0 92h160v3H0z"/>{drawing.Things}{Roof(drawing.Roof)}</svg>
            """
            .Replace("$w", palette.Wall, StringComparison.Ordinal)
            .Replace("$t", palette.Counter, StringComparison.Ordinal)
            .Replace("$a", palette.Accent, StringComparison.Ordinal)
            .Replace("$b", palette.Second, StringComparison.Ordinal)
            .Replace("$p", "#fffdf9", StringComparison.Ordinal)
            .Replace("$k", "#2b2521", StringComparison.Ordinal);
    }

    private static string Roof(Roof roof) => roof switch
    {
        Scenes.Roof.Awning =>
            """<path fill="$p" d="M0 0h160v16a8 8 0 0 1-16 0 8 8 0 0 1-16 0 8 8 0 0 1-16 0 8 8 0 0 1-16 0 8 8 0 0 1-16 0 8 8 0 0 1-16 0 8 8 0 0 1-16 0 8 8 0 0 1-16 0 8 8 0 0 1-16 0 8 8 0 0 1-16 0z"/><path fill="$a" d="M0 0h16v16a8 8 0 0 1-16 0zM32 0h16v16a8 8 0 0 1-16 0zM64 0h16v16a8 8 0 0 1-16 0zM96 0h16v16a8 8 0 0 1-16 0zM128 0h16v16a8 8 0 0 1-16 0z"/>""",
        Scenes.Roof.Curtain =>
            """<path fill="$k" d="M0 3h160v3H0z"/><path fill="$a" d="M4 5h36.5v23H4zM42 5h37v23H42zM81 5h37v23H81zM119.5 5H156v23h-36.5z"/><circle cx="80" cy="16" r="6" fill="$p"/><circle cx="22" cy="16" r="4" fill="$p" opacity=".5"/><circle cx="138" cy="16" r="4" fill="$p" opacity=".5"/>""",
        Scenes.Roof.Open => "",
        _ => throw new ArgumentOutOfRangeException(nameof(roof)),
    };
}
