using System.Buffers.Binary;
using System.Text;

namespace Ensen.Tests.Support;

/// <summary>Small whole pictures, and what a telephone writes beside them.</summary>
static class Pictures
{
    /// <summary>One grey dot.</summary>
    public static readonly byte[] Jpeg = Convert.FromHexString(
        "FFD8FFE000104A46494600010101004800480000FFDB004300030202020202030202020303030304060404040404080606050609080A0A090809090A0C0F0C0A0B0E"
        + "0B09090D110D0E0F101011100A0C12131210130F101010FFC9000B080001000101011100FFCC000600101005FFDA0008010100003F00D2CF20FFD9");

    public static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=");

    /// <summary>The dot as a telephone sends it: turned, with a place, a maker's note, a comment, and a film behind it.</summary>
    public static byte[] JpegOfTelephone(ushort turned) =>
    [
        .. Jpeg[..20], .. Segment(0xE1, [.. "Exif\0\0II*\0\x08\0\0\0"u8, 2, 0, .. Entry(0x0112, 3, turned), .. Entry(0x8825, 4, 38), 0, 0, 0, 0,
            .. "GPS 34.6687,135.5319"u8]),
        .. Segment(0xE1, "http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude='34,40N'/>"u8), .. Segment(0xED, "Photoshop 3.0\0GPS"u8),
        .. Segment(0xFE, "GPS 34.6687,135.5319"u8), .. Jpeg[20..], .. "ftypmp42 GPS"u8,
    ];

    public static byte[] PngOfTelephone() =>
    [
        .. Png[..33], .. Chunk("tEXt", "Comment\0GPS 34.6687"u8), .. Chunk("eXIf", "II*\0GPS"u8), .. Chunk("iTXt", "XML:com.adobe.xmp\0GPS"u8),
        .. Png[33..], .. "GPS"u8,
    ];

    static byte[] Segment(byte marker, ReadOnlySpan<byte> body) =>
        [0xFF, marker, (byte)((body.Length + 2) >> 8), (byte)((body.Length + 2) & 0xFF), .. body];

    static byte[] Entry(ushort tag, byte type, ushort value) =>
        [(byte)(tag & 0xFF), (byte)(tag >> 8), type, 0, 1, 0, 0, 0, (byte)(value & 0xFF), (byte)(value >> 8), 0, 0];

    static byte[] Chunk(string type, ReadOnlySpan<byte> body)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length);
        return [.. length, .. Encoding.ASCII.GetBytes(type), .. body, 0, 0, 0, 0];
    }
}
