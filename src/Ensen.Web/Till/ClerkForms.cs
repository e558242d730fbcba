using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Ui;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Till;

/// <summary>Who of the staff is at a till: whoever comes types a PIN of their own.</summary>
static class ClerkForms
{
    const string Page = "/till/clerk";

    public static void Map(RouteGroupBuilder till)
    {
        till.MapForm("/till/clerk", Come);
        till.MapForm("/till/clerk/leave", Leave);
    }

    static async Task<IResult> Come(HttpContext context, TillClerks clerks, SentBack sentBack, [FromForm] string? clerk,
        [FromForm] string? pin, CancellationToken ct)
    {
        var proof = Id.TryParse(clerk, out ShopAccountId who)
            ? await clerks.Come(context.TillStoreId(), new TillId(context.Caller().Id), who, pin ?? "", ct)
            : new RefundProof(PinCheck.Wrong);
        return Results.LocalRedirect(proof.Check == PinCheck.Right ? "/till" : sentBack.Address(context, Page, [
            KeyValuePair.Create("fault", proof.Check.ToString()), KeyValuePair.Create("clerk", clerk is { Length: <= 100 } ? clerk : "")]));
    }

    static async Task<IResult> Leave(HttpContext context, TillClerks clerks, CancellationToken ct)
    {
        await clerks.Leave(new TillId(context.Caller().Id), ct);
        return Results.LocalRedirect(Page);
    }
}
