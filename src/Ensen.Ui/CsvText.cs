using System.Globalization;
using System.Text;

namespace Ensen.Ui;

/// <summary>A table as a file that a spreadsheet opens: UTF-8 with its mark, comma separated, a row a line (RFC 4180).</summary>
public sealed class CsvText
{
    readonly StringBuilder _text = new();

    public void Row(params ReadOnlySpan<string> fields)
    {
        for (var i = 0; i < fields.Length; i++)
            _text.Append(i == 0 ? "" : ",").Append(Field(fields[i]));
        _text.Append("\r\n");
    }

    /// <summary>A whole number without groups: what a spreadsheet can add.</summary>
    public static string Plain(long value) => value.ToString(CultureInfo.InvariantCulture);

    public IResult File(string name) => Results.File((byte[])[.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(_text.ToString())], "text/csv; charset=utf-8", name);

    /// <summary>Quoted where needed; a text that a spreadsheet would take for a formula is told to be a text. Numbers may begin with a minus.</summary>
    static string Field(string text)
    {
        if (text is ['=' or '+' or '@' or '\t' or '\r', ..] || (text is ['-', ..] && !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
            text = "'" + text;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
