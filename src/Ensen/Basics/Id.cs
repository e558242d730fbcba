using System.Diagnostics.CodeAnalysis;

namespace Ensen.Basics;

/// <summary>
/// Ids are 128-bit numbers that sort by time (UUIDv7). Outsiders see them as opaque text: a prefix that says
/// what the thing is, and 26 characters of Crockford's base 32 (<c>pay_01k…</c>).
/// </summary>
public static class Id
{
    const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";
    const int Length = 26;

    public static Guid New(TimeProvider clock) => RandomSource.NewId(clock.GetUtcNow());

    public static Guid New(DateTimeOffset at) => RandomSource.NewId(at);

    /// <summary>A new id at the place of another: what belongs to a member says where the member lives.</summary>
    public static Guid New(DateTimeOffset at, Guid beside) => Place.Of(beside).Put(RandomSource.NewId(at));

    /// <summary>A new id of a type.</summary>
    public static TId New<TId>(TimeProvider clock) where TId : struct, ITypedId<TId> => TId.Of(New(clock));

    /// <summary>The same as of an instant.</summary>
    public static TId New<TId>(DateTimeOffset at) where TId : struct, ITypedId<TId> => TId.Of(New(at));

    /// <summary>A new id of a type, at the place of another.</summary>
    public static TId New<TId>(DateTimeOffset at, Guid beside) where TId : struct, ITypedId<TId> => TId.Of(New(at, beside));

    public static string Format(string prefix, Guid id) => string.Create(prefix.Length + 1 + Length, (prefix, id), static (text, it) =>
    {
        it.prefix.CopyTo(text);
        text[it.prefix.Length] = '_';
        Encode(it.id, text[(it.prefix.Length + 1)..]);
    });

    /// <summary>The 26 characters alone, for places where the kind is known (a QR's template).</summary>
    public static string Bare(Guid id) => string.Create(Length, id, static (text, id) => Encode(id, text));

    public static bool TryParse(string prefix, [NotNullWhen(true)] string? text, out Guid id)
    {
        id = default;
        return text is not null
            && text.Length == prefix.Length + 1 + Length
            && text.StartsWith(prefix, StringComparison.Ordinal)
            && text[prefix.Length] == '_'
            && TryParseBare(text.AsSpan(prefix.Length + 1), out id);
    }

    /// <summary>The id in a text that begins with the prefix of its type; false for any other text.</summary>
    public static bool TryParse<TId>([NotNullWhen(true)] string? text, out TId id) where TId : struct, ITypedId<TId>
    {
        var parsed = TryParse(TId.Prefix, text, out var value);
        id = TId.Of(value);
        return parsed;
    }

    public static bool TryParseBare(ReadOnlySpan<char> text, out Guid id)
    {
        id = default;
        if (text.Length != Length || text[0] > '7')
            return false;
        UInt128 value = 0;
        foreach (var c in text)
        {
            var digit = Digits.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0)
                return false;
            value = (value << 5) | (uint)digit;
        }
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        id = new Guid(bytes, bigEndian: true);
        return true;
    }

    /// <summary>When an id was made, to the millisecond.</summary>
    public static DateTimeOffset TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds((long)(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16));
    }

    /// <summary>The id below all that are made at this instant or later: where to begin to read.</summary>
    public static Guid First(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)Math.Max(0, at.ToUnixTimeMilliseconds()) << 16);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The same of a type.</summary>
    public static TId First<TId>(DateTimeOffset at) where TId : struct, ITypedId<TId> => TId.Of(First(at));

    static void Encode(Guid id, Span<char> text)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
        for (var i = Length - 1; i >= 0; i--, value >>= 5)
            text[i] = Digits[(int)(value & 31)];
    }
}
