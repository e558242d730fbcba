using System.Buffers.Binary;

namespace Ensen.Formats;

/// <summary>
/// A JPEG or PNG without what cameras write beside the picture: place, time, number of the camera, a small picture of before it was cut.
/// What is no whole picture of either sort is none, whatever its first bytes say.
/// </summary>
public sealed record PlainPicture(string ContentType, byte[] Image)
{
    static ReadOnlySpan<byte> Png => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The picture alone; null for what is none.</summary>
    public static PlainPicture? Read(ReadOnlySpan<byte> sent)
    {
        using var plain = new MemoryStream(sent.Length);
        if (sent is [0xFF, 0xD8, 0xFF, ..])
            return OfJpeg(sent, plain) ? new PlainPicture("image/jpeg", plain.ToArray()) : null;
        return sent.StartsWith(Png) && OfPng(sent, plain) ? new PlainPicture("image/png", plain.ToArray()) : null;
    }

    // Segments (ITU-T T.81, annex B) up to the end of the image; what a telephone writes behind it, films among it, is left out.
    static bool OfJpeg(ReadOnlySpan<byte> sent, MemoryStream plain)
    {
        plain.Write([0xFF, 0xD8]);
        var (at, hasSize, hasScan) = (2, false, false);
        while (at + 1 < sent.Length && sent[at] == 0xFF)
        {
            var marker = sent[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            if (marker == 0xD9)
            {
                plain.Write([0xFF, 0xD9]);
                return hasScan;
            }
            if (marker is < 0xC0 or (>= 0xD0 and <= 0xD8) || at + 4 > sent.Length)
                return false;
            var length = BinaryPrimitives.ReadUInt16BigEndian(sent[(at + 2)..]);
            if (length < 2 || at + 2 + length > sent.Length)
                return false;
            var segment = sent.Slice(at, 2 + length);
            var body = segment[4..];
            hasSize |= IsSize(marker, body);
            if (IsOfPicture(marker, body))
                plain.Write(segment);
            else if (marker == 0xE1 && ExifOrientation.Of(body) is { } turned)
                plain.Write(ExifOrientation.Alone(turned));
            at += segment.Length;
            if (marker != 0xDA)
                continue;
            if (!hasSize)
                return false;
            var scan = ScanLength(sent[at..]);
            plain.Write(sent.Slice(at, scan));
            at += scan;
            hasScan |= scan > 0;
        }
        return false;
    }

    static bool IsSize(byte marker, ReadOnlySpan<byte> body) =>
        marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) && body.Length >= 6
        && BinaryPrimitives.ReadUInt16BigEndian(body[1..]) > 0 && BinaryPrimitives.ReadUInt16BigEndian(body[3..]) > 0;

    // Of the segments of applications those without which a picture has other colours: JFIF, an ICC profile, Adobe's transform.
    static bool IsOfPicture(byte marker, ReadOnlySpan<byte> body) => marker switch
    {
        0xE0 => body.StartsWith("JFIF\0"u8) && body.Length == 14,
        0xE2 => body.StartsWith("ICC_PROFILE\0"u8),
        0xEE => body.StartsWith("Adobe"u8),
        >= 0xE1 and <= 0xEF or 0xFE => false,
        _ => true,
    };

    // Until the next marker that is none of the scan's own: stuffed bytes and restarts belong to it.
    static int ScanLength(ReadOnlySpan<byte> from)
    {
        for (var i = 0; i + 1 < from.Length; i++)
            if (from[i] == 0xFF && from[i + 1] is not (0 or 0xFF or (>= 0xD0 and <= 0xD7)))
                return i;
        return from.Length;
    }

    // Chunks (ISO/IEC 15948): those that make the picture, and of the others the ones that say how its colours are meant.
    static bool OfPng(ReadOnlySpan<byte> sent, MemoryStream plain)
    {
        plain.Write(Png);
        var (at, hasData) = (Png.Length, false);
        while (at + 12 <= sent.Length)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(sent[at..]);
            if (length > sent.Length - at - 12)
                return false;
            var chunk = sent.Slice(at, 12 + (int)length);
            var type = chunk.Slice(4, 4);
            var body = chunk.Slice(8, (int)length);
            if (at == Png.Length && !IsHead(type, body))
                return false;
            hasData |= type.SequenceEqual("IDAT"u8) && length > 0;
            if (IsOfPicture(type))
                plain.Write(chunk);
            if (type.SequenceEqual("IEND"u8))
                return hasData;
            at += chunk.Length;
        }
        return false;
    }

    static bool IsHead(ReadOnlySpan<byte> type, ReadOnlySpan<byte> body) => type.SequenceEqual("IHDR"u8) && body.Length == 13
        && BinaryPrimitives.ReadInt32BigEndian(body) > 0 && BinaryPrimitives.ReadInt32BigEndian(body[4..]) > 0;

    static bool IsOfPicture(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("IHDR"u8) || type.SequenceEqual("PLTE"u8) || type.SequenceEqual("IDAT"u8) || type.SequenceEqual("IEND"u8)
        || type.SequenceEqual("tRNS"u8) || type.SequenceEqual("gAMA"u8) || type.SequenceEqual("cHRM"u8) || type.SequenceEqual("sRGB"u8)
        || type.SequenceEqual("iCCP"u8) || type.SequenceEqual("sBIT"u8);
}
