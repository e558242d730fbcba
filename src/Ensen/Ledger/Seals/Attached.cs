using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ensen.Ledger;

/// <summary>
/// What commits beside an entry, as it is sealed with it: a hash of its features' own rows and of what happened once with it, and a hash
/// of its idempotency keys with their answers (which are forgotten after 400 days, and then only that hash is left). The entry carries both
/// as the hash of its request, 64 bytes; one that has nothing beside it carries none.
/// </summary>
static class Beside
{
    /// <summary>What the hash of an entry's request measures when it is one of these.</summary>
    public const int Length = 2 * SHA256.HashSizeInBytes;

    [ThreadStatic]
    static SealedValues? s_values;

    /// <summary>What an entry carries; null when nothing is beside it.</summary>
    public static byte[]? Of(IReadOnlyList<EntryDetail> rows, IReadOnlyList<SingleUse> uses, IReadOnlyList<IdempotencyRow> keys) =>
        rows.Count == 0 && uses.Count == 0 && keys.Count == 0 ? null : HashOf(rows, uses, keys);

    /// <summary>The same, also of nothing.</summary>
    public static byte[] HashOf(IReadOnlyList<EntryDetail> rows, IReadOnlyList<SingleUse> uses, IReadOnlyList<IdempotencyRow> keys)
    {
        var hash = new byte[Length];
        var values = s_values ??= new SealedValues();
        OfRows(values, rows, uses, hash);
        OfKeys(values, keys, hash.AsSpan(SHA256.HashSizeInBytes));
        return hash;
    }

    public static ReadOnlySpan<byte> RowsIn(ReadOnlySpan<byte> hash) => hash[..SHA256.HashSizeInBytes];

    public static ReadOnlySpan<byte> KeysIn(ReadOnlySpan<byte> hash) => hash[SHA256.HashSizeInBytes..];

    static void OfRows(SealedValues values, IReadOnlyList<EntryDetail> rows, IReadOnlyList<SingleUse> uses, Span<byte> hash)
    {
        values.Begin('R');
        foreach (var row in rows.Count < 2 ? rows : [.. rows.OrderBy(r => r.Table.Name, StringComparer.Ordinal)])
        {
            values.Add(row.Table.Name);
            foreach (var column in row.Table.Columns)
                column.Seal(values, row.Row);
        }
        foreach (var use in uses.Count < 2 ? uses : [.. uses.OrderBy(f => f.Kind.Number).ThenBy(f => f.Subject).ThenBy(f => f.Number)])
        {
            values.Add(use.Kind.Number);
            values.Add(use.Subject);
            values.Add(use.Number);
        }
        values.Hash(hash);
    }

    static void OfKeys(SealedValues values, IReadOnlyList<IdempotencyRow> keys, Span<byte> hash)
    {
        values.Begin('K');
        foreach (var key in keys.Count < 2 ? keys : [.. keys.OrderBy(k => k.Caller).ThenBy(k => k.Key, StringComparer.Ordinal)])
        {
            values.Add(key.Caller);
            values.Add(key.Key);
            values.Add(key.RequestHash);
            values.Add(key.Answer);
            values.Add(key.AtMs);
        }
        values.Hash(hash);
    }
}

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
