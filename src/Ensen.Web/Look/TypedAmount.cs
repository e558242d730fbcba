using System.Globalization;
using System.Text;
using Ensen.Basics;
using Ensen.Wallet;

namespace Ensen.Web.Look;

/// <summary>An amount as people type it: with or without commas, in half-width or full-width digits.</summary>
static class TypedAmount
{
    const int Longest = 20;

    public static bool TryRead(string? typed, out Yen amount)
    {
        amount = Yen.Zero;
        if (typed is not { Length: > 0 and <= Longest })
            return false;
        var plain = typed.Normalize(NormalizationForm.FormKC).Replace(",", "", StringComparison.Ordinal).Trim();
        if (!long.TryParse(plain, NumberStyles.None, CultureInfo.InvariantCulture, out var yen) || !Movement.IsAmount(yen))
            return false;
        amount = yen.Yen();
        return true;
    }
}
