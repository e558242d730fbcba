using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Campaigns;

/// <summary>
/// Ends campaigns whose time is over, and stops those that give far more than their dry run let expect: something in them is not what
/// somebody thought. Run twice or on two nodes it does the same once, for a purse is emptied once.
/// </summary>
public sealed class EndCampaigns(Database db, GeneralLedger ledger, SettingValues settings, TimeProvider clock)
{
    public const string JobName = "end campaigns";
    const int AtOnce = 1_000;

    /// <summary>The breaker: so many times what was expected, in so long.</summary>
    const int Times = 3;
    static readonly TimeSpan s_within = TimeSpan.FromSeconds(60);

    /// <summary>Points that a campaign may always give in a minute, however little was expected of it.</summary>
    public static readonly BoundedSetting Least = new("Ensen:CampaignBreakerLeast", "1000", new WholeNumbers(1, 100_000_000, "points"),
        "points that a campaign may always give in 60 seconds: the breaker stops it above that, and above three times what its dry run let expect");

    readonly CloseCampaign _close = new(db, ledger, clock);

    /// <summary>The most that a campaign may give in 60 seconds.</summary>
    public long MostInAMinute(DryRun? dryRun) =>
        Math.Max(settings.Number(Least), (long)Math.Ceiling(Times * (dryRun?.PerMinute ?? 0)));

    public async Task Run(CancellationToken ct = default)
    {
        var now = clock.Now();
        IReadOnlyList<Campaign> open;
        await using (var connection = await db.Connect(ct))
            open = await Campaign.In(connection, CampaignState.Approved, AtOnce);
        foreach (var campaign in open)
            // A payment that was asked for in its last second may still be on its way to the books.
            if (campaign.Terms.Until + GeneralLedger.OutcomeKnownWithin <= now)
                await _close.Run(campaign, new Closing(CampaignState.Ended, null, Initiator.Job(JobName), null), ct);
            else if (await Given(campaign, now, ct) is var given && given > MostInAMinute(campaign.DryRun))
                await _close.Run(campaign, new Closing(CampaignState.Stopped, null, Initiator.Job(JobName),
                    new BreakerTrip(given, MostInAMinute(campaign.DryRun)).ToString()), ct);
    }

    async Task<long> Given(Campaign campaign, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await CampaignAward.GivenSince(connection, campaign.Id, now - s_within);
    }
}
