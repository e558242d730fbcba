using Ensen.Basics;

namespace Ensen.Points;

/// <summary>What a payment earns, and until when it lives.</summary>
public static class Earn
{
    /// <summary>1 point for each full 200 yen (the programme's rate) of the yen part, rounded down per payment.</summary>
    public static PointAmount ByPaying(Yen yenPart, PointRules rules) => new(rules.Earning.Of(yenPart.Value, Rounding.Down));

    /// <summary>1 point for each full 110 yen (the programme's rate) of a purchase at a shopping centre, rounded down.</summary>
    public static PointAmount AtCentres(Yen amount, PointRules rules) => new(rules.EarningAtCentres.Of(amount.Value, Rounding.Down));

    /// <summary>
    /// Basic points lapse at the end of March of the fiscal year after the one in which they were earned; that day included.
    /// </summary>
    public static JapanDay LastDay(JapanDay earnedOn) => FiscalYear.Of(earnedOn).Next.LastDay;
}
