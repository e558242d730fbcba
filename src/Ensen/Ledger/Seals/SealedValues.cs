using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ensen.Ledger;

/// <summary>Values put one after the other so that no two rows read alike: each says what it is, and texts how long they are.</summary>
sealed class SealedValues
{
    byte[] _bytes = new byte[1_024];
    int _length;

    public void Begin(char what)
    {
        _length = 0;
        Take(1)[0] = (byte)what;
    }

    public void Add(Guid? id)
    {
        if (id is { } value)
            value.TryWriteBytes(Take('u', 16), bigEndian: true, out _);
        else
            Take(1)[0] = (byte)'0';
    }

    public void Add(long number) => BinaryPrimitives.WriteInt64BigEndian(Take('n', 8), number);

    public void Add(string? text)
    {
        if (text is null)
        {
            Take(1)[0] = (byte)'0';
            return;
        }
        var length = Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteInt32BigEndian(Take('t', 4), length);
        Encoding.UTF8.GetBytes(text, Take(length));
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(Take('b', 4), bytes.Length);
        bytes.CopyTo(Take(bytes.Length));
    }

    public void Hash(Span<byte> hash) => SHA256.HashData(_bytes.AsSpan(0, _length), hash);

    Span<byte> Take(char what, int length)
    {
        Take(1)[0] = (byte)what;
        return Take(length);
    }

    Span<byte> Take(int length)
    {
        if (_bytes.Length < _length + length)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + length));
        _length += length;
        return _bytes.AsSpan(_length - length, length);
    }
}
