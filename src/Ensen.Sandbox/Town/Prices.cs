namespace Ensen.Sandbox.Town;

/// <summary>What people pay in a shop of a trade, in yen: dishes have prices on a menu, baskets come to any sum.</summary>
static class Prices
{
    static readonly Dictionary<string, int[]> s_menus = new()
    {
        ["bakery"] = [280, 320, 450, 520, 640, 780],
        ["bath"] = [520, 520, 520, 670],
        ["cafe"] = [420, 480, 550, 780],
        ["cinema"] = [1_400, 2_000, 2_000, 2_600],
        ["curry"] = [800, 900, 1_050],
        ["hairdresser"] = [3_850, 4_400, 6_600, 8_800],
        ["kissaten"] = [450, 500, 650],
        ["laundry"] = [400, 600, 900, 1_200],
        ["okonomiyaki"] = [880, 1_080, 1_280],
        ["ramen"] = [850, 900, 980, 1_150],
        ["takoyaki"] = [450, 600],
        ["udon"] = [420, 560, 680],
    };

    static readonly Dictionary<string, (int Least, int Most, int Step)> s_baskets = new()
    {
        ["bicycle"] = (600, 5_800, 10),
        ["bookshop"] = (748, 3_960, 11),
        ["butcher"] = (480, 3_200, 1),
        ["cakes"] = (480, 2_900, 10),
        ["clinic"] = (980, 4_200, 10),
        ["clothing"] = (2_900, 14_900, 10),
        ["convenience"] = (158, 1_680, 1),
        ["dentist"] = (1_200, 5_200, 10),
        ["depachika"] = (860, 5_400, 1),
        ["electronics"] = (1_280, 24_800, 10),
        ["fishmonger"] = (520, 2_900, 1),
        ["florist"] = (660, 3_850, 11),
        ["greengrocer"] = (320, 2_800, 1),
        ["hotel"] = (7_800, 16_800, 100),
        ["izakaya"] = (2_200, 6_400, 10),
        ["karaoke"] = (900, 3_200, 10),
        ["kiosk"] = (130, 620, 10),
        ["liquor"] = (680, 4_200, 1),
        ["optician"] = (3_300, 26_400, 110),
        ["pharmacy"] = (398, 3_480, 1),
        ["shoes"] = (4_900, 15_800, 10),
        ["shop"] = (380, 2_600, 1),
        ["souvenir"] = (540, 4_800, 10),
        ["stationery"] = (150, 1_980, 11),
        ["sushi"] = (1_800, 5_200, 10),
        ["sweets"] = (540, 2_160, 9),
        ["toys"] = (880, 5_980, 10),
    };

    /// <summary>A sum somebody pays. <paramref name="usual"/> (0 to 1) is their usual dish, which they take most of the time.</summary>
    public static long Of(string trade, double usual, Random chance)
    {
        var (any, again) = (chance.NextDouble(), chance.NextDouble());
        if (s_menus.TryGetValue(trade, out var menu))
            return menu[(int)((again < 0.75 ? usual : any) * menu.Length)];
        var (least, most, step) = s_baskets[trade];
        // Small baskets are more common than large ones.
        return least + (long)((most - least) * any * any) / step * step;
    }
}
