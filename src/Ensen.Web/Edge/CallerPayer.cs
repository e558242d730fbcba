using Ensen.Members;
using Ensen.Wallet;
using Ensen.Web.Session;

namespace Ensen.Web.Edge;

/// <summary>Who pays, sends and charges: the member who asks.</summary>
static class CallerPayer
{
    /// <summary>The member who asks, as payments see them.</summary>
    public static async Task<Payer> Payer(this HttpContext context, MemberDirectory directory, CancellationToken ct)
    {
        var id = context.MemberId();
        return await directory.Find(id, ct) is { } member
            ? Wallet.Payer.Of(member, context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow())
            : new Payer(id, Verified: false);
    }
}
