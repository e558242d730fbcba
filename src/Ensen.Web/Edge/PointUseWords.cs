using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Rewards;

namespace Ensen.Web.Edge;

/// <summary>What points are for, as programs and forms write it. What is no store's or reward's id is none's.</summary>
static class PointUseWords
{
    public static IReadOnlyList<StoreId> Stores(IEnumerable<string>? ids) =>
        [.. (ids ?? []).Select(text => Id.TryParse(text, out StoreId id) ? id : default)];

    public static IReadOnlyList<RewardId> Rewards(IEnumerable<string>? ids) =>
        [.. (ids ?? []).Select(text => Id.TryParse(text, out RewardId id) ? id : default)];

    /// <summary>The kinds of these words; null when one of them is none.</summary>
    public static IReadOnlyList<SpendingKind>? Kinds(IEnumerable<string>? words)
    {
        var kinds = new List<SpendingKind>();
        foreach (var word in words ?? [])
            if (Array.Find(Enum.GetValues<SpendingKind>(), k => Problem.Code(k.ToString()) == word) is not 0 and var kind)
                kinds.Add(kind);
            else
                return null;
        return kinds;
    }
}
