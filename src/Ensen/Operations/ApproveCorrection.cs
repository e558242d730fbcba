using System.Data.Common;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Centres;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Operations;

/// <summary>A correction was posted, as this entry.</summary>
[StoredAs("corrected")]
public sealed record Corrected(EntryId EntryId, EntryId Corrects);

/// <summary>Why a correction is not posted.</summary>
public enum ApproveCorrectionRefusal
{
    None = 0,

    /// <summary>There is no such proposal.</summary>
    NotFound = 1,

    /// <summary>The second person is the first, by whichever account.</summary>
    SamePerson = 2,

    /// <summary>It was approved before.</summary>
    Posted = 3,

    /// <summary>It was withdrawn.</summary>
    Withdrawn = 4,

    /// <summary>The entry was corrected or refunded already: what is still wrong is corrected in that correction or refund.</summary>
    AlreadyCorrected = 5,

    /// <summary>An account that never falls below zero would.</summary>
    InsufficientBalance = 6,

    /// <summary>Whoever approves may not.</summary>
    Forbidden = 7,

    /// <summary>One of those whose accounts it would change has left the programme.</summary>
    MemberLeft = 8,
}

/// <summary>
/// The second of the two people: posts a correction that another person asked for (<see cref="FourEyes"/>). It happens once.
/// </summary>
public sealed class ApproveCorrection(Database db, GeneralLedger ledger, Operators operators, OperatorLog log, TimeProvider clock)
{
    public async Task<Answer<Corrected, ApproveCorrectionRefusal>> Run(
        ProposalId proposalId, ActingOperator acting, CancellationToken ct = default)
    {
        if (await operators.Acting(acting, OperatorRoles.Corrections, ct) is not { } by)
            return ApproveCorrectionRefusal.Forbidden;
        while (true)
        {
            CorrectionProposal? proposal;
            await using (var connection = await db.Connect(ct))
                proposal = await Proposals.Find(connection, db.Catalogue, proposalId);
            if (proposal is null) return ApproveCorrectionRefusal.NotFound;
            var now = clock.Now();
            try
            {
                return await ledger.Post(new CorrectionDraft(proposal, by.Person, Log, Id.New<EntryId>(now), now), ct);
            }
            catch (EndedMeanwhileException)
            {
                // It ends once, so this comes round once.
            }
        }

        Task Log(DbTransaction tx, Corrected corrected) => log.Append(
            tx, OperatorAct.ApprovedCorrection, by, acting, proposalId.ToString(), null,
            Id.Format(EntryKind.Correction.Prefix, corrected.EntryId));
    }

    /// <summary>Proposals that wait for a second person, the newest first.</summary>
    public async Task<IReadOnlyList<CorrectionProposal>> Waiting(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Proposals.Waiting(connection, db.Catalogue);
    }

    /// <summary>Whose accounts a proposal would change, as everybody writes their ids: <c>mbr_…</c>, <c>str_…</c>.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> OwnersOf(CorrectionProposal proposal, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var (ids, owners) = (new ReadableIds(connection, db.Catalogue), new Dictionary<Guid, string>());
        foreach (var leg in proposal.Legs)
            owners[leg.Owner] = await ids.Owner(leg.Owner);
        return owners;
    }

    /// <summary>The decision: checks in the order of the refusals, then a line, then what is posted.</summary>
    internal static Decision<Corrected, ApproveCorrectionRefusal> Decide(
        CorrectionProposal proposal, PersonId by, AccountState state, EntryId id, DateTimeOffset now,
        Func<DbTransaction, Corrected, Task>? log = null)
    {
        var (posted, corrected) = (PostedOf(proposal), CorrectedOf(proposal));

        if (!FourEyes.AreTwo(proposal.ProposedBy, by)) return ApproveCorrectionRefusal.SamePerson;
        if (state.Happened(posted)) return ApproveCorrectionRefusal.Posted;
        if (proposal.State == ProposalState.Withdrawn) return ApproveCorrectionRefusal.Withdrawn;
        if (state.Happened(corrected) || state.Happened(RefundOf(proposal))
            || state.Happened(CancelledOf(proposal)))
            return ApproveCorrectionRefusal.AlreadyCorrected;
        if (proposal.Legs.Any(l => l.AccountType is { IsGuarded: true, IsPool: false } && state.Of(l.Owner).HasLeft))
            return ApproveCorrectionRefusal.MemberLeft;
        foreach (var account in proposal.Legs.Where(l => l.AccountType.IsGuarded).GroupBy(l => (l.Owner, l.AccountType, l.Term)))
            if (state.Balance(account.Key.Owner, account.Key.AccountType, account.Key.Term) + account.Sum(l => l.Amount) < 0)
                return ApproveCorrectionRefusal.InsufficientBalance;

        // From here nothing may fail.
        var done = new Corrected(id, proposal.Corrects);
        return new Decision<Corrected, ApproveCorrectionRefusal>(done)
        {
            Entry = new Entry(id, EntryKind.Correction, now, Initiator.Operator(FourEyes.Kept(by)), InOrder(proposal.Legs))
            { Corrects = proposal.Corrects },
            SingleUses = [posted, corrected],
            Details =
            [
                CorrectionRow.Table.Row(new CorrectionRow(
                    id, proposal.Id, proposal.Corrects, proposal.Reason, proposal.ProposedBy, FourEyes.Kept(by))),
            ],
            Topics = [.. proposal.Legs.Select(l => l.Owner).Distinct()
                .SelectMany(owner => new[] { Topics.OfMember(new MemberId(owner)), Topics.OfStore(new StoreId(owner)) })],
            Alongside = async (tx, _) =>
            {
                if (!await Proposals.End(tx, proposal.Id, ProposalState.Posted))
                    throw new EndedMeanwhileException(proposal.Id);
                if (log is not null)
                    await log(tx, done);
            },
        };
    }

    /// <summary>What is given before what is taken, so that no account falls below zero on the way.</summary>
    static List<Leg> InOrder(IReadOnlyList<Leg> legs) => [.. legs.OrderByDescending(l => l.Amount > 0)];

    static SingleUse RefundOf(CorrectionProposal proposal) => new(SingleUseKind.RefundOf, proposal.Corrects, 1);

    static SingleUse CancelledOf(CorrectionProposal proposal) => new(SingleUseKind.PointsCancelled, proposal.Corrects);

    static SingleUse CorrectedOf(CorrectionProposal proposal) => new(SingleUseKind.EntryCorrected, proposal.Corrects);

    static SingleUse PostedOf(CorrectionProposal proposal) => new(SingleUseKind.CorrectionPosted, proposal.Id);

    sealed class CorrectionDraft(
        CorrectionProposal proposal, PersonId by, Func<DbTransaction, Corrected, Task> log, EntryId id, DateTimeOffset now)
        : Draft<Corrected, ApproveCorrectionRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [
            .. proposal.Legs.Where(l => l.AccountType is { IsGuarded: true, IsPool: false }).Select(l => l.Owner).Distinct()];
        public override IReadOnlyList<Guid> Pools { get; } = [
            .. proposal.Legs.Where(l => l.AccountType.IsPool).Select(l => l.Owner).Distinct()];
        public override IReadOnlyList<SingleUse> SingleUses { get; } = [
            PostedOf(proposal), CorrectedOf(proposal), RefundOf(proposal), CancelledOf(proposal)];
        public override bool IsPatient => true;
        public override bool IsAlone => true;
        public override JsonTypeInfo<Corrected> Json => CorrectionJson.Default.Corrected;
        public override ApproveCorrectionRefusal Reused(IdempotencyKey key) => ApproveCorrectionRefusal.Posted;

        public override Decision<Corrected, ApproveCorrectionRefusal> Decide(AccountState state) =>
            ApproveCorrection.Decide(proposal, by, state, id, now, log);
    }

    /// <summary>The proposal is not as it was read: it was withdrawn, or approved.</summary>
    sealed class EndedMeanwhileException(ProposalId id) : Exception($"Proposal {id} ended meanwhile.");
}

[JsonSerializable(typeof(Corrected))]
sealed partial class CorrectionJson : JsonSerializerContext;
