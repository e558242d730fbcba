using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ensen.Basics;

/// <summary>An amount of money in whole yen. Negative amounts are debits; sums that overflow 64 bits throw.</summary>
[JsonConverter(typeof(YenJson))]
public readonly record struct Yen(long Value) : IComparable<Yen>, IFormattable
{
    public static readonly Yen Zero;

    public static Yen operator +(Yen a, Yen b) => new(checked(a.Value + b.Value));
    public static Yen operator -(Yen a, Yen b) => new(checked(a.Value - b.Value));
    public static Yen operator -(Yen a) => new(checked(-a.Value));
    public static bool operator <(Yen a, Yen b) => a.Value < b.Value;
    public static bool operator >(Yen a, Yen b) => a.Value > b.Value;
    public static bool operator <=(Yen a, Yen b) => a.Value <= b.Value;
    public static bool operator >=(Yen a, Yen b) => a.Value >= b.Value;

    public static Yen Min(Yen a, Yen b) => a < b ? a : b;
    public static Yen Max(Yen a, Yen b) => a > b ? a : b;

    /// <summary>The points that would pay for this: 1 point = 1 yen in payments (rules, "worth").</summary>
    public PointAmount AsPoints => new(Value);

    public int CompareTo(Yen other) => Value.CompareTo(other.Value);

    /// <summary>The number alone: whoever writes an amount says in which unit, in the reader's language.</summary>
    public string ToString(string? format, IFormatProvider? formatProvider) => Value.ToString(format, formatProvider);
    public override string ToString() => ToString(null, null);
}

/// <summary>An amount of points. There is no operator between points and yen: what a point is worth is a rule, not arithmetic.</summary>
[JsonConverter(typeof(PointAmountJson))]
public readonly record struct PointAmount(long Value) : IComparable<PointAmount>, IFormattable
{
    public static readonly PointAmount Zero;

    public static PointAmount operator +(PointAmount a, PointAmount b) => new(checked(a.Value + b.Value));
    public static PointAmount operator -(PointAmount a, PointAmount b) => new(checked(a.Value - b.Value));
    public static PointAmount operator -(PointAmount a) => new(checked(-a.Value));
    public static bool operator <(PointAmount a, PointAmount b) => a.Value < b.Value;
    public static bool operator >(PointAmount a, PointAmount b) => a.Value > b.Value;
    public static bool operator <=(PointAmount a, PointAmount b) => a.Value <= b.Value;
    public static bool operator >=(PointAmount a, PointAmount b) => a.Value >= b.Value;

    public static PointAmount Min(PointAmount a, PointAmount b) => a < b ? a : b;
    public static PointAmount Max(PointAmount a, PointAmount b) => a > b ? a : b;

    /// <summary>What these points pay for: 1 point = 1 yen in payments (rules, "worth").</summary>
    public Yen WorthInPayments => new(Value);

    public int CompareTo(PointAmount other) => Value.CompareTo(other.Value);

    /// <summary>The number alone, as of <see cref="Yen"/>.</summary>
    public string ToString(string? format, IFormatProvider? formatProvider) => Value.ToString(format, formatProvider);
    public override string ToString() => ToString(null, null);
}

/// <summary>Yen in JSON are a whole number.</summary>
public sealed class YenJson : JsonConverter<Yen>
{
    public override Yen Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, Yen value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

/// <summary>Points in JSON are a whole number.</summary>
public sealed class PointAmountJson : JsonConverter<PointAmount>
{
    public override PointAmount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, PointAmount value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Value);
}

/// <summary>Writes literals the way people say them, <c>5_000.Yen()</c>, <c>36.Points()</c>, and sums amounts.</summary>
public static class Amounts
{
    public static Yen Yen(this int value) => new(value);
    public static Yen Yen(this long value) => new(value);
    public static PointAmount Points(this int value) => new(value);
    public static PointAmount Points(this long value) => new(value);

    public static Yen Sum<T>(this IEnumerable<T> all, Func<T, Yen> yen) => all.Aggregate(Basics.Yen.Zero, (sum, one) => sum + yen(one));

    public static PointAmount Sum<T>(this IEnumerable<T> all, Func<T, PointAmount> points) =>
        all.Aggregate(PointAmount.Zero, (sum, one) => sum + points(one));
}
