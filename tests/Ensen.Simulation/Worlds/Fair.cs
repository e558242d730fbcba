using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;

namespace Ensen.Simulation.Worlds;

[StoredAs("fair_opened")]
sealed record FairOpened(long Budget);

enum FairRefusal
{
    None = 0,
}

/// <summary>The campaign of a world: it runs all the time, has a small budget and a cap for each member. In half of the worlds its
/// points are pending for some days; in a quarter of them it gives at the point till as well.</summary>
static class Fair
{
    /// <summary>Opens it; returns its budget, for how many days its points are pending, and whether it gives at the point till.</summary>
    public static async Task<(long Budget, int PendingDays, bool AtTills)> Open(World world, Node node)
    {
        // Of its own numbers: what else the town does stays as the seed has it.
        var own = new Random(world.Seed ^ 0x400000);
        var budget = own.Next(20, 600);
        var pendingDays = own.Next(2) == 0 ? 0 : own.Next(1, 45);
        var atTills = pendingDays == 0 && own.Next(2) == 0;
        var (id, now) = (Id.New<CampaignId>(node.Clock), node.Clock.Now());
        var terms = new CampaignTerms
        {
            NameJa = "縁日",
            NameEn = "Fair",
            From = now.AddDays(-1),
            Until = new DateTimeOffset(2099, 12, 1, 0, 0, 0, TimeSpan.Zero),
            Gift = new GiftRule(GiftKind.PerYen, 1, 100),
            CapInAll = Audit.Rules.CampaignCap,
            Budget = budget,
            PendingDays = pendingDays,
            Channels = atTills ? Enum.GetValues<Channel>() : [],
            LastDay = JapanDay.FromNumber(Audit.Rules.CampaignLastDay).Date,
        };
        await node.Db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            insert into campaign (id, state, terms, budget, cap_in_all, from_ms, until_ms, proposed_by, proposed_ms, approved_by, approved_ms,
              given_back)
            values (@id, @approved, @terms, @Budget, @CapInAll, @at, @until, 'fair', @at, 'fair', @at, 0)
            """,
            new
            {
                id,
                approved = CampaignState.Approved,
                terms = terms.ToJson(),
                terms.Budget,
                terms.CapInAll,
                at = now.ToUnixTimeMilliseconds(),
                until = terms.Until.ToUnixTimeMilliseconds(),
            }, tx));
        await node.Ledger.Post(new OpenFair(Id.New(now), now, id, budget));
        node.Db.Notifications.Raise($"{Campaign.News}:{id.Value:N}");
        return (budget, pendingDays, atTills);
    }

    sealed class OpenFair(Guid id, DateTimeOffset now, CampaignId campaign, long budget) : Draft<FairOpened, FairRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners => [];
        public override IReadOnlyList<Guid> Pools { get; } = [campaign];
        public override JsonTypeInfo<FairOpened> Json => FairJson.Default.FairOpened;
        public override FairRefusal Reused(IdempotencyKey key) => FairRefusal.None;

        public override Decision<FairOpened, FairRefusal> Decide(AccountState state) => new(new FairOpened(budget))
        {
            Entry = new Entry(id, EntryKind.CampaignOpened, now, Initiator.Job("fair"),
            [
                Leg.Of(campaign, AccountType.CampaignBudget, budget.Points()),
                Leg.Of(Chart.Operator, AccountType.PointLiability, (-budget).Points()),
            ]),
        };
    }
}

[JsonSerializable(typeof(FairOpened))]
sealed partial class FairJson : JsonSerializerContext;
