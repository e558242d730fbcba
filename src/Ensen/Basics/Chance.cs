using System.Buffers.Binary;

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

    /// <summary>
    /// A UUIDv7 made at this instant. Its twelve bits after the millisecond are the fraction of it (RFC 9562 section 6.2, method 3): whoever
    /// pays twice within one finds the payments in their order.
    /// </summary>
    public static Guid NewId(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (t_seeded is { } seeded)
            seeded.NextBytes(bytes);
        else
            Guid.NewGuid().TryWriteBytes(bytes);
        var fraction = at.UtcTicks % TimeSpan.TicksPerMillisecond * 4_096 / TimeSpan.TicksPerMillisecond;
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.ToUnixTimeMilliseconds() << 16 | 0x7000 | fraction);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>From here on chance on this thread follows the seed; null ends it.</summary>
    internal static void Follow(Random? seeded) => t_seeded = seeded;
}
