using CsvHelper;
using Ensen.Basics;

namespace Ensen.Ui;

/// <summary>
/// A table as a file that a spreadsheet opens: UTF-8 with its mark, comma separated, a row a line (RFC 4180). A text that a spreadsheet
/// would take for a formula is told to be a text; numbers and amounts are given as numbers, and may begin with a minus.
/// </summary>
public sealed class CsvText : IDisposable
{
    /// <summary>A Japanese spreadsheet reads these as it reads the narrow ones; the writer knows of narrow ones only.</summary>
    const string WideSigns = "＝＋－−＠\n";

    readonly MemoryStream _bytes = new();
    readonly CsvWriter _rows;

    public CsvText() =>
        _rows = CsvWriter.Create(_bytes, new CsvWriterOptions { WriteByteOrderMark = true, Injection = CsvInjection.Escape },
        leaveOpen: true);

    public void Row(params ReadOnlySpan<object?> fields)
    {
        foreach (var field in fields)
            _rows.WriteField(field switch
            {
                Yen yen => yen.Value,
                PointAmount points => points.Value,
                string { Length: > 0 } text when WideSigns.Contains(text[0], StringComparison.Ordinal) => "'" + text,
                _ => field,
            });
        _rows.EndRecord();
    }

    public IResult File(string name)
    {
        _rows.Flush();
        return Results.File(_bytes.ToArray(), "text/csv; charset=utf-8", name);
    }

    public void Dispose() => _rows.Dispose();
}
