using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Members;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>
/// Whom a program means by a member's id, a confirmed e-mail address or a telephone. Looking for an address is counted as on the pages, and
/// of those to whom nothing can be sent nobody learns whether they are members.
/// </summary>
static class Addressee
{
    public static async Task<(MemberId? Found, Problem? Problem)> Find(
        HttpContext context, Receivers receivers, string text, CancellationToken ct)
    {
        if (Id.TryParse(text, out MemberId id))
            return (id, null);
        if (!await receivers.MayLook(context.MemberId(), ct))
            return (null, new Problem("too_many_requests"));
        return await receivers.Find(text, ct) is { Verified: true } found ? (found.Id, null) : (null, new Problem("not_found"));
    }
}
