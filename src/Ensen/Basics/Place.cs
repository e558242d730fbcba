using System.Buffers.Binary;

namespace Ensen.Basics;

/// <summary>
/// Where an owner lives, should the books once be spread over many machines: a small number that each id of the owner, and of what the
/// owner did, carries in its last bits. Nothing reads it yet (docs/operating/scale.md).
/// </summary>
public readonly record struct Place(int Number)
{
    /// <summary>The last ten bits: 1,024 places.</summary>
    const ushort Mask = 0x3FF;

    public static Place Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return new Place(BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]) & Mask);
    }

    /// <summary>The same id, at this place.</summary>
    public Guid Put(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[14..], (ushort)(BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]) & ~Mask | Number));
        return new Guid(bytes, bigEndian: true);
    }
}
