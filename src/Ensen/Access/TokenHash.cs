using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ensen.Access;

/// <summary>The SHA-256 of a session's token: all that the database and this program's memory know of it.</summary>
readonly record struct TokenHash(UInt128 First, UInt128 Last)
{
    public static TokenHash Of(string token)
    {
        Span<byte> text = stackalloc byte[256];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(token, text)], hash);
        return From(hash);
    }

    public static TokenHash From(ReadOnlySpan<byte> hash) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));

    /// <summary>From 64 hexadecimal digits.</summary>
    public static bool TryParse(string hexadecimal, out TokenHash hash)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        var whole = Convert.FromHexString(hexadecimal, bytes, out var read, out var written) == System.Buffers.OperationStatus.Done
            && read == hexadecimal.Length && written == bytes.Length;
        hash = whole ? From(bytes) : default;
        return whole;
    }

    public byte[] ToArray()
    {
        var bytes = new byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, First);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), Last);
        return bytes;
    }
}
