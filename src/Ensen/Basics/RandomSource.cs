using System.Buffers.Binary;

namespace Ensen.Basics;

/// <summary>
/// Chance where nothing secret hangs on it: the tail of an id, how long to wait before the next try. In a simulation it follows the
/// seed, so that a run can be run again exactly. Codes, keys and tokens are never drawn from here.
/// </summary>
static class RandomSource
{
    /// <summary>The seed of the simulation that this thread runs; null everywhere else.</summary>
    [ThreadStatic]
    static Random? t_seeded;

    public static Random Source => t_seeded ?? Random.Shared;

    /// <summary>How many ids this process made, from a chance beginning; what goes into them is its last 26 bits.</summary>
    static int s_made = Random.Shared.Next();

    /// <summary>
    /// A UUIDv7 made at this instant. What follows the millisecond counts the ids of this process (RFC 9562 section 6.2, method 1), so that
    /// whoever pays twice within one finds the payments in their order; 48 bits are chance.
    /// </summary>
    public static Guid NewId(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        int order;
        if (t_seeded is { } seeded)
        {
            seeded.NextBytes(bytes);
            order = seeded.Next();
        }
        else
        {
            Guid.NewGuid().TryWriteBytes(bytes);
            order = Interlocked.Increment(ref s_made);
        }
        // Twelve bits of the count behind the version, fourteen behind the variant.
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.ToUnixTimeMilliseconds() << 16 | 0x7000L | (uint)order >> 14 & 0xFFFL);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[8..], (ushort)(0x8000 | order & 0x3FFF));
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>From here on chance on this thread follows the seed; null ends it.</summary>
    internal static void Follow(Random? seeded) => t_seeded = seeded;
}
