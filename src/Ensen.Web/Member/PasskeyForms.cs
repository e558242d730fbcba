using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>
/// The forms of the page of passkeys, and what a script (js/passkey.js) is told to ask the device. Adding one and removing one take a
/// proof; a removal is done right after it, while a device is asked by a press of its own.
/// </summary>
static class PasskeyForms
{
    const string Page = "/account/passkeys";

    public static IReadOnlyList<StepUpAct> Acts { get; } =
    [
        new(Passkeys.Purpose, Page, (http, typed, ct) => typed.ContainsKey("passkey") ? Remove(http, typed, ct)
            : Task.FromResult(Told("passkey-proven"))) { IsProofAlone = true },
    ];

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/account/passkeys/options", Ask);
        member.MapForm("/account/passkeys/add", Add);
        member.MapForm("/account/passkeys/rename", Rename);
        member.MapForm("/account/passkeys/remove", (HttpContext http, CancellationToken ct) => Remove(http, SentBack.Typed(http), ct));
        member.MapForm("/step-up/passkey", AskProof);
    }

    static async Task<IResult> Ask(HttpContext http, StepUp stepUp, MemberDirectory directory, PasskeyCeremonies ceremonies,
        CancellationToken ct)
    {
        if (!http.IsScript())
            return Results.LocalRedirect(Page);
        if (!ceremonies.Available(http))
            return Results.Json(new PasskeyTold(Url: $"{Page}?told=passkey-not-kept"));
        // Asked before the device is: nobody makes a passkey that is then not kept.
        if (!await stepUp.IsProven(http.Caller(), Passkeys.Purpose, ct))
            return Results.Json(new PasskeyTold(Url: StepUpAct.AddressOf(http, Passkeys.Purpose, new Dictionary<string, string>())));
        var member = await directory.Find(http.MemberId(), ct);
        var asked = await ceremonies.AskNew(http, http.Caller(), member?.Email ?? member?.Name ?? "");
        return Results.Json(new PasskeyTold(asked.Options, asked.Ticket));
    }

    static async Task<IResult> Add(HttpContext http, [FromForm] string? ticket, [FromForm] string? credential, AddPasskey add,
        PasskeyCeremonies ceremonies, CancellationToken ct)
    {
        if (await ceremonies.Made(http, http.Caller(), ticket, credential) is not { } made)
            return Told("passkey-not-kept");
        var answer = await add.Run(
            new AddPasskeyRequest(http.Caller().Subject, made, http.Proof(), null, RequestDevice.DeviceOf(http)), ct);
        return answer.Refusal switch
        {
            AddPasskeyRefusal.None => Told("passkey-added"),
            AddPasskeyRefusal.StepUpRequired => StepUpAct.Ask(http, Passkeys.Purpose, new Dictionary<string, string>()),
            AddPasskeyRefusal.AlreadyRegistered => Told("passkey-there"),
            AddPasskeyRefusal.OverLimit => Told("passkey-many"),
            _ => Told("passkey-not-kept"),
        };
    }

    static async Task<IResult> Rename(HttpContext http, [FromForm] string? passkey, [FromForm] string? name, Passkeys passkeys,
        CancellationToken ct)
    {
        if (!OneLineName.TryParse(name, out var kept))
            return Told("passkey-no-name");
        return Id.TryParse(passkey, out PasskeyId id) && await passkeys.Rename(http.Caller().Subject, id, kept, ct)
            ? Told("passkey-renamed")
            : Results.LocalRedirect(Page);
    }

    static async Task<IResult> Remove(HttpContext http, IReadOnlyDictionary<string, string> typed, CancellationToken ct)
    {
        if (!Id.TryParse(typed.GetValueOrDefault("passkey"), out PasskeyId id))
            return Results.LocalRedirect(Page);
        var answer = await http.RequestServices.GetRequiredService<RemovePasskey>().Run(
            new RemovePasskeyRequest(http.Caller().Subject, id, http.Proof(), RequestDevice.DeviceOf(http)), ct);
        return answer.Refusal switch
        {
            RemovePasskeyRefusal.None => Told("passkey-removed"),
            RemovePasskeyRefusal.StepUpRequired => StepUpAct.Ask(http, Passkeys.Purpose, typed),
            _ => Results.LocalRedirect(Page),
        };
    }

    /// <summary>What to ask the device on the page of a proof; the challenge's id is the ticket.</summary>
    static async Task<IResult> AskProof(HttpContext http, [FromForm] string? purpose, StepUp stepUp, CancellationToken ct)
    {
        if (!http.IsScript() || StepUpAct.Of(purpose) is not { } act)
            return Results.LocalRedirect("/account");
        var begun = await stepUp.Begin(http.Caller(), act.Purpose, ProofMethod.Passkey, onPage: true, ct);
        return Results.Json(begun.Value is { } challenge
            ? new PasskeyTold(ProofByPasskey.OptionsOf(challenge), challenge.Id.ToString())
            : new PasskeyTold(Url: act.Page));
    }

    static IResult Told(string what) => Results.LocalRedirect($"{Page}?told={what}");
}
