using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Ui;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Shop;

/// <summary>Who works at a merchant's desk: inviting somebody, another role or other stores, the end of an account.</summary>
static class ShopStaffForms
{
    const string Page = "/shop/staff";

    public static void Map(IEndpointRouteBuilder staff)
    {
        staff.MapForm("/shop/staff/invite", Invite);
        staff.MapForm("/shop/staff/change", Change);
        staff.MapForm("/shop/staff/dismiss", Dismiss);
        staff.MapForm("/shop/staff/till-pin", GiveTillPin);
        staff.MapForm("/shop/staff/refund-caps", ChangeCaps);
    }

    static async Task<IResult> Invite(HttpContext http, [FromForm] string? name, [FromForm] string? role, InviteToShop invite,
        Programme programme, SentBack sentBack, CancellationToken ct)
    {
        var answer = await invite.Run(new InviteToShopRequest(
            (await http.ShopAccess(ct)).By, name ?? "", ShopRoles.Read(role) ?? default, StoresIn(http)), ct);
        return Results.LocalRedirect(answer.Accepted
            ? sentBack.Address(http, Page, [
                KeyValuePair.Create("told", "invited"),
                KeyValuePair.Create("link", $"{programme.Origin}/shop/join/{answer.Value.Token}")])
            : sentBack.Address(http, Page, ("told", "invite_" + answer.Refusal)));
    }

    static async Task<IResult> Change(HttpContext http, [FromForm] string? account, [FromForm] string? role, ChangeShopAccount change,
        SentBack sentBack, CancellationToken ct)
    {
        var answer = await change.Run(new ChangeShopAccountRequest(
            (await http.ShopAccess(ct)).By, Account(account), ShopRoles.Read(role) ?? default, StoresIn(http)), ct);
        return Told(http, sentBack, answer.Accepted ? "changed" : "change_" + answer.Refusal);
    }

    static async Task<IResult> Dismiss(HttpContext http, [FromForm] string? account, DismissFromShop dismiss, SentBack sentBack,
        CancellationToken ct)
    {
        var answer = await dismiss.Run((await http.ShopAccess(ct)).By, Account(account), ct);
        return Told(http, sentBack, answer.Accepted ? "dismissed" : "dismiss_" + answer.Refusal);
    }

    static async Task<IResult> GiveTillPin(HttpContext http, [FromForm] string? account, GiveTillPin give, SentBack sentBack,
        CancellationToken ct)
    {
        var answer = await give.Run(new GiveTillPinRequest((await http.ShopAccess(ct)).By, Account(account)), ct);
        return Results.LocalRedirect(answer.Accepted
            ? sentBack.Address(http, Page, [
                KeyValuePair.Create("told", "pin"), KeyValuePair.Create("account", account!), KeyValuePair.Create("pin", answer.Value.Pin)])
            : sentBack.Address(http, Page, [KeyValuePair.Create("told", "pin_" + answer.Refusal)]));
    }

    /// <summary>Whoever was given a PIN chooses another, so that only they know it.</summary>
    public static async Task<IResult> OwnTillPin(HttpContext http, [FromForm] string? pin, GiveTillPin give, SentBack sentBack,
        CancellationToken ct)
    {
        var by = (await http.ShopAccess(ct)).By;
        var answer = by.Account is { } own ? await give.Run(new GiveTillPinRequest(by, own, pin ?? ""), ct) : GiveTillPinRefusal.Forbidden;
        return Results.LocalRedirect(sentBack.Address(http, "/shop/account", [
            KeyValuePair.Create("ownPin", answer.Accepted ? "set" : answer.Refusal.ToString())]));
    }

    /// <summary>An empty field: what holds for the role.</summary>
    static async Task<IResult> ChangeCaps(HttpContext http, [FromForm] string? account, [FromForm] string? perRefund,
        [FromForm] string? perDay, ChangeRefundCaps change, SentBack sentBack, CancellationToken ct)
    {
        var refusal = TryCap(perRefund, out var one) && TryCap(perDay, out var day)
            ? await change.Run(new ChangeRefundCapsRequest((await http.ShopAccess(ct)).By, Account(account), new RefundCaps(one, day)), ct)
            : ChangeRefundCapsRefusal.InvalidRequest;
        return Told(http, sentBack, refusal == ChangeRefundCapsRefusal.None ? "caps" : "caps_" + refusal);
    }

    static bool TryCap(string? typed, out long? cap)
    {
        cap = null;
        if (string.IsNullOrWhiteSpace(typed))
            return true;
        if (TypedDigits.Number(typed.Replace(",", "", StringComparison.Ordinal)) is not { Length: <= 9 } digits)
            return false;
        cap = long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
        return true;
    }

    static List<StoreId> StoresIn(HttpContext http) =>
        [.. http.Request.Form["store"].Select(text => Id.TryParse(text, out StoreId id) ? id : default)];

    /// <summary>What is no account's number is nobody's.</summary>
    static ShopAccountId Account(string? text) => Id.TryParse(text, out ShopAccountId id) ? id : default;

    static IResult Told(HttpContext http, SentBack sentBack, string what) =>
        Results.LocalRedirect(sentBack.Address(http, Page, [KeyValuePair.Create("told", what)]));
}
