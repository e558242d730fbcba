using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Sandbox.Town;
using Ensen.Staff;
using Ensen.Ui;
using Ensen.Ui.Session;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Ensen.Sandbox.Pages;

/// <summary>
/// Becoming somebody with one press: a new member, a new store, or one of the demo people. Mapped only where the sandbox is on.
/// </summary>
static class PeopleForms
{
    /// <summary>The PINs of stores made here: those of the town's, told on the start page.</summary>
    public const string TillPin = TownPeople.TillPin;
    public const string RefundPin = TownPeople.RefundPin;

    const string Device = "Sandbox";

    public static void Map(RouteGroupBuilder sandbox)
    {
        sandbox.MapForm("/sandbox/make/member", MakeMember).WithPriority(RequestPriority.CanWait);
        sandbox.MapForm("/sandbox/make/store", MakeStore).WithPriority(RequestPriority.CanWait);
        sandbox.MapForm("/sandbox/sign-in/member", AsMember);
        sandbox.MapForm("/sandbox/sign-in/till", AsTill);
        sandbox.MapForm("/sandbox/sign-in/merchant", AsMerchant);
        sandbox.MapForm("/sandbox/sign-in/shop", AsShopAccount);
        sandbox.MapForm("/sandbox/sign-in/point-till", AsPointTill);
        sandbox.MapForm("/sandbox/make/operator", MakeOperator).WithPriority(RequestPriority.CanWait);
        sandbox.MapForm("/sandbox/sign-in/operator", AsOperator);
    }

    static async Task<IResult> MakeMember(
        HttpContext context, CreateVerifiedMember admit, Sessions sessions, IStringLocalizer<SandboxWords> words, [FromForm] string? name,
        CancellationToken ct)
    {
        var called = Or(name, words["NewMember"]);
        var member = await admit.Run(new CreateVerifiedMemberRequest(
            called, Verified: true, Telephone: SandboxPapers.Draw().Telephone, Details: SandboxPapers.Details(called)), ct);
        if (!member.Accepted)
            return Results.LocalRedirect("/welcome?said=BadName");
        await context.SignInWith(await sessions.Open(Subject.Member(member.Value.Id), Device, lasting: true, ct: ct));
        return Results.LocalRedirect("/");
    }

    static async Task<IResult> MakeStore(
        HttpContext context, SandboxStores open, Sessions sessions, IStringLocalizer<SandboxWords> words, [FromForm] string? name, [
            FromForm] string? category, CancellationToken ct)
    {
        var called = Or(name, words["NewStore"]);
        var opened = await open.Open(called, MerchantCategory.IsKnown(category ?? "") ? category! : "cafe", ct);
        if (!opened.Accepted)
            return Results.LocalRedirect("/welcome?said=BadName");
        await SignInMerchant(context, sessions, opened.Value.Store, ct);
        return await SignInTill(context, sessions, opened.Value.Store.Id, opened.Value.TillId, ct);
    }

    // Only the town's people can be entered like this: nobody becomes a member who registered.
    static async Task<IResult> AsMember(HttpContext context, DemoTown town, MemberDirectory directory, Sessions sessions,
        [FromForm] string? id, CancellationToken ct)
    {
        if (!Id.TryParse(id, out MemberId memberId) || (await town.People(ct))?.Members.Any(m => m.Id == memberId) is not true)
            return Results.LocalRedirect("/welcome?said=Nobody");
        await context.SignInAs(await directory.Find(memberId, ct),
            await sessions.Open(Subject.Member(memberId), Device, lasting: true, ct: ct));
        return Results.LocalRedirect("/");
    }

    static async Task<IResult> AsTill(HttpContext context, Stores stores, Tills tills, Sessions sessions, [FromForm] string? id,
        CancellationToken ct) =>
        Id.TryParse(id, out StoreId storeId) && await stores.Find(storeId, ct) is { } store
            && await tills.OfStore(store.Id, ct) is [var till, ..]
            ? await SignInTill(context, sessions, store.Id, till.Id, ct)
            : Results.LocalRedirect("/welcome?said=Nobody");

    static async Task<IResult> AsPointTill(HttpContext context, DemoTown town, Sessions sessions, CancellationToken ct)
    {
        if ((await town.People(ct))?.Mall is not { } mall)
            return Results.LocalRedirect("/welcome?said=Nobody");
        await context.SignInWith(await sessions.Open(Subject.PointTill(mall.Till), Device, mall.Centre, lasting: true, ct: ct));
        return Results.LocalRedirect("/point-till");
    }

    static async Task<IResult> AsMerchant(HttpContext context, Stores stores, Sessions sessions, [FromForm] string? id,
        CancellationToken ct)
    {
        if (!Id.TryParse(id, out StoreId storeId) || await stores.Find(storeId, ct) is not { } store)
            return Results.LocalRedirect("/welcome?said=Nobody");
        await SignInMerchant(context, sessions, store, ct);
        return Results.LocalRedirect("/shop");
    }

    static async Task<IResult> MakeOperator(HttpContext context, CreateOperator employ, Sessions sessions,
        IStringLocalizer<SandboxWords> words, [FromForm] string? name, CancellationToken ct)
    {
        var made = await employ.Run(new CreateOperatorRequest(
            Or(name, words["NewOperator"]), $"sandbox-{Guid.NewGuid().ToString("N")[..16]}", RoleNames.All), ct);
        return made.Accepted ? await SignInOperator(context, sessions, made.Value.Account, ct)
            : Results.LocalRedirect("/welcome?said=BadName");
    }

    // Only the town's: nobody becomes an operator who was invited, nor somebody who works for a merchant.
    static async Task<IResult> AsOperator(HttpContext context, DemoTown town, Sessions sessions, [FromForm] string? id,
        [FromForm] string? member, CancellationToken ct) =>
        Id.TryParse(id, out OperatorId account) && (await town.People(ct))?.Operators.Any(o => o.Id == account) is true
            ? await SignInOperator(context, sessions, account, ct,
                Id.TryParse(member, out MemberId looked) ? $"/console/members/{looked}" : "/console")
            : Results.LocalRedirect("/welcome?said=Nobody");

    static async Task<IResult> AsShopAccount(HttpContext context, DemoTown town, Sessions sessions, [FromForm] string? id,
        CancellationToken ct)
    {
        if (!Id.TryParse(id, out ShopAccountId account)
            || (await town.People(ct))?.ShopStaff.FirstOrDefault(one => one.Id == account) is not { } who)
            return Results.LocalRedirect("/welcome?said=Nobody");
        await context.SignInWith(await sessions.Open(Subject.ShopAccount(who.Id), Device, who.Merchant, lasting: true, ct: ct));
        return Results.LocalRedirect("/shop");
    }

    static async Task<IResult> SignInOperator(
        HttpContext context, Sessions sessions, OperatorId account, CancellationToken ct, string to = "/console")
    {
        await context.SignInWith(await sessions.Open(Subject.Operator(account), Device, lasting: true, ct: ct));
        return Results.LocalRedirect(to);
    }

    static async Task<IResult> SignInTill(HttpContext context, Sessions sessions, StoreId store, TillId till, CancellationToken ct)
    {
        await context.SignInWith(await sessions.Open(Subject.Till(till), Device, store, lasting: true, ct: ct));
        return Results.LocalRedirect("/till");
    }

    static async Task SignInMerchant(HttpContext context, Sessions sessions, Store store, CancellationToken ct) =>
        await context.SignInWith(await sessions.Open(Subject.Merchant(store.Merchant), Device, lasting: true, ct: ct));

    static string Or(string? typed, string otherwise) => string.IsNullOrWhiteSpace(typed) ? otherwise : typed;
}
