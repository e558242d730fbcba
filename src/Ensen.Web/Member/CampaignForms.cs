using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>Entering a campaign from the points page.</summary>
static class CampaignForms
{
    public static void Map(IEndpointRouteBuilder member) => member.MapForm("/points/campaigns", Enter);

    static async Task<IResult> Enter(
        HttpContext http, [FromForm] string? campaign, EnterCampaign enter, MemberDirectory directory, CancellationToken ct)
    {
        var payer = await http.Payer(directory, ct);
        var entered = Id.TryParse(campaign, out CampaignId id)
            && (await enter.Run(id, payer.MemberId, payer.Verified, ct)).Accepted;
        return Results.LocalRedirect($"/points?campaign={(entered ? "entered" : "refused")}#campaigns");
    }
}
