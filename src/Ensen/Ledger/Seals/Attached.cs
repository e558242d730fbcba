using System.Security.Cryptography;

namespace Ensen.Ledger;

/// <summary>
/// What is attached to an entry, as it is sealed with it: a hash of its features' own rows and of what happened once with it, and a hash
/// of its idempotency keys with their answers (which are forgotten after 400 days, and then only that hash is left). The entry carries
/// both, 64 bytes; one that has nothing attached carries none.
/// </summary>
static class Attached
{
    /// <summary>The bytes of such a hash.</summary>
    public const int Length = 2 * SHA256.HashSizeInBytes;

    [ThreadStatic]
    static SealedValues? s_values;

    /// <summary>What an entry carries; null when nothing is attached to it.</summary>
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
