using System.Data.Common;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;

namespace Ensen.Campaigns;

/// <summary>A campaign gives nothing any more, and this much went back.</summary>
[StoredAs("campaign-closed")]
public sealed record CampaignClosed(CampaignId CampaignId, PointAmount GivenBack);

/// <summary>Why a campaign was not closed.</summary>
enum CloseCampaignRefusal
{
    None = 0,

    /// <summary>It was closed before.</summary>
    AlreadyDecided = 1,
}

/// <summary>How a campaign comes to its end.</summary>
/// <param name="By">The person who stopped it; null when it ended by itself.</param>
sealed record Closing(CampaignState As, string? By, Initiator Initiator, string? Why, Func<DbTransaction, Task>? Log = null);

/// <summary>
/// Takes what is left out of a campaign's purse and back, once. Whoever pays meanwhile got theirs before, or finds the purse empty: a
/// campaign needs no other lock to be stopped at once, on every node.
/// </summary>
sealed class CloseCampaign(Database db, GeneralLedger ledger, TimeProvider clock)
{
    public async Task<Answer<CampaignClosed, CloseCampaignRefusal>> Run(Campaign campaign, Closing closing, CancellationToken ct)
    {
        var now = clock.Now();
        try
        {
            var id = Id.New(now);
            var answer = await ledger.Post(
                new CloseDraft(campaign, closing, (tx, left) => End(tx, campaign, closing, left, now), id, now), ct);
            // Nothing was left, so there is no entry; and a purse that is empty stays so.
            if (answer is { Accepted: true, Value.GivenBack.Value: 0 })
                await db.Transact(tx => End(tx, campaign, closing, PointAmount.Zero, now), ct);
            db.Notifications.Raise(Campaign.TopicOf(campaign.Id));
            return answer;
        }
        catch (DecidedMeanwhileException)
        {
            return CloseCampaignRefusal.AlreadyDecided;
        }
    }

    async Task End(DbTransaction tx, Campaign campaign, Closing closing, PointAmount left, DateTimeOffset now)
    {
        if (await tx.Connection!.ExecuteAsync(
            """
            update campaign
            set state = @As, ended_by = @By, ended_ms = @at, why = @Why, given_back = @left
            where id = @Id
              and state = @before
            """,
            new { campaign.Id, closing.As, closing.By, at = now.ToUnixTimeMilliseconds(), closing.Why, left, before = campaign.State },
            tx) != 1)
            throw new DecidedMeanwhileException(campaign.Id);
        await db.Notifications.Announce(tx, Campaign.TopicOf(campaign.Id));
        if (closing.Log is { } log)
            await log(tx);
    }

    /// <summary>The decision: when nothing is left there is no entry.</summary>
    internal static Decision<CampaignClosed, CloseCampaignRefusal> Decide(
        CampaignId campaign, Initiator by, AccountState state, Guid id, DateTimeOffset now,
        Func<DbTransaction, PointAmount, Task>? end = null)
    {
        if (state.Happened(Closed(campaign))) return CloseCampaignRefusal.AlreadyDecided;

        // From here nothing may fail.
        var left = new PointAmount(state.Pool(campaign).Balance(AccountType.CampaignBudget));
        var closed = new Decision<CampaignClosed, CloseCampaignRefusal>(new CampaignClosed(campaign, left));
        return left == PointAmount.Zero ? closed : closed with
        {
            Entry = new Entry(id, EntryKind.CampaignClosed, now, by,
            [
                Leg.Of(campaign, AccountType.CampaignBudget, -left),
                Leg.Of(Chart.Operator, AccountType.PointLiability, left),
            ]),
            SingleUses = [Closed(campaign)],
            Alongside = end is null ? null : (tx, _) => end(tx, left),
        };
    }

    static SingleUse Closed(CampaignId id) => new(SingleUseKind.BudgetClosed, id);

    sealed class CloseDraft(
        Campaign campaign, Closing closing, Func<DbTransaction, PointAmount, Task> end, Guid id, DateTimeOffset now)
        : Draft<CampaignClosed, CloseCampaignRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners => [];
        public override IReadOnlyList<Guid> Pools { get; } = [campaign.Id];
        public override IReadOnlyList<SingleUse> SingleUses { get; } = [Closed(campaign.Id)];
        public override bool IsPatient => true;
        public override bool IsAlone => true;
        public override JsonTypeInfo<CampaignClosed> Json => CampaignsJson.Default.CampaignClosed;
        public override CloseCampaignRefusal Reused(IdempotencyKey key) => CloseCampaignRefusal.AlreadyDecided;

        public override Decision<CampaignClosed, CloseCampaignRefusal> Decide(AccountState state) =>
            CloseCampaign.Decide(campaign.Id, closing.Initiator, state, id, now, end);
    }
}
