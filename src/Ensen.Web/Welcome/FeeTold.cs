using System.Globalization;
using Ensen.Basics;

namespace Ensen.Web.Welcome;

/// <summary>
/// A merchant's fee in percent of what is paid, without its tax and with it: told side by side, so that nobody takes one for the other.
/// </summary>
static class FeeTold
{
    public static object[] Of(SettlementRules rules)
    {
        var fee = rules.FeeBasisPoints / 100m;
        return [Percent(fee), rules.FeeTaxPercent, Percent(fee + fee * rules.FeeTaxPercent / 100m)];
    }

    static string Percent(decimal percent) => percent.ToString("0.####", CultureInfo.InvariantCulture);
}
