using System.Globalization;
using System.Text;
using Ensen.Wallet;

namespace Ensen.Web.Members;

/// <summary>What people type and phones send, read as it was meant.</summary>
static class Typed
{
    const int Longest = 20;

    /// <summary>A whole amount above 0: 1200, 1,200 or １，２００. Fractions, signs and words are none.</summary>
    public static bool TryAmount(string? text, out long amount)
    {
        amount = 0;
        if (text is null || text.Length > Longest)
            return false;
        var plain = text.Normalize(NormalizationForm.FormKC).Replace(",", "", StringComparison.Ordinal).Trim();
        return plain.All(char.IsAsciiDigit)
            && long.TryParse(plain, NumberStyles.None, CultureInfo.InvariantCulture, out amount)
            && Movement.IsAmount(amount);
    }

    /// <summary>The id that a form was made with: it makes a repeated form one effect.</summary>
    public static bool TryIntent(string? text, out string key)
    {
        key = Guid.TryParse(text, out var id) ? "intent:" + id.ToString("N") : "";
        return key.Length > 0;
    }
}
