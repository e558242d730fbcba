using System.Diagnostics.CodeAnalysis;

namespace Ensen.Formats;

/// <summary>One data object of a consumer-presented code: a tag and its bytes, which for a template are data objects again.</summary>
/// <remarks>
/// The basic encoding rules of ISO/IEC 8825-1 as EMV Book 3 annex B narrows them: tags of one or two bytes, definite lengths.
/// </remarks>
public sealed record BerTlv(int Tag, ReadOnlyMemory<byte> Value, IReadOnlyList<BerTlv> Inside)
{
    private const int DeepestNesting = 4;

    /// <summary>The bytes as hexadecimal text, upper case.</summary>
    public string Hex => Convert.ToHexString(Value.Span);

    /// <summary>A data object that holds bytes.</summary>
    public static BerTlv Of(int tag, ReadOnlyMemory<byte> value) => new(tag, value, []);

    /// <summary>A template.</summary>
    public static BerTlv Of(int tag, params BerTlv[] inside) => new(tag, Write(inside), inside);

    /// <summary>Reads data objects one after the other, to the last byte. No bytes, however hostile, make it throw.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out IReadOnlyList<BerTlv>? objects) =>
        (objects = ReadAll(bytes, 1)) is not null;

    public static byte[] Write(IEnumerable<BerTlv> objects) => [.. objects.SelectMany(one => one.Written())];

    private static List<BerTlv>? ReadAll(ReadOnlyMemory<byte> bytes, int depth)
    {
        var objects = new List<BerTlv>();
        while (!bytes.IsEmpty)
        {
            if (depth > DeepestNesting || TakeTag(ref bytes) is not { } tag || TakeLength(ref bytes) is not { } length
                || length > bytes.Length)
                return null;

            var value = bytes[..length];
            bytes = bytes[length..];
            var inside = IsTemplate(tag) ? ReadAll(value, depth + 1) : [];
            if (inside is null)
                return null;

            objects.Add(new BerTlv(tag, value, inside));
        }

        return objects;
    }

    /// <summary>
    /// B.1: where the low five bits of the first byte are all set, a second byte follows; a third (bit 8 of the second) is not EMV's.
    /// </summary>
    private static int? TakeTag(ref ReadOnlyMemory<byte> bytes)
    {
        var first = bytes.Span[0];
        bytes = bytes[1..];
        if (first is 0x00 or 0xFF) return null;
        if ((first & 0x1F) != 0x1F) return first;
        if (bytes.IsEmpty || bytes.Span[0] > 0x7F) return null;

        var second = bytes.Span[0];
        bytes = bytes[1..];
        return first << 8 | second;
    }

    /// <summary>B.2: up to 127 in one byte, else 81 or 82 and the length in one or two bytes. No code is long enough for more.</summary>
    private static int? TakeLength(ref ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty) return null;

        var first = bytes.Span[0];
        var more = first - 0x80;
        bytes = bytes[1..];
        if (more < 0) return first;
        if (more is not (1 or 2) || bytes.Length < more) return null;

        var length = more == 1 ? bytes.Span[0] : bytes.Span[0] << 8 | bytes.Span[1];
        bytes = bytes[more..];
        return length;
    }

    /// <summary>B.1: bit 6 of the first byte says that data objects are inside.</summary>
    private static bool IsTemplate(int tag) => ((tag > 0xFF ? tag >> 8 : tag) & 0x20) != 0;

    private IEnumerable<byte> Written()
    {
        byte[] tag = Tag > 0xFF ? [(byte)(Tag >> 8), (byte)(Tag & 0xFF)] : [(byte)Tag];
        byte[] length = Value.Length switch
        {
            <= 0x7F => [(byte)Value.Length],
            <= 0xFF => [0x81, (byte)Value.Length],
            _ => [0x82, (byte)(Value.Length >> 8), (byte)(Value.Length & 0xFF)],
        };
        return [.. tag, .. length, .. Value.Span];
    }
}
