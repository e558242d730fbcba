using Ensen.Merchants;

namespace Ensen.Web.Shop;

/// <summary>The pieces of a store's printed kit, by the word in their addresses, which is the end of their texts' keys too.</summary>
static class StoreKit
{
    public const string Poster = "poster";

    /// <summary>A6, for a table or the counter.</summary>
    public const string Card = "card";

    /// <summary>50 mm, one for each tag.</summary>
    public const string Sticker = "sticker";

    /// <summary>A4: all tags of the store.</summary>
    public const string Sheet = "tags";

    public static IReadOnlyList<string> Pieces { get; } = [Poster, Card, Sticker, Sheet];

    public static string AddressOf(StoreId store, string piece) => piece == Poster ? $"/shop/poster/{store}" : $"/shop/poster/{store}/{piece}";
}
