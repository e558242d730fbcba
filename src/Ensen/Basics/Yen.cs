namespace Ensen.Basics;

/// <summary>An amount of money in whole yen. Negative amounts are debits; sums that overflow 64 bits throw.</summary>
public readonly record struct Yen(long Value) : IComparable<Yen>
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
    public override string ToString() => FormattableString.Invariant($"{Value:N0} yen");
}

/// <summary>An amount of points. There is no operator between points and yen: what a point is worth is a rule, not arithmetic.</summary>
public readonly record struct PointAmount(long Value) : IComparable<PointAmount>
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

    /// <summary>What these points pay for: 1 point = 1 yen in payments (rules, "worth").</summary>
    public Yen WorthInPayments => new(Value);

    public int CompareTo(PointAmount other) => Value.CompareTo(other.Value);
    public override string ToString() => FormattableString.Invariant($"{Value:N0} points");
}

/// <summary>Writes literals the way people say them: <c>5_000.Yen()</c>, <c>36.Points()</c>.</summary>
public static class Amounts
{
    public static Yen Yen(this int value) => new(value);
    public static Yen Yen(this long value) => new(value);
    public static PointAmount Points(this int value) => new(value);
    public static PointAmount Points(this long value) => new(value);
}
