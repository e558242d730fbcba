using System.Data.Common;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Operations;

/// <summary>Points were given as goodwill, by this entry.</summary>
[StoredAs("goodwill-given")]
public sealed record GoodwillGiven(GoodwillId GoodwillId, EntryId EntryId, PointAmount Points);

/// <summary>Why they are not given; the names are the contract's codes.</summary>
public enum ApproveGoodwillRefusal
{
    None = 0,
    NotFound = 1,

    /// <summary>The second person is the first, by whichever account.</summary>
    SamePerson = 2,

    /// <summary>They were given before, or the proposal was withdrawn.</summary>
    AlreadyDecided = 3,

    /// <summary>The last day of the points is over.</summary>
    Lapsed = 4,
    MemberLeft = 5,

    /// <summary>Whoever approves may not.</summary>
    Forbidden = 6,
    KeyReused = 7,
}

/// <summary>
/// The second of the two people: gives a member the points that another person proposed (<see cref="FourEyes"/>), once, and tells the
/// member by mail in the same transaction.
/// </summary>
public sealed class ApproveGoodwill(
    Database db, GeneralLedger ledger, Operators operators, OperatorLog log, Outbox outbox, TimeProvider clock)
{
    public async Task<Answer<GoodwillGiven, ApproveGoodwillRefusal>> Run(
        GoodwillId goodwill, ActingOperator acting, IdempotencyKey? key = null, CancellationToken ct = default)
    {
        if (await operators.Acting(acting, OperatorRoles.Corrections, ct) is not { } by) return ApproveGoodwillRefusal.Forbidden;
        while (true)
        {
            GoodwillProposal? proposal;
            await using (var connection = await db.Connect(ct))
                proposal = await GoodwillProposals.Find(connection, goodwill);
            if (proposal is null) return ApproveGoodwillRefusal.NotFound;
            var now = clock.Now();
            try
            {
                var answer = await ledger.Post(new GoodwillDraft(proposal, by.Person, key, Given, new EntryId(Id.New(now)), now), ct);
                if (answer.Accepted)
                    outbox.Wake();
                return answer;
            }
            catch (GoodwillEndedException)
            {
                // It ends once, so this comes round once.
            }

            async Task Given(DbTransaction tx, GoodwillGiven given)
            {
                if (!await GoodwillProposals.End(tx, goodwill, ProposalState.Posted, FourEyes.Kept(by.Person), null, now))
                    throw new GoodwillEndedException(goodwill);
                await log.Append(tx, OperatorAct.ApprovedGoodwill, by, acting, goodwill.ToString(), null, given.EntryId.ToString());
                if (await MemberDirectory.Read(tx.Connection!, proposal.Member, tx) is { } member
                    && Notice.Of(NoticeKind.PointsGiven, member, at: proposal.LastDay.Start) is { } notice)
                    await (notice with { Points = proposal.Points.Value }).Add(outbox, tx, Id.New(now, proposal.Member));
            }
        }
    }

    /// <summary>Proposals that wait for a second person, the newest first.</summary>
    public async Task<IReadOnlyList<GoodwillProposal>> Waiting(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await GoodwillProposals.Waiting(connection);
    }

    /// <summary>The decision: checks in the order of the refusals, then a line, then what is posted.</summary>
    internal static Decision<GoodwillGiven, ApproveGoodwillRefusal> Decide(
        GoodwillProposal proposal, PersonId by, AccountState state, EntryId id, DateTimeOffset now,
        Func<DbTransaction, GoodwillGiven, Task>? given = null)
    {
        if (!FourEyes.AreTwo(proposal.ProposedBy, by)) return ApproveGoodwillRefusal.SamePerson;
        if (proposal.State != ProposalState.Waiting || state.Happened(PostedOf(proposal))) return ApproveGoodwillRefusal.AlreadyDecided;
        if (proposal.LastDay < JapanDay.Of(now)) return ApproveGoodwillRefusal.Lapsed;
        if (state.Of(proposal.Member).HasLeft) return ApproveGoodwillRefusal.MemberLeft;

        // From here nothing may fail.
        var done = new GoodwillGiven(proposal.Id, id, proposal.Points);
        return new Decision<GoodwillGiven, ApproveGoodwillRefusal>(done)
        {
            Entry = new Entry(id, EntryKind.Goodwill, now, Initiator.Operator(FourEyes.Kept(by)),
            [
                Lot.Basic(proposal.LastDay).LegOf(proposal.Member, proposal.Points),
                Leg.Of(Chart.Operator, AccountType.PointLiability, -proposal.Points),
            ]),
            SingleUses = [PostedOf(proposal)],
            Details =
            [
                GoodwillRow.Table.Row(new GoodwillRow(id, proposal.Id, proposal.Member, proposal.Points, proposal.LastDay.Number,
                    proposal.Reason, proposal.ProposedBy, FourEyes.Kept(by))),
            ],
            Topics = [Topics.OfMember(proposal.Member)],
            Alongside = given is null ? null : (tx, _) => given(tx, done),
        };
    }

    static SingleUse PostedOf(GoodwillProposal proposal) => new(SingleUseKind.GoodwillPosted, proposal.Id);

    sealed class GoodwillDraft(GoodwillProposal proposal, PersonId by, IdempotencyKey? key,
        Func<DbTransaction, GoodwillGiven, Task> given, EntryId id, DateTimeOffset now) : Draft<GoodwillGiven, ApproveGoodwillRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [proposal.Member];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys { get; } = key is null ? [] : [key with { KeepsRefusals = false }];
        public override IReadOnlyList<SingleUse> SingleUses { get; } = [PostedOf(proposal)];
        public override bool IsPatient => true;
        public override bool IsAlone => true;
        public override JsonTypeInfo<GoodwillGiven> Json => GoodwillJson.Default.GoodwillGiven;
        public override ApproveGoodwillRefusal Reused(IdempotencyKey key) => ApproveGoodwillRefusal.KeyReused;

        public override Decision<GoodwillGiven, ApproveGoodwillRefusal> Decide(AccountState state) =>
            ApproveGoodwill.Decide(proposal, by, state, id, now, given);
    }

    /// <summary>The proposal is not as it was read: it was withdrawn, or approved.</summary>
    sealed class GoodwillEndedException(GoodwillId id) : Exception($"Proposal {id} ended meanwhile.");
}

[JsonSerializable(typeof(GoodwillGiven))]
sealed partial class GoodwillJson : JsonSerializerContext;
