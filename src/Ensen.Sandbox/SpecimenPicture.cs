using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Ensen.Identity;

namespace Ensen.Sandbox;

/// <summary>Pictures of documents and faces of nobody, drawn as PNG, so that evidence can be looked at without a camera.</summary>
static class SpecimenPicture
{
    const int Width = 480;
    const int Height = 300;

    public static byte[] Draw(EvidenceSide side)
    {
        var rows = new byte[Height * (1 + 3 * Width)];
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
            {
                var at = y * (1 + 3 * Width) + 1 + 3 * x;
                var (r, g, b) = Colour(side, x, y);
                (rows[at], rows[at + 1], rows[at + 2]) = (r, g, b);
            }
        using var picture = new MemoryStream();
        picture.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, Width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), Height);
        (head[8], head[9]) = (8, 2);
        Chunk(picture, "IHDR", head);
        using (var packed = new MemoryStream())
        {
            using (var zip = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
                zip.Write(rows);
            Chunk(picture, "IDAT", packed.ToArray());
        }
        Chunk(picture, "IEND", []);
        return picture.ToArray();
    }

    static (byte R, byte G, byte B) Colour(EvidenceSide side, int x, int y)
    {
        if (side == EvidenceSide.Face)
            return In(x - 240, y - 130, 70, 85) ? ((byte)236, (byte)200, (byte)176)
                : In(x - 240, y - 300, 150, 90) ? ((byte)64, (byte)96, (byte)128)
                : ((byte)214, (byte)224, (byte)230);
        if (y is < 12 or > 288 || x is < 12 or > 468)
            return (236, 236, 232);
        if (side == EvidenceSide.Front && x is > 330 and < 440 && y is > 60 and < 200)
            return In(x - 385, y - 120, 32, 40) ? ((byte)236, (byte)200, (byte)176) : ((byte)180, (byte)200, (byte)214);
        // Lines in place of letters: it is nobody's document.
        if (x is > 40 and < 300 && y % 36 is > 14 and < 24 && y is > 50 and < 250)
            return (120, 130, 140);
        return (206, 226, 218);
    }

    static bool In(int x, int y, int width, int height) => (double)x * x / (width * width) + (double)y * y / (height * height) <= 1;

    static void Chunk(MemoryStream to, string type, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. content];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        to.Write(length);
        to.Write(named);
        var check = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(check, Crc(named));
        to.Write(check);
    }

    /// <summary>PNG (ISO/IEC 15948), annex D.</summary>
    static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFF_FFFF;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1;
        }
        return ~crc;
    }
}
