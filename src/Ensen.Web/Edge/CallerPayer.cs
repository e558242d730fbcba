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
        return new Payer(id, await directory.Find(id, ct) is { Verified: true });
    }
}
