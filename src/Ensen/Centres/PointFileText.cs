using System.Globalization;
using System.Text;
using Ensen.Basics;
using Ensen.Wallet;

namespace Ensen.Centres;

/// <summary>What is wrong with a line of a till's file; in small letters with underscores it is the answer's code.</summary>
public enum PointFileFault
{
    None = 0,
    Empty = 1,

    /// <summary>Bytes that are no UTF-8: another encoding.</summary>
    NotUtf8 = 2,
    WrongHeader = 3,
    WrongFields = 4,
    InvalidCode = 5,
    InvalidAmount = 6,
    InvalidReceipt = 7,

    /// <summary>The receipt stands in an earlier line, in another file, or was booked otherwise.</summary>
    DuplicateReceipt = 8,

    /// <summary>The last line counts or adds up to something else than stands above it.</summary>
    WrongTotal = 9,

    /// <summary>The line with the total is missing: part of the file did not arrive.</summary>
    Truncated = 10,
    TooManyLines = 11,

    /// <summary>A purchase too small for a point: the line is taken, and brings none.</summary>
    NoPoint = 12,

    /// <summary>The till booked the receipt itself and cancelled it: the line is taken, and brings no points again.</summary>
    Cancelled = 13,
}

/// <summary>A line that is wrong, counted from 1 as an editor does.</summary>
public sealed record PointFileRefusal(int Line, PointFileFault Fault);

/// <summary>A line as it is written.</summary>
public sealed record PointFileLine(int Line, string Code, Yen Amount, string Receipt);

/// <summary>
/// The text of a till's file, UTF-8 with or without a mark, lines ended by LF or CRLF: a header <c>code,amount,receipt</c>, a line for each
/// award, and last <c>total,SUM,COUNT</c>, which shows that all of it arrived.
/// </summary>
public sealed record PointFileText(IReadOnlyList<PointFileLine> Lines, IReadOnlyList<PointFileRefusal> Refused)
{
    public const int MostLines = 200_000;
    const string Header = "code,amount,receipt";
    const string Total = "total";
    static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public Yen Sum => Lines.Aggregate(Yen.Zero, (sum, line) => sum + line.Amount);

    public static PointFileText Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xEF, 0xBB, 0xBF, .. var unmarked])
            bytes = unmarked;
        string text;
        try
        {
            text = s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            return Whole(bytes[..Math.Max(0, Math.Min(e.Index, bytes.Length))].Count((byte)'\n') + 1, PointFileFault.NotUtf8);
        }
        var lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        if (text.Trim().Length == 0) return Whole(1, PointFileFault.Empty);
        if (lines[0].Trim() != Header) return Whole(1, PointFileFault.WrongHeader);
        if (lines.Length > MostLines + 2) return Whole(MostLines + 2, PointFileFault.TooManyLines);
        return Body(lines);
    }

    static PointFileText Body(string[] lines)
    {
        var (read, refused, receipts) = (new List<PointFileLine>(), new List<PointFileRefusal>(), new HashSet<string>());
        var last = lines[^1].Split(',');
        var hasTotal = lines.Length > 1 && last[0].Trim() == Total;
        for (var i = 1; i < lines.Length - (hasTotal ? 1 : 0); i++)
        {
            var (line, fault) = Line(i + 1, lines[i].Split(','));
            if (line is not null && !receipts.Add(line.Receipt))
                (line, fault) = (null, PointFileFault.DuplicateReceipt);
            if (line is not null)
                read.Add(line);
            else
                refused.Add(new PointFileRefusal(i + 1, fault));
        }
        var file = new PointFileText(read, refused);
        if (!hasTotal)
            refused.Add(new PointFileRefusal(lines.Length, PointFileFault.Truncated));
        else if (refused.Count == 0 && !(last.Length == 3 && Whole(last[1]) == file.Sum.Value && Whole(last[2]) == read.Count))
            refused.Add(new PointFileRefusal(lines.Length, PointFileFault.WrongTotal));
        else if (read.Count == 0 && refused.Count == 0)
            refused.Add(new PointFileRefusal(lines.Length, PointFileFault.Empty));
        return file;
    }

    static (PointFileLine? Line, PointFileFault Fault) Line(int number, string[] fields)
    {
        if (fields.Length != 3) return (null, PointFileFault.WrongFields);
        if (fields[0].Trim() is not { Length: > 0 and <= 64 } code) return (null, PointFileFault.InvalidCode);
        if (Whole(fields[1]) is not { } amount || !Movement.IsAmount(amount)) return (null, PointFileFault.InvalidAmount);
        if (fields[2].Trim() is not { } receipt || !CentreReceipt.IsFine(receipt)) return (null, PointFileFault.InvalidReceipt);
        return (new PointFileLine(number, code, new Yen(amount), receipt), PointFileFault.None);
    }

    static PointFileText Whole(int line, PointFileFault fault) => new([], [new PointFileRefusal(line, fault)]);

    /// <summary>Digits and nothing else: a program wrote them.</summary>
    static long? Whole(string text) =>
        text.Trim() is { Length: > 0 and <= 18 } digits
        && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
