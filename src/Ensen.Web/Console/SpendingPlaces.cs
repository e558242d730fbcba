using Ensen.Merchants;
using Ensen.Points;
using Ensen.Rewards;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Rooms;

/// <summary>What points of a use can be spent on, by name: an operator who approves a campaign reads all of it.</summary>
sealed class SpendingPlaces(IStringLocalizer<ConsoleWords> texts, Stores stores, RewardCatalogue catalogue)
{
    public async Task<IReadOnlyList<string>> Of(PointUse use, CancellationToken ct)
    {
        var names = new List<string>();
        foreach (var place in use.Places)
            names.Add(await Name(place, ct));
        return names;
    }

    async Task<string> Name(SpendingPlace place, CancellationToken ct) =>
        place.Id == default ? texts["SpendingKind_" + place.Kind]
        : place.Kind == SpendingKind.Store ? (await stores.Find(new StoreId(place.Id), ct))?.Name ?? ""
        : (await catalogue.Find(new RewardId(place.Id), ct))?.Title ?? "";
}
