using Ensen.Operations;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>Whose and when; beside these fields a list for each section of what is kept.</summary>
sealed record ExportAnswer(DateTimeOffset ExportedAt, string MemberId);

/// <summary>Everything that is kept about the member.</summary>
static class ExportApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/me/export", Read).WithPriority(RequestPriority.CanWait)
            .Named("exportMember",
                "Everything that is kept about the member, a list for each section: profile, devices, proofs, passkeys, restrictions, movements, "
                + "payments, charges, notices and more. Secrets and what is of others are not in it. A session that was opened on a page takes a Step-Up "
                + "(purpose `export`); a program's token is enough by itself.")
            .RequireAuthorization(Policies.Member).RequireRateLimiting(RateLimits.Challenges).Produces<ExportAnswer>().Refuses(404, 429)
            .NeedsProgram(ExportMember.Purpose);

    static async Task<IResult> Read(HttpContext context, ExportMember export, CancellationToken ct) =>
        await export.Run(context.MemberId(), ct) is { } all ? Results.Text(all.ToJsonString(), "application/json")
            : new Problem("not_found");
}
