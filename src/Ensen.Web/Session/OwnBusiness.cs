using Ensen.Businesses;
using Ensen.Staff;

namespace Ensen.Web.Session;

/// <summary>The company at whose desk whoever asks has signed in, and who that is.</summary>
/// <param name="Person">The account that asks, or the merchant's own program.</param>
public sealed record OwnBusiness(Business Business, ActingShop By, ShopAccess Access)
{
    public Guid Person => By.Account?.Value ?? By.Merchant.Value;
}

/// <summary>Whose company account it is, for pages and endpoints behind <see cref="Policies.Business"/>.</summary>
public static class AskingBusiness
{
    /// <summary>Null where the merchant has no account.</summary>
    public static async Task<OwnBusiness?> Business(this HttpContext context, CancellationToken ct)
    {
        var access = await context.ShopAccess(ct);
        return await context.RequestServices.GetRequiredService<BusinessAccounts>().Of(access.By.Merchant, ct) is { } business
            ? new OwnBusiness(business, access.By, access) : null;
    }
}
