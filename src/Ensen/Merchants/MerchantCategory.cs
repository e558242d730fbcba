using System.Collections.Frozen;

namespace Ensen.Merchants;

/// <summary>What a store deals in: our word for it, and the merchant category code (ISO 18245) that codes and statements carry.</summary>
public static class MerchantCategory
{
    public const string Other = "shop";

    static readonly FrozenDictionary<string, string> s_codes = new Dictionary<string, string>
    {
        ["bakery"] = "5462",
        ["bath"] = "7298",
        ["bicycle"] = "5940",
        ["bookshop"] = "5942",
        ["butcher"] = "5422",
        ["cafe"] = "5814",
        ["cakes"] = "5462",
        ["cinema"] = "7832",
        ["clinic"] = "8011",
        ["clothing"] = "5651",
        ["convenience"] = "5499",
        ["curry"] = "5812",
        ["dentist"] = "8021",
        ["depachika"] = "5311",
        ["electronics"] = "5732",
        ["fishmonger"] = "5499",
        ["florist"] = "5992",
        ["greengrocer"] = "5411",
        ["hairdresser"] = "7230",
        ["hotel"] = "7011",
        ["izakaya"] = "5813",
        ["karaoke"] = "7929",
        ["kiosk"] = "5994",
        ["kissaten"] = "5814",
        ["laundry"] = "7211",
        ["liquor"] = "5921",
        ["okonomiyaki"] = "5812",
        ["optician"] = "8043",
        ["pharmacy"] = "5912",
        ["ramen"] = "5812",
        ["shoes"] = "5661",
        [Other] = "5999",
        ["souvenir"] = "5947",
        ["stationery"] = "5943",
        ["sushi"] = "5812",
        ["sweets"] = "5441",
        ["takoyaki"] = "5814",
        ["toys"] = "5945",
        ["udon"] = "5812",
    }.ToFrozenDictionary();

    public static IReadOnlyCollection<string> All => s_codes.Keys;

    public static bool IsKnown(string category) => s_codes.ContainsKey(category);

    /// <summary>The four digits; those of "other shops" for a word that is not known.</summary>
    public static string CodeOf(string category) => s_codes.GetValueOrDefault(category) ?? s_codes[Other];
}
