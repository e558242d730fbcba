using Ensen.Merchants;
using Ensen.Sandbox.Town;

namespace Ensen.Sandbox.Pages;

/// <summary>In which order stores are offered to whoever tries the product.</summary>
static class StoresShown
{
    /// <summary>What was opened here first, the newest before the others; then the town's, the suggested one before the others.</summary>
    public static IReadOnlyList<Store> First(IReadOnlyList<Store> stores, TownPeople? people)
    {
        var town = people?.Shops.Select(s => s.Store).ToHashSet() ?? [];
        return [.. stores.Where(s => !town.Contains(s.Id)).Reverse(), .. stores.Where(s => town.Contains(s.Id))
            .OrderBy(s => s.Id != people!.SuggestedShop.Store)];
    }
}
