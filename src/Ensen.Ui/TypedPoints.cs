using Ensen.Basics;
using Ensen.Wallet;

namespace Ensen.Ui;

/// <summary>A number of points as people type it, read as amounts are.</summary>
public static class TypedPoints
{
    public static bool TryRead(string? typed, out PointAmount points)
    {
        points = PointAmount.Zero;
        if (!TypedDigits.TryWhole(typed, out var number) || !Movement.IsAmount(number))
            return false;
        points = number.Points();
        return true;
    }
}
