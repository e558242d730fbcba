namespace Ensen.Formats;

/// <summary>
/// CRC-16/CCITT-FALSE (polynomial 1021, start FFFF, nothing reflected): the checksum that ends a merchant-presented code.
/// </summary>
/// <remarks>ISO/IEC 13239, as EMVCo prescribes for ID 63. It finds misprints; it stops nobody who can compute it.</remarks>
public static class Crc16
{
    public static ushort Of(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFF;
        foreach (var next in bytes)
        {
            crc ^= next << 8;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1 & 0xFFFF) ^ 0x1021;
        }

        return (ushort)crc;
    }
}
