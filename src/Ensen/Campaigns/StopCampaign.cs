using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Campaigns;

/// <summary>Which campaign is stopped, and why.</summary>
public sealed record StopCampaignRequest(CampaignId Campaign, string Reason, ActingOperator By);

/// <summary>Why a campaign is not stopped.</summary>
public enum StopCampaignRefusal
{
    None = 0,

    /// <summary>The reason is missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,
    NotFound = 2,

    /// <summary>It had ended already.</summary>
    AlreadyDecided = 3,

    /// <summary>Whoever stops it may not.</summary>
    Forbidden = 4,
}

/// <summary>
/// One person stops a campaign, at once and on every node; one that waits for a second person is taken back. What was given stays given.
/// </summary>
public sealed class StopCampaign(
    Database db, GeneralLedger ledger, Operators operators, OperatorLog log, TimeProvider clock)
{
    readonly CloseCampaign _close = new(db, ledger, clock);

    public async Task<Answer<CampaignClosed, StopCampaignRefusal>> Run(StopCampaignRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Campaigns, ct) is not { } by)
            return StopCampaignRefusal.Forbidden;
        while (true)
        {
            Campaign? campaign;
            await using (var connection = await db.Connect(ct))
                campaign = await Campaign.Find(connection, request.Campaign);
            // Asked twice by the same person: it is done.
            if (campaign is { State: CampaignState.Stopped } && campaign.EndedBy == FourEyes.Kept(by.Person)
                && campaign.Why == request.Reason.Trim())
                return new CampaignClosed(campaign.Id, campaign.GivenBack);
            if (Decide(request, campaign?.State) is not StopCampaignRefusal.None and var refusal)
                return refusal;
            var closing = new Closing(
                CampaignState.Stopped, FourEyes.Kept(by.Person), Initiator.Operator(FourEyes.Kept(by.Person)), request.Reason.Trim(),
                tx => log.Append(tx, OperatorAct.StoppedCampaign, by, request.By, request.Campaign.ToString(), request.Reason));
            // Whoever finds that somebody else was first looks again, and is told what became of it.
            if (await _close.Run(campaign!, closing, ct) is { Accepted: true } closed)
                return closed.Value;
        }
    }

    /// <param name="state">How far the campaign is; null when there is none.</param>
    internal static StopCampaignRefusal Decide(StopCampaignRequest request, CampaignState? state)
    {
        if (!OperatorLine.IsOne(request.Reason)) return StopCampaignRefusal.InvalidRequest;
        return state switch
        {
            null => StopCampaignRefusal.NotFound,
            CampaignState.Ended or CampaignState.Stopped => StopCampaignRefusal.AlreadyDecided,
            _ => StopCampaignRefusal.None,
        };
    }
}
