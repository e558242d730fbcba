using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;

namespace Ensen.Campaigns;

/// <summary>
/// What a payment got from a campaign, and into which lot or until when it is pending, as it is sealed with the payment's entry; the n-th
/// of its payment.
/// </summary>
public sealed record CampaignAward(
    EntryId EntryId, short Number, CampaignId CampaignId, MemberId MemberId, PointAmount Points, short AccountType, int Term, int Day,
    long AtMs)
{
    public static DetailTable<CampaignAward> Table { get; } = new DetailTable<CampaignAward>("campaign_award")
        .Uuid("entry_id", a => a.EntryId)
        .Smallint("number", a => a.Number)
        .Uuid("campaign_id", a => a.CampaignId)
        .Uuid("member_id", a => a.MemberId)
        .Points("points", a => a.Points)
        .Smallint("account_type", a => a.AccountType)
        .Integer("term", a => a.Term)
        .Integer("day", a => a.Day)
        .Bigint("at_ms", a => a.AtMs);

    /// <summary>From which day on its points can be spent; null where they went into their lot at once.</summary>
    public JapanDay? PendingUntil => AccountType == Ledger.AccountType.PendingPoints.Number ? JapanDay.FromNumber(Term) : null;

    /// <summary>What happens once to points that are pending: they go into their lot.</summary>
    public SingleUse Release => new(SingleUseKind.GiftReleased, EntryId, Number);

    /// <summary>The lot in which its points lie, or will.</summary>
    public Lot? LotOf(CampaignTerms terms) =>
        PendingUntil is { } from ? terms.LotOf(from) : Lot.Of(AccountType, Term);

    /// <summary>What it would have been for this yen part, were nothing more left of the campaign than there was.</summary>
    public PointAmount KeptOf(Yen yenPart, CampaignTerms terms) => PointAmount.Min(Points, terms.Gives(yenPart));

    /// <summary>What a payment got, each with its campaign's terms.</summary>
    public static async Task<IReadOnlyList<(CampaignAward Award, CampaignTerms Terms)>> Of(DbConnection connection, EntryId payment)
    {
        return await WithTerms(connection, await connection.QueryAsync<CampaignAward>(
            """
            select entry_id, number, campaign_id, member_id, points, account_type, term, day, at_ms
            from campaign_award
            where entry_id = @payment
            order by number
            """, new { payment }));
    }

    /// <summary>What of a member is pending until a day, in the order in which it was given, also what was released since.</summary>
    public static async Task<IReadOnlyList<(CampaignAward Award, CampaignTerms Terms)>> PendingOf(
        DbConnection connection, MemberId member, JapanDay until) =>
        await WithTerms(connection, await connection.QueryAsync<CampaignAward>(
            $"""
            select entry_id, number, campaign_id, member_id, points, account_type, term, day, at_ms
            from campaign_award
            where member_id = @member
              and account_type = {Ledger.AccountType.PendingPoints.Number}
              and term = @Number
            order by entry_id, number
            """, new { member, until.Number }));

    static async Task<IReadOnlyList<(CampaignAward Award, CampaignTerms Terms)>> WithTerms(
        DbConnection connection, IEnumerable<CampaignAward> read)
    {
        var awards = read.AsList();
        var terms = new Dictionary<CampaignId, CampaignTerms>();
        foreach (var campaign in awards.Select(a => a.CampaignId).Distinct())
            terms[campaign] = (await Campaign.Find(connection, campaign))!.Terms;
        return awards.ConvertAll(a => (a, terms[a.CampaignId]));
    }

    /// <summary>How many points an open campaign has given since an instant: what left its purse.</summary>
    public static Task<long> GivenSince(DbConnection connection, CampaignId campaign, DateTimeOffset since) =>
        connection.ExecuteScalarAsync<long>(
            $"""
            select cast(coalesce(-sum(amount), 0) as bigint)
            from posting
            where owner = @campaign
              and account_type = {Ensen.Ledger.AccountType.CampaignBudget.Number}
              and entry_id >= @first
              and amount < 0
            """,
            new { campaign, first = Id.First(since) });
}
