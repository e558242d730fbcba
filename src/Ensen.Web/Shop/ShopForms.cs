using Ensen.Members;
using Ensen.Web.Session;

namespace Ensen.Web.Shop;

/// <summary>What the merchant's desk sends.</summary>
static class ShopForms
{
    public static void MapShop(this IEndpointRouteBuilder app) =>
        app.MapPost("/shop/sign-out", SignOut).RequireAuthorization(Policies.Merchant).ExcludeFromDescription();

    static async Task<IResult> SignOut(HttpContext context, IFormCollection _)
    {
        await context.SignOutOf(SessionKind.Merchant);
        return Results.LocalRedirect("/shop/sign-in");
    }
}
