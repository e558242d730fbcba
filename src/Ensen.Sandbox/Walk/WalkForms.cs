using System.Security.Claims;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Sandbox.Town;
using Ensen.Sandbox.Pages;
using Ensen.Ui;
using Ensen.Ui.Session;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Ensen.Sandbox.Walk;

/// <summary>
/// The presses of the first walk. Whoever is nobody yet becomes the suggested member, and sits at the suggested store's till, on the way:
/// no step of the walk ends at a sign-in page.
/// </summary>
sealed class WalkForms(DemoTown town, Stores stores, Tills tills, Tags tags, SandboxStores open, CreateVerifiedMember admit,
    Sessions sessions, IStringLocalizer<SandboxWords> words)
{
    const string Device = "Sandbox";

    public static void Map(RouteGroupBuilder sandbox)
    {
        sandbox.MapForm("/sandbox/walk", async (HttpContext context, WalkForms walk, [FromForm] string? place, CancellationToken ct) =>
            Results.LocalRedirect(Enum.TryParse<WalkPlace>(place, out var known) && Enum.IsDefined(known)
                ? await walk.Enter(context, known, ct) : "/welcome"));
        sandbox.MapForm("/sandbox/take",
            async (HttpContext context, WalkForms walk, IScannedCodes codes, [FromForm] string? code, CancellationToken ct) =>
        {
            var till = await walk.Enter(context, WalkPlace.TillTake, ct);
            codes.KeepAtTill(context, code);
            return Results.LocalRedirect(till);
        });
        sandbox.MapGet("/sandbox/scan", Scan);
        sandbox.MapForm("/sandbox/walk/again", (HttpContext context) =>
        {
            WalkProgress.Forget(context);
            return Results.LocalRedirect("/welcome#walk");
        });
    }

    /// <summary>
    /// The till's QR is read without a camera: the page opens that a phone would show. Nobody is signed in by following a link.
    /// </summary>
    static async Task<IResult> Scan(HttpContext context, IScannedCodes codes, string? text, CancellationToken ct) =>
        Results.LocalRedirect((await context.AuthenticateAsync(Policies.Name(SubjectKind.Member))).Succeeded
            ? await codes.PageOf(context, text, ct)
            : "/welcome#walk");

    /// <summary>Signs in whoever is needed and not there, and says where to go.</summary>
    async Task<string> Enter(HttpContext context, WalkPlace place, CancellationToken ct)
    {
        var people = await town.People(ct);
        if (WalkProgress.IsTill(place))
            await SitAtTill(context, people, ct);
        else if (place is not (WalkPlace.Register or WalkPlace.Mailbox or WalkPlace.Atm or WalkPlace.Roots))
            await BeMember(context, people, ct);
        return place switch
        {
            WalkPlace.ChargePage => "/charge",
            WalkPlace.TouchedTag => await TagOf(await StoreOf(people, ct), ct),
            WalkPlace.ShownCode or WalkPlace.ReadQr => "/pay",
            WalkPlace.TillTake => "/till/take",
            WalkPlace.TillQr => "/till/qr",
            WalkPlace.Till => "/till",
            WalkPlace.TillRefund => "/till/refund",
            WalkPlace.History => "/history",
            WalkPlace.Roots => "/roots",
            WalkPlace.Send => $"/send?to={await Friend(people, ct)}",
            WalkPlace.Register => "/register",
            WalkPlace.Mailbox => "/sandbox#mail",
            WalkPlace.ChargeAtAtm => "/charge?source=atm",
            WalkPlace.Atm => "/sandbox#atm",
            _ => "/welcome",
        };
    }

    async Task BeMember(HttpContext context, TownPeople? people, CancellationToken ct)
    {
        if ((await context.AuthenticateAsync(Policies.Name(SubjectKind.Member))).Succeeded)
            return;
        var member = people?.Suggested.Id ?? await Somebody("NewMember", ct);
        await context.SignInWith(await sessions.Open(Subject.Member(member), Device, lasting: true, ct: ct));
    }

    async Task SitAtTill(HttpContext context, TownPeople? people, CancellationToken ct)
    {
        if ((await context.AuthenticateAsync(Policies.Name(SubjectKind.Till))).Succeeded)
            return;
        var store = await StoreOf(people, ct);
        if (await tills.OfStore(store, ct) is [var till, ..])
            await context.SignInWith(await sessions.Open(Subject.Till(till.Id), Device, store, lasting: true, ct: ct));
    }

    /// <summary>The store at whose till the walk will sit; null where a new one would be opened for it.</summary>
    public async Task<StoreId?> TillStore(HttpContext context, CancellationToken ct) =>
        (await context.AuthenticateAsync(Policies.Name(SubjectKind.Till))).Principal?.FindFirst(ClaimTypes.NameIdentifier) is { } signedIn
            ? new StoreId(Guid.Parse(signedIn.Value))
            : (await town.People(ct))?.SuggestedShop.Store ?? (await stores.List(1, ct: ct) is [var first, ..] ? first.Id : null);

    /// <summary>The suggested store; without a town the one that was opened first, and a new one where there is none.</summary>
    async Task<StoreId> StoreOf(TownPeople? people, CancellationToken ct)
    {
        if (people is not null)
            return people.SuggestedShop.Store;
        if (await stores.List(1, ct: ct) is [var first, ..])
            return first.Id;
        return Made(await open.Open(words["NewStore"], "cafe", ct)).Store.Id;
    }

    async Task<string> TagOf(StoreId store, CancellationToken ct) =>
        (await tags.OfStore(store, ct)).FirstOrDefault(t => t is { State: TagState.Active, Kind: TagKind.Plain }) is { } tag
            ? $"/t/{tag.Id}"
            : "/sandbox#tags";

    async Task<MemberId> Friend(TownPeople? people, CancellationToken ct) =>
        people?.Members.First(m => m.Role == TownRole.Family).Id ?? await Somebody("NewFriend", ct);

    async Task<MemberId> Somebody(string name, CancellationToken ct) =>
        Made(await admit.Run(new CreateVerifiedMemberRequest(words[name], Verified: true), ct)).Id;

    static T Made<T, TRefusal>(Answer<T, TRefusal> answer) where T : class where TRefusal : struct, Enum =>
        answer.Accepted ? answer.Value : throw new InvalidOperationException($"The walk could not go on: {answer.Refusal}.");
}
