using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Campaigns;

/// <summary>
/// The campaigns that are open, in memory on each node (docs/decisions/0008): dropped at news of a change. A node that has not heard yet
/// that one was stopped asks its purse in vain, for that is decided where the payment is.
/// </summary>
public sealed class RunningCampaigns
{
    const int Most = 1_000;

    readonly Database _db;
    readonly JapaneseCalendar _calendar;
    readonly RowCache<short, IReadOnlyList<Campaign>> _recent;

    public RunningCampaigns(Database db, Programme programme, TimeProvider clock)
    {
        (_db, _calendar) = (db, new JapaneseCalendar(programme.Calendar));
        _recent = new(clock, TimeSpan.FromSeconds(2), most: 10, db.Notifications);
        db.Notifications.Follow(Campaign.News, _ => _recent.ForgetAll());
    }

    /// <summary>Those whose budget is open, in the order in which they were proposed: also those that begin later.</summary>
    public async ValueTask<IReadOnlyList<Campaign>> Open(CancellationToken ct = default) => (await _recent.Get(0, Read, ct))!;

    /// <summary>Those that may give something for a payment of at most so many yen.</summary>
    public async ValueTask<IReadOnlyList<Campaign>> For(CampaignPayment payment, Yen most, CancellationToken ct = default)
    {
        var open = await Open(ct);
        List<Campaign>? found = null;
        foreach (var campaign in open)
            if (campaign.Terms.Covers(payment, _calendar) && campaign.Terms.Gives(most) > PointAmount.Zero)
                (found ??= []).Add(campaign);
        return found ?? (IReadOnlyList<Campaign>)[];
    }

    async Task<IReadOnlyList<Campaign>?> Read(short all, CancellationToken ct)
    {
        await using var connection = await _db.Connect(ct);
        return [.. (await Campaign.In(connection, CampaignState.Approved, Most)).Reverse()];
    }
}
