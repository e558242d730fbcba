using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;

namespace Ensen.Campaigns;

/// <summary>What one campaign gives for one payment.</summary>
/// <param name="UsableFrom">From which day on its points can be spent; until then they are pending.</param>
public readonly record struct CampaignGift(Campaign Campaign, PointAmount Points, JapanDay UsableFrom)
{
    /// <summary>The lot into which they go at once; null while they are pending.</summary>
    public Lot? Lot => Campaign.Terms.PendingDays > 0 ? null : Campaign.Terms.LotOf(UsableFrom);

    /// <summary>The account into which they go: the lot, or the one of what can be spent from that day on.</summary>
    public (AccountType AccountType, int Term) Into =>
        Lot is { } lot ? (lot.AccountType, lot.Term) : (AccountType.PendingPoints, UsableFrom.Number);
}

/// <summary>
/// What campaigns give, decided in the payment's own step: the rule's points, at most what the member's caps leave, and at most what the
/// purse holds. Each that covers a payment gives, one beside the other.
/// </summary>
public static class CampaignGifts
{
    /// <summary>The ids under which a member's shares of these campaigns are counted: a draft names them among its counters.</summary>
    public static IEnumerable<Guid> SharesOf(IReadOnlyList<Campaign> campaigns, MemberId member) =>
        campaigns.Where(c => CountsShares(c.Terms)).Select(c => c.Id.Share(member));

    /// <param name="campaigns">Those that cover the payment, and no others.</param>
    public static IReadOnlyList<CampaignGift> Of(
        IReadOnlyList<Campaign> campaigns, AccountState state, MemberId member, Yen yenPart, JapanDay today)
    {
        if (campaigns.Count == 0)
            return [];
        var gifts = new List<CampaignGift>(campaigns.Count);
        foreach (var campaign in campaigns)
        {
            var points = PointAmount.Min(campaign.Terms.Gives(yenPart), Most(campaign, state, member, today));
            if (points > PointAmount.Zero)
                gifts.Add(new CampaignGift(campaign, points, campaign.Terms.UsableFrom(today)));
        }
        return gifts;
    }

    /// <summary>What the gifts do: into each lot, or what is pending until a day, all together; out of each purse its own.</summary>
    public static IReadOnlyList<Leg> LegsOf(IReadOnlyList<CampaignGift> gifts, MemberId member)
    {
        if (gifts.Count == 0)
            return [];
        var legs = new List<Leg>(2 * gifts.Count);
        foreach (var gift in gifts)
        {
            var (accountType, term) = gift.Into;
            if (legs.FindIndex(l => l.AccountType == accountType && l.Term == term) is var at and >= 0)
                legs[at] = legs[at] with { Amount = legs[at].Amount + gift.Points.Value };
            else
                legs.Add(new Leg(member, accountType, term, gift.Points.Value));
        }
        foreach (var gift in gifts)
            legs.Add(Leg.Of(gift.Campaign.Id, AccountType.CampaignBudget, -gift.Points));
        return legs;
    }

    /// <summary>What the gifts count against the member's caps.</summary>
    public static IEnumerable<LimitUse> UsesOf(IReadOnlyList<CampaignGift> gifts, MemberId member, JapanDay today)
    {
        foreach (var (campaign, points, _) in gifts)
        {
            if (campaign.Terms.CapPerDay is not null)
                yield return new LimitUse(campaign.Id.Share(member), LimitKind.CampaignDay, points.Value, today);
            if (campaign.Terms.CapInAll is not null)
                yield return new LimitUse(campaign.Id.Share(member), LimitKind.CampaignInAll, points.Value, default);
        }
    }

    /// <summary>The rows that are sealed with the payment's entry.</summary>
    public static IEnumerable<EntryDetail> RowsOf(
        IReadOnlyList<CampaignGift> gifts, EntryId payment, MemberId member, DateTimeOffset now) =>
        gifts.Select((gift, number) => CampaignAward.Table.Row(new CampaignAward(
            payment, (short)number, gift.Campaign.Id, member, gift.Points, gift.Into.AccountType.Number, gift.Into.Term,
            JapanDay.Of(now).Number, now.ToUnixTimeMilliseconds())));

    static PointAmount Most(Campaign campaign, AccountState state, MemberId member, JapanDay today)
    {
        var most = state.Pool(campaign.Id).Balance(AccountType.CampaignBudget);
        if (!CountsShares(campaign.Terms))
            return new PointAmount(most);
        var share = state.Of(campaign.Id.Share(member));
        if (campaign.Terms.EntryNeeded && share.SpendingLimit(LimitKind.CampaignEntered).DayUsed == 0)
            return PointAmount.Zero;
        if (campaign.Terms.CapPerDay is { } ofDay)
            most = Math.Min(most, ofDay - share.SpendingLimit(LimitKind.CampaignDay).UsedOn(today));
        if (campaign.Terms.CapInAll is { } inAll)
            most = Math.Min(most, inAll - share.SpendingLimit(LimitKind.CampaignInAll).DayUsed);
        return new PointAmount(Math.Max(0, most));
    }

    static bool CountsShares(CampaignTerms terms) => terms.EntryNeeded || terms.CapPerDay is not null || terms.CapInAll is not null;
}
