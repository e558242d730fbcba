using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>A signed-in device. <paramref name="Current"/>: the one that asks.</summary>
sealed record DeviceAnswer(string Id, string Name, DateTimeOffset SignedInAt, DateTimeOffset SeenAt, bool Current);

/// <summary>All of the member's; one list, for it is short.</summary>
sealed record DevicesAnswer(IReadOnlyList<DeviceAnswer> Items);

/// <summary>The devices on which the member is signed in; one that is thrown out is out at once.</summary>
static class DevicesApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var mine = api.MapGroup("/me/devices").RequireAuthorization(Policies.Member);
        mine.MapGet("", Read).Named("readDevices", "The devices on which the member is signed in, the last used first.")
            .Produces<DevicesAnswer>();
        mine.MapDelete("/{id}", End).Named("endDevice", "Signs a device out, at once.").Produces(204).Refuses(404);
    }

    static async Task<IResult> Read(HttpContext context, Sessions sessions, CancellationToken ct)
    {
        var caller = context.Caller();
        return Results.Ok(new DevicesAnswer([.. (await sessions.Devices(caller.Subject, ct)).Select(d => new DeviceAnswer(
            d.Session.ToString(), d.Name, At(d.CreatedMs), At(d.SeenMs), d.Session == caller.Session))]));
    }

    static async Task<IResult> End(HttpContext context, string id, EndDevices devices, CancellationToken ct) =>
        Id.TryParse(id, out SessionId session) && await devices.One(context.Caller(), session, ct)
            ? Results.NoContent() : new Problem("not_found");

    static DateTimeOffset At(long ms) => JapanDay.InTokyo(Instant.OfMilliseconds(ms));
}
