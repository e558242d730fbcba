namespace Ensen.Basics;

/// <summary>
/// Chance where nothing secret hangs on it: the tail of an id, how long to wait before the next try. In a simulation it follows the
/// seed, so that a run can be run again exactly. Codes, keys and tokens are never drawn from here.
/// </summary>
static class Chance
{
    /// <summary>The seed of the simulation that this thread runs; null everywhere else.</summary>
    [ThreadStatic]
    static Random? t_seeded;

    public static Random Source => t_seeded ?? Random.Shared;

    /// <summary>A UUIDv7 made at this instant.</summary>
    public static Guid NewId(DateTimeOffset at)
    {
        if (t_seeded is not { } seeded)
            return Guid.CreateVersion7(at);
        Span<byte> bytes = stackalloc byte[16];
        seeded.NextBytes(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)at.ToUnixTimeMilliseconds() << 16) | 0x7000ul | bytes[7]);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>From here on chance on this thread follows the seed; null ends it.</summary>
    internal static void Follow(Random? seeded) => t_seeded = seeded;
}
