using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Ensen.Formats;

/// <summary>One field of a merchant-presented code: a tag from 0 to 99 and its value.</summary>
public readonly record struct EmvField(int Tag, string Value);

/// <summary>The fields of a merchant-presented code, or of a template inside it, in the order in which they were written.</summary>
/// <remarks>
/// EMVCo QR Code Specification for Payment Systems, Merchant-Presented Mode; its tags are cited as <em>ID</em> beside each check.
/// A field is a two-digit tag, a two-digit length and a value. The length counts <em>characters</em>, and a character is a Unicode
/// code point: neither a byte (the published Chinese sample has 最佳运输 as 4) nor half a surrogate pair (𠮷 is 1). The checksum,
/// in contrast, is taken over the UTF-8 bytes.
/// </remarks>
public sealed class EmvFields(IReadOnlyList<EmvField> all)
{
    /// <summary>The whole code has at most 512 characters.</summary>
    public const int LongestPayload = 512;

    private const string Beginning = "000201";
    private const string Utf8Mark = @"\000026";
    private const string ChecksumHead = "6304";
    private const int ChecksumTag = 63;

    public IReadOnlyList<EmvField> All => all;

    /// <summary>The value of a tag, or null where there is none.</summary>
    public string? this[int tag] => all.Where(field => field.Tag == tag).Select(field => field.Value).FirstOrDefault();

    /// <summary>The fields inside a template, or null where there is none or it is not made of fields.</summary>
    public EmvFields? Template(int tag) => this[tag] is { } value && Split(value) is { } inner && !inner.Repeats ? inner : null;

    /// <summary>Reads a whole code: beginning, fields and checksum. No text, however hostile, makes it throw.</summary>
    public static bool TryRead(string? text, [NotNullWhen(true)] out EmvFields? fields, out StoreCodeFault fault)
    {
        fields = null;
        fault = Check(text, out var read);
        if (fault == StoreCodeFault.None)
            fields = read;

        return fields is not null;
    }

    private static StoreCodeFault Check(string? text, out EmvFields? fields)
    {
        fields = null;
        text = WithoutMark(text);
        if (string.IsNullOrEmpty(text)) return StoreCodeFault.Empty;
        if (text.Length > 2 * LongestPayload) return StoreCodeFault.TooLong;
        // ID 00, payload format indicator: first, and always 01
        if (!text.StartsWith(Beginning, StringComparison.Ordinal)) return StoreCodeFault.NotEmv;
        if (CodePoints(text) is not { } length) return StoreCodeFault.NotUnicode;
        if (length > LongestPayload) return StoreCodeFault.TooLong;
        fields = Split(text);
        if (fields is null) return StoreCodeFault.BrokenField;
        if (fields.All[^1] is not { Tag: ChecksumTag, Value.Length: 4 }) return StoreCodeFault.NoChecksum;   // ID 63, checksum: last
        // over all before it, its own tag and length included
        if (fields.All[^1].Value != Checksum(text.AsSpan(0, text.Length - 4))) return StoreCodeFault.WrongChecksum;
        if (fields.Repeats) return StoreCodeFault.RepeatedField;
        return StoreCodeFault.None;
    }

    /// <summary>
    /// Some readers send what the picture is marked with before the text: the symbology (<c>]Q2</c>), and that what follows is UTF-8
    /// (<c>\000026</c>, AIM ECI 26).
    /// </summary>
    private static string? WithoutMark(string? text)
    {
        if (text is [']', 'Q', >= '0' and <= '6', ..])
            text = text[3..];
        return text?.StartsWith(Utf8Mark, StringComparison.Ordinal) == true ? text[Utf8Mark.Length..] : text;
    }

    /// <summary>Writes a whole code: the beginning is put before the fields and the checksum after them.</summary>
    public static string Write(IEnumerable<EmvField> fields)
    {
        var text = Beginning + WriteTemplate(fields) + ChecksumHead;
        return text + Checksum(text);
    }

    /// <summary>Writes fields one after the other, as they stand inside a template. Absent and empty values are left out.</summary>
    public static string WriteTemplate(IEnumerable<EmvField> fields)
    {
        var text = new StringBuilder();
        foreach (var (tag, value) in fields)
        {
            if (string.IsNullOrEmpty(value))
                continue;

            var length = CodePoints(value) ?? throw new ArgumentException($"Field {tag:D2} is not Unicode text.", nameof(fields));
            if (tag is < 0 or > 99 || length > 99)
                throw new ArgumentException($"Field {tag} of {length} characters does not fit; tag and length have two digits.",
                    nameof(fields));

            text.Append(CultureInfo.InvariantCulture, $"{tag:D2}{length:D2}{value}");
        }

        return text.ToString();
    }

    private bool Repeats => all.DistinctBy(one => one.Tag).Count() != all.Count;

    private static EmvFields? Split(string text)
    {
        var fields = new List<EmvField>();
        for (var at = 0; at < text.Length;)
        {
            if (TwoDigits(text, at) is not { } tag || TwoDigits(text, at + 2) is not (> 0 and var length))
                return null;

            var end = at += 4;
            for (var taken = 0; taken < length; taken++)
            {
                if (Rune.DecodeFromUtf16(text.AsSpan(end), out _, out var width) != System.Buffers.OperationStatus.Done)
                    return null;

                end += width;
            }

            fields.Add(new EmvField(tag, text[at..end]));
            at = end;
        }

        return fields.Count == 0 ? null : new EmvFields(fields);
    }

    private static int? TwoDigits(string text, int at) =>
        at + 2 <= text.Length && char.IsAsciiDigit(text[at]) && char.IsAsciiDigit(text[at + 1])
            ? (text[at] - '0') * 10 + (text[at + 1] - '0')
            : null;

    private static int? CodePoints(string text)
    {
        var count = 0;
        for (var at = 0; at < text.Length; count++)
        {
            if (!Rune.TryGetRuneAt(text, at, out var rune))
                return null;

            at += rune.Utf16SequenceLength;
        }

        return count;
    }

    private static string Checksum(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return Crc16.Of(bytes).ToString("X4", CultureInfo.InvariantCulture);
    }
}
