using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Ensen.Basics;
using Ensen.Wallet;

namespace Ensen.Businesses;

/// <summary>What is wrong with a row of a file of transfers; in small letters with underscores it is the answer's code.</summary>
public enum TransferFileFault
{
    None = 0,
    Empty = 1,

    /// <summary>Bytes that are no UTF-8: Shift_JIS, as a spreadsheet saves by itself.</summary>
    NotUtf8 = 2,
    WrongHeader = 3,

    /// <summary>Not a payee, an amount and a text.</summary>
    WrongFields = 4,
    InvalidAmount = 5,

    /// <summary>Above what the law allows in one transfer.</summary>
    OverLimit = 6,
    InvalidText = 7,

    /// <summary>Nobody on the company's list of payees has this number.</summary>
    UnknownPayee = 8,

    /// <summary>On the list, and not confirmed by a second person.</summary>
    UnconfirmedPayee = 9,

    /// <summary>The last row counts or adds up to something else than stands above it.</summary>
    WrongTotal = 10,

    /// <summary>The row with the total is missing: part of the file did not arrive.</summary>
    Truncated = 11,
    TooManyLines = 12,
}

/// <summary>A row of the file, counted from 1 as an editor does; what could not be read is null.</summary>
public sealed record TransferFileRow(int Row, string To, Yen? Amount, string Text, TransferFileFault Fault);

/// <summary>
/// The text of a file of transfers, UTF-8 with or without a mark, rows ended by LF or CRLF: a header <c>to,amount,text</c>, a row for each
/// transfer (the text is what follows the second comma), and last <c>total,SUM,COUNT</c>, which shows that all of it arrived. Each field
/// may stand in quotation marks, as spreadsheets write it.
/// </summary>
/// <param name="Fault">What is wrong with the whole; None where only rows are.</param>
public sealed partial record TransferFileText(IReadOnlyList<TransferFileRow> Rows, TransferFileFault Fault, int FaultRow)
{
    public const int MostBytes = 512 * 1024;
    const string TotalWord = "total";
    static readonly string[] s_header = ["to", "amount", "text"];
    static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public Yen Total => Rows.Aggregate(Yen.Zero, (sum, row) => sum + (row.Amount ?? Yen.Zero));

    /// <summary>
    /// The letters of the file; null when they are no UTF-8. Neither is what has a NUL: UTF-16 without its mark can be read as that.
    /// </summary>
    public static string? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xEF, 0xBB, 0xBF, .. var unmarked])
            bytes = unmarked;
        try
        {
            return bytes.Contains((byte)0) ? null : s_strict.GetString(bytes).ReplaceLineEndings("\n").TrimEnd('\n');
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    public static TransferFileText Read(string? content)
    {
        if (content is null) return Whole(TransferFileFault.NotUtf8, 1);
        if (content.Trim().Length == 0) return Whole(TransferFileFault.Empty, 1);
        var lines = content.Split('\n');
        if (Fields(lines[0]) is not { } header || !header.SequenceEqual(s_header)) return Whole(TransferFileFault.WrongHeader, 1);
        if (lines.Length > BusinessTransfers.MostLines + 2) return Whole(TransferFileFault.TooManyLines, BusinessTransfers.MostLines + 2);
        var total = Fields(lines[^1]);
        if (lines.Length < 2 || total?[0] != TotalWord)
            return Body(lines[1..]) with { Fault = TransferFileFault.Truncated, FaultRow = lines.Length };
        var file = Body(lines[1..^1]);
        if (file.Rows.Count == 0) return file with { Fault = TransferFileFault.Empty, FaultRow = 1 };
        return Number(total[1]) == file.Total.Value && Number(total[2]) == file.Rows.Count
            ? file : file with { Fault = TransferFileFault.WrongTotal, FaultRow = lines.Length };
    }

    static TransferFileText Body(string[] lines) => new([.. lines.Select((line, i) => Row(i + 2, line))], TransferFileFault.None, 0);

    static TransferFileRow Row(int row, string line)
    {
        if (Fields(line) is not [var to, var amount, var text])
            return new TransferFileRow(row, line.Split(',')[0].Trim(), null, "", TransferFileFault.WrongFields);
        if (Number(amount) is not { } yen || !Movement.IsAmount(yen))
            return new TransferFileRow(row, to, null, text, TransferFileFault.InvalidAmount);
        var fault = yen > BusinessRules.MostOfOne ? TransferFileFault.OverLimit
            : !NoteText.IsFine(text, MakeBusinessTransfer.LongestText) ? TransferFileFault.InvalidText : TransferFileFault.None;
        return new TransferFileRow(row, to, new Yen(yen), text, fault);
    }

    /// <summary>The three of a line; null when there are not three.</summary>
    static string[]? Fields(string line) =>
        Three().Match(line) is { Success: true } found ? [.. found.Groups.Values.Skip(1).Select(g => Unquoted(g.Value.Trim()))] : null;

    /// <summary>As spreadsheets write a field that has a comma or a quotation mark.</summary>
    static string Unquoted(string text) =>
        text is ['"', .. var inner, '"'] ? inner.Replace("\"\"", "\"", StringComparison.Ordinal) : text;

    static TransferFileText Whole(TransferFileFault fault, int row) => new([], fault, row);

    /// <summary>Digits and nothing else: a program wrote them.</summary>
    static long? Number(string text) =>
        text.Trim() is { Length: > 0 and <= 18 } digits
        && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    [GeneratedRegex("""^(\s*"(?:[^"]|"")*"\s*|[^,"]*),(\s*"(?:[^"]|"")*"\s*|[^,"]*),(.*)$""")]
    private static partial Regex Three();
}
