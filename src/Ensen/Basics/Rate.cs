namespace Ensen.Basics;

/// <summary>How a fraction becomes a whole number. There is no default: whoever multiplies says it.</summary>
public enum Rounding
{
    Down = 1,
    HalfUp = 2,
    Up = 3,
}

/// <summary>A rate such as "1 point per 200 yen" or "1.9 %": a fraction of whole numbers, never a float.</summary>
public readonly record struct Rate(long Numerator, long Denominator)
{
    /// <summary>The share of a non-negative amount, rounded as named.</summary>
    public long Of(long amount, Rounding rounding)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        var product = (Int128)amount * Numerator;
        var quotient = rounding switch
        {
            Rounding.Down => product / Denominator,
            Rounding.HalfUp => (product * 2 + Denominator) / ((Int128)Denominator * 2),
            Rounding.Up => (product + Denominator - 1) / Denominator,
            _ => throw new ArgumentOutOfRangeException(nameof(rounding)),
        };
        return checked((long)quotient);
    }
}
