using System.Globalization;
using System.Text.Json.Serialization;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>
/// One of a merchant's staff. <c>refundedToday</c>: yen that they gave back today; <c>perRefund</c>, <c>perDay</c>: how much they may, by
/// their role where nothing else was set.
/// </summary>
sealed record StaffItem(
    string AccountId, string Name, string Role, string State, IReadOnlyList<string> StoreIds, bool HasTillPin, long PerRefund, long PerDay,
    long RefundedToday);

sealed record StaffAnswer(IReadOnlyList<StaffItem> Items);

/// <summary>Yen; null: what holds for the role.</summary>
sealed record RefundCapsBody(
    [property: JsonConverter(typeof(WholeAmountOrNull))] long? PerRefund = null,
    [property: JsonConverter(typeof(WholeAmountOrNull))] long? PerDay = null);

/// <summary>4 to 12 digits; null: it is drawn.</summary>
sealed record TillPinBody(string? Pin = null);

sealed record TillPinAnswer(string Pin);

/// <summary>A device that is signed in as a till of a store.</summary>
sealed record TillDeviceItem(
    string TillId, string TillName, string StoreId, string StoreName, string DeviceId, string Name, DateTimeOffset SignedInAt,
    DateTimeOffset SeenAt);

sealed record TillDevicesAnswer(IReadOnlyList<TillDeviceItem> Items);

/// <summary>Who works for a merchant, how much each gives back, and the devices at the tills.</summary>
static class StaffApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var staff = api.MapGroup("/shop/staff").RequireAuthorization(Policies.ShopStaff);
        staff.MapGet("", Read).Named("readStaff", "Who works for the merchant, and how much each may give back.").Produces<StaffAnswer>();
        staff.MapPut("/{id}/refund-caps", ChangeCaps)
            .Named("changeRefundCaps", "How much one of the staff gives back: at most in one refund, and in a day.")
            .Produces(204).Refuses(400, 404);
        staff.MapPost("/{id}/till-pin", GivePin)
            .Named("giveTillPin", "A PIN for the tills of their stores, in place of the one before; it is told once.")
            .Produces<TillPinAnswer>().Refuses(400, 404, 429);
        var tills = api.MapGroup("/shop/tills").RequireAuthorization(Policies.ShopTills);
        tills.MapGet("", ReadTills)
            .Named("readTillDevices", "The devices that are signed in at the tills of the stores that the caller sees.")
            .Produces<TillDevicesAnswer>();
        tills.MapDelete("/{id}/devices/{deviceId}", ThrowOut)
            .Named("throwOutTillDevice", "Throws out a device that was lost: its token is refused from the next request on.")
            .Produces(204).Refuses(404);
    }

    static async Task<IResult> Read(
        HttpContext context, ShopAccounts accounts, TillClerks clerks, ChangeRefundCaps caps, TimeProvider clock, CancellationToken ct)
    {
        var merchant = (await context.ShopAccess(ct)).By.Merchant;
        var (withPin, today, items) = (await clerks.WithPin(merchant, ct), JapanDay.Of(clock.GetUtcNow()), new List<StaffItem>());
        foreach (var account in (await accounts.Of(merchant, ct)).Where(a => a.State != ShopAccountState.Dismissed))
        {
            var (own, used) = await caps.Find(account.Id, today, ct);
            var byRole = ChangeRefundCaps.Of(account.Id, account.Role);
            items.Add(new StaffItem(
                account.Id.ToString(), account.Name, ShopRoles.Name(account.Role), account.State.ToString().ToLowerInvariant(),
                [.. account.Stores.Select(s => s.ToString())], withPin.Contains(account.Id), own.PerRefund ?? byRole.PerRefund.Value,
                own.PerDay ?? byRole.PerDay.Value, used.Value));
        }
        return Results.Ok(new StaffAnswer(items));
    }

    static async Task<IResult> ChangeCaps(
        HttpContext context, string id, Body<RefundCapsBody> body, ChangeRefundCaps change, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (!Id.TryParse(id, out ShopAccountId account)) return new Problem("not_found");
        return await change.Run(new ChangeRefundCapsRequest(
            (await context.ShopAccess(ct)).By, account, new RefundCaps(asked.PerRefund, asked.PerDay)), ct) switch
        {
            ChangeRefundCapsRefusal.None => Results.NoContent(),
            ChangeRefundCapsRefusal.Forbidden => new Problem("forbidden"),
            ChangeRefundCapsRefusal.InvalidRequest => Problem.Invalid("perRefund", "perDay"),
            _ => new Problem("not_found"),
        };
    }

    static async Task<IResult> GivePin(HttpContext context, string id, Body<TillPinBody> body, GiveTillPin give, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (!Id.TryParse(id, out ShopAccountId account)) return new Problem("not_found");
        var answer = await give.Run(new GiveTillPinRequest((await context.ShopAccess(ct)).By, account, asked.Pin), ct);
        return answer.Refusal switch
        {
            GiveTillPinRefusal.None => Results.Ok(new TillPinAnswer(answer.Value!.Pin)),
            GiveTillPinRefusal.Forbidden => new Problem("forbidden"),
            GiveTillPinRefusal.InvalidRequest => Problem.Invalid("pin"),
            GiveTillPinRefusal.TooManyRequests => new Problem("too_many_requests", Pins.ComeAgain),
            _ => new Problem("not_found"),
        };
    }

    static async Task<IResult> ReadTills(HttpContext context, TillDevices devices, CancellationToken ct)
    {
        var items = new List<TillDeviceItem>();
        foreach (var store in (await context.ShopAccess(ct)).Stores)
            items.AddRange((await devices.Of(store.Id, ct)).Select(d => new TillDeviceItem(
                d.Till.Id.ToString(), d.Till.Name, store.Id.ToString(), store.Name, d.Device.Session.ToString(), d.Device.Name,
                At(d.Device.CreatedMs), At(d.Device.SeenMs))));
        return Results.Ok(new TillDevicesAnswer(items));
    }

    static async Task<IResult> ThrowOut(HttpContext context, string id, string deviceId, TillDevices devices, CancellationToken ct)
    {
        var access = await context.ShopAccess(ct);
        return Id.TryParse(id, out TillId till) && Id.TryParse(deviceId, out SessionId device)
            && await devices.ThrowOut(access.By, [.. access.Stores.Select(s => s.Id)], till, device, ct)
                ? Results.NoContent() : new Problem("not_found");
    }

    static DateTimeOffset At(long ms) => JapanDay.InTokyo(Instant.OfMilliseconds(ms));
}
