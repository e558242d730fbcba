using Ensen.Basics;
using Ensen.Wallet;

namespace Ensen.Ui;

/// <summary>An amount as people type it, read by the one rule that all digits have (<see cref="TypedDigits"/>).</summary>
public static class TypedAmount
{
    public static bool TryRead(string? typed, out Yen amount)
    {
        amount = Yen.Zero;
        if (!TypedDigits.TryWhole(typed, out var yen) || !Movement.IsAmount(yen))
            return false;
        amount = yen.Yen();
        return true;
    }
}
