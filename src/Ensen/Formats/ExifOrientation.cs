using System.Buffers.Binary;

namespace Ensen.Formats;

/// <summary>
/// How a camera was held (tag 0x0112 of Exif): the one thing beside a JPEG without which it is seen wrong. All else there is about whoever
/// took it.
/// </summary>
static class ExifOrientation
{
    const int Tag = 0x0112;
    const int EntryBytes = 12;

    static ReadOnlySpan<byte> Mark => "Exif\0\0"u8;

    /// <summary>Null where it says nothing, or that the picture stands as it is.</summary>
    public static byte? Of(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith(Mark))
            return null;
        var tiff = segment[Mark.Length..];
        if (tiff.Length < 8 || tiff is not ([0x49, 0x49, ..] or [0x4D, 0x4D, ..]))
            return null;
        var isLittle = tiff[0] == 0x49;
        var first = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (first > (uint)tiff.Length - 2)
            return null;
        var entries = tiff[((int)first + 2)..];
        for (var left = Number(tiff[(int)first..], isLittle); left > 0 && entries.Length >= EntryBytes; left--)
        {
            if (Number(entries, isLittle) == Tag)
                return Number(entries[8..], isLittle) is > 1 and <= 8 and var turned ? (byte)turned : null;
            entries = entries[EntryBytes..];
        }
        return null;
    }

    /// <summary>A segment that says this and nothing else.</summary>
    public static byte[] Alone(byte turned) =>
    [
        0xFF, 0xE1, 0, 34, .. Mark, 0x4D, 0x4D, 0, 42, 0, 0, 0, 8,
        0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turned, 0, 0, 0, 0, 0, 0,
    ];

    static ushort Number(ReadOnlySpan<byte> at, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);
}
