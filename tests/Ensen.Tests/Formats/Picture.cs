using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Ensen.Ui;

namespace Ensen.Tests.Formats;

/// <summary>A picture in black and white, as a camera would see a code.</summary>
internal sealed partial class Picture(int width, int height)
{
    private readonly bool[,] _black = new bool[width, height];

    /// <summary>Draws the rectangles of one of our SVG bar codes; so the markup itself is judged, not what it was made from.</summary>
    public static Picture OfBars(string svg, int scale)
    {
        var box = ViewBox().Match(svg);
        var picture = new Picture(scale * Number(box, 1), scale * Number(box, 2));
        foreach (Match bar in Bar().Matches(svg))
            picture.Fill(scale * Number(bar, 1), 0, scale * Number(bar, 2), scale * Number(bar, 3));

        return picture;
    }

    /// <summary>Draws a text as QR with what the pages draw with.</summary>
    public static Picture OfQr(string text, int scale)
    {
        using var qr = QrSvg.Draw(text);
        var rows = qr.ModuleMatrix;   // the four modules of white are part of it
        var picture = new Picture(scale * rows.Count, scale * rows.Count);
        for (var y = 0; y < rows.Count; y++)
            for (var x = 0; x < rows.Count; x++)
                if (rows[y][x])
                    picture.Fill(scale * x, scale * y, scale, scale);

        return picture;
    }

    /// <summary>A photograph: one byte a pixel, row by row, 0 for black.</summary>
    public static Picture OfPixels(int width, int height, ReadOnlySpan<byte> grey)
    {
        var picture = new Picture(width, height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                picture._black[x, y] = grey[y * width + x] < 128;

        return picture;
    }

    /// <summary>The portable grey map that the judges read.</summary>
    public byte[] Pgm()
    {
        var pixels = new byte[width * height];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                pixels[y * width + x] = (byte)(_black[x, y] ? 0 : 255);

        return [.. Encoding.ASCII.GetBytes($"P5\n{width} {height}\n255\n"), .. pixels];
    }

    private void Fill(int left, int top, int across, int down)
    {
        for (var x = left; x < left + across; x++)
            for (var y = top; y < top + down; y++)
                _black[x, y] = true;
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"viewBox=""0 0 (\d+) (\d+)""")]
    private static partial Regex ViewBox();

    [GeneratedRegex(@"M(\d+) 0h(\d+)v(\d+)h-\d+z")]
    private static partial Regex Bar();
}
