using Ensen.Access;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Ui;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Shop;

/// <summary>A device that was lost is thrown out, and whoever has seen the PIN that signs tills in knows it no more.</summary>
static class ShopTillForms
{
    const string Page = "/shop/tills";

    public static void Map(IEndpointRouteBuilder tills)
    {
        tills.MapForm("/shop/tills/out", ThrowOut);
        tills.MapForm("/shop/tills/pin", NewPin);
    }

    static async Task<IResult> ThrowOut(HttpContext http, TillDevices devices, SentBack sentBack, [FromForm] string? till,
        [FromForm] string? device, CancellationToken ct)
    {
        var access = await http.ShopAccess(ct);
        var isOut = Id.TryParse(till, out TillId tillId) && Id.TryParse(device, out SessionId session)
            && await devices.ThrowOut(access.By, [.. access.Stores.Select(s => s.Id)], tillId, session, ct);
        return Results.LocalRedirect(sentBack.Address(http, Page, [KeyValuePair.Create("told", isOut ? "out" : "gone")]));
    }

    static async Task<IResult> NewPin(HttpContext http, Pins pins, SentBack sentBack, [FromForm] string? store, CancellationToken ct)
    {
        var access = await http.ShopAccess(ct);
        var pin = Pins.Draw(PinPurpose.TillSignIn);
        return Id.TryParse(store, out StoreId storeId) && access.Sees(storeId) && await pins.Set(storeId, PinPurpose.TillSignIn, pin, ct)
            ? Results.LocalRedirect(sentBack.Address(http, Page, [KeyValuePair.Create("pin", pin)]))
            : Results.LocalRedirect(sentBack.Address(http, Page, [KeyValuePair.Create("told", "gone")]));
    }
}
