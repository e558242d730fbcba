using Ensen.Access;
using Ensen.Members;
using Ensen.Web.Session;

namespace Ensen.Web.Welcome;

/// <summary>A member signs in with a passkey.</summary>
static class PasskeyEntry
{
    const string Page = "/sign-in";

    public static void Map(IEndpointRouteBuilder open)
    {
        open.MapForm("/sign-in/passkey/options", PasskeyDoor.Ask(Page));
        open.MapForm("/sign-in/passkey", PasskeyDoor.Enter(Page, "/", Enter));
    }

    static async Task<bool> Enter(HttpContext http, SignedByPasskey signed, CancellationToken ct)
    {
        var known = http.RequestServices.GetRequiredService<KnownDevices>();
        var answer = await http.RequestServices.GetRequiredService<SignInByPasskey>().Run(
            signed, RequestDevice.DeviceOf(http), (await known.Of(http, ct))?.Knows(signed.Subject.Id) is true, ct);
        if (!answer.Accepted)
            return false;
        await http.SignInAs(answer.Value.Member, answer.Value.Session);
        await known.Remember(http, answer.Value.Member.Id, answer.Value.Session.Caller.Session);
        return true;
    }
}
