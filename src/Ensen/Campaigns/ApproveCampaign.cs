using System.Data.Common;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Campaigns;

/// <summary>A campaign's budget was opened.</summary>
[StoredAs("campaign-opened")]
public sealed record CampaignOpened(CampaignId CampaignId, EntryId EntryId, PointAmount Budget);

/// <summary>Why a campaign is not approved.</summary>
public enum ApproveCampaignRefusal
{
    None = 0,
    NotFound = 1,

    /// <summary>The second person is the first, by whichever account.</summary>
    SamePerson = 2,

    /// <summary>It was approved before, or taken back.</summary>
    AlreadyDecided = 3,

    /// <summary>Nobody has looked yet at what it would have given.</summary>
    DryRunNeeded = 4,

    /// <summary>Its last instant is over.</summary>
    Lapsed = 5,

    /// <summary>Whoever approves may not.</summary>
    Forbidden = 6,

    /// <summary>The key was used for another request.</summary>
    KeyReused = 7,
}

/// <summary>
/// The second of the two people: opens a campaign's budget, the one entry that puts points into its purse. From then on it gives by
/// itself whenever its time has come.
/// </summary>
public sealed class ApproveCampaign(Database db, GeneralLedger ledger, Operators operators, OperatorLog log, TimeProvider clock)
{
    public async Task<Answer<CampaignOpened, ApproveCampaignRefusal>> Run(
        CampaignId id, ActingOperator acting, IdempotencyKey? key = null, CancellationToken ct = default)
    {
        if (await operators.Acting(acting, OperatorRoles.Campaigns, ct) is not { } by)
            return ApproveCampaignRefusal.Forbidden;
        while (true)
        {
            Campaign? campaign;
            await using (var connection = await db.Connect(ct))
                campaign = await Campaign.Find(connection, id);
            if (campaign is null) return ApproveCampaignRefusal.NotFound;
            var now = clock.Now();
            try
            {
                return await ledger.Post(new OpenDraft(campaign, by.Person, key, Approved, new EntryId(Id.New(now)), now), ct);
            }
            catch (DecidedMeanwhileException)
            {
                // It is decided once, so this comes round once.
            }

            async Task Approved(DbTransaction tx)
            {
                if (await tx.Connection!.ExecuteAsync(
                    """
                    update campaign
                    set state = @approved, approved_by = @by, approved_ms = @at
                    where id = @id
                      and state = @proposed
                    """,
                    new
                    {
                        id,
                        approved = CampaignState.Approved,
                        proposed = CampaignState.Proposed,
                        by = FourEyes.Kept(by.Person),
                        at = now.ToUnixTimeMilliseconds(),
                    }, tx) != 1)
                    throw new DecidedMeanwhileException(id);
                await db.Notifications.Announce(tx, Campaign.TopicOf(id));
                await log.Append(tx, OperatorAct.ApprovedCampaign, by, acting, id.ToString(), null);
            }
        }
    }

    /// <summary>The decision: checks in the order of the refusals, then a line, then what is posted.</summary>
    internal static Decision<CampaignOpened, ApproveCampaignRefusal> Decide(
        Campaign campaign, PersonId by, AccountState state, EntryId id, DateTimeOffset now, Func<DbTransaction, Task>? approved = null)
    {
        if (!FourEyes.AreTwo(campaign.ProposedBy, by)) return ApproveCampaignRefusal.SamePerson;
        if (campaign.State != CampaignState.Proposed || state.Happened(Opening(campaign.Id))) return ApproveCampaignRefusal.AlreadyDecided;
        if (campaign.DryRun is null) return ApproveCampaignRefusal.DryRunNeeded;
        if (campaign.Terms.Until <= now) return ApproveCampaignRefusal.Lapsed;

        // From here nothing may fail.
        var budget = new PointAmount(campaign.Terms.Budget);
        return new Decision<CampaignOpened, ApproveCampaignRefusal>(new CampaignOpened(campaign.Id, id, budget))
        {
            Entry = new Entry(id, EntryKind.CampaignOpened, now, Initiator.Operator(FourEyes.Kept(by)),
            [
                Leg.Of(campaign.Id, AccountType.CampaignBudget, budget),
                Leg.Of(Chart.Operator, AccountType.PointLiability, -budget),
            ]),
            SingleUses = [Opening(campaign.Id)],
            Topics = [Campaign.TopicOf(campaign.Id)],
            Alongside = approved is null ? null : (tx, _) => approved(tx),
        };
    }

    static SingleUse Opening(CampaignId id) => new(SingleUseKind.BudgetOpened, id);

    sealed class OpenDraft(
        Campaign campaign, PersonId by, IdempotencyKey? key, Func<DbTransaction, Task> approved, EntryId id, DateTimeOffset now)
        : Draft<CampaignOpened, ApproveCampaignRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners => [];
        public override IReadOnlyList<Guid> Pools { get; } = [campaign.Id];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys { get; } = key is null ? [] : [key with { KeepsRefusals = false }];
        public override IReadOnlyList<SingleUse> SingleUses { get; } = [Opening(campaign.Id)];
        public override bool IsPatient => true;
        public override bool IsAlone => true;
        public override JsonTypeInfo<CampaignOpened> Json => CampaignsJson.Default.CampaignOpened;
        public override ApproveCampaignRefusal Reused(IdempotencyKey key) => ApproveCampaignRefusal.KeyReused;

        public override Decision<CampaignOpened, ApproveCampaignRefusal> Decide(AccountState state) =>
            ApproveCampaign.Decide(campaign, by, state, id, now, approved);
    }
}

/// <summary>The campaign is not as it was read: somebody else decided about it.</summary>
sealed class DecidedMeanwhileException(CampaignId id) : Exception($"Campaign {id} was decided about meanwhile.");
