using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Centres;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Operations;

/// <summary>Points that were pending are in their lot.</summary>
[StoredAs("points-released")]
public sealed record Released(PointAmount Points);

/// <summary>Why nothing went into a lot.</summary>
public enum ReleaseRefusal
{
    None = 0,

    /// <summary>It was released before, or all of it was taken back.</summary>
    NothingLeft = 1,

    /// <summary>The member has left, and it went with them.</summary>
    MemberLeft = 2,
}

/// <summary>
/// Points that campaigns gave as pending go into their lots on their day: an entry for each gift, of what refunds left of it. It is a fact
/// that happens once, so it can be run twice, a week late, on two nodes or again after dying half-way.
/// </summary>
public sealed class ReleasePoints(Database db, GeneralLedger ledger, TimeProvider clock)
{
    const int Page = 10_000;

    /// <summary>Members on their way at once: enough for full batches, few enough that payments hardly wait behind them.</summary>
    const int AtOnce = 64;

    /// <summary>Releases all that can be spent from <paramref name="day"/> on, or from a day before it.</summary>
    public async Task<PointAmount> Run(JapanDay day, CancellationToken ct = default)
    {
        var released = PointAmount.Zero;
        var underWay = new Queue<Task<PointAmount>>();
        await foreach (var (member, from) in Due(day, ct))
        {
            if (underWay.Count == AtOnce)
                released += await underWay.Dequeue();
            underWay.Enqueue(Release(member, from, ct));
        }
        while (underWay.TryDequeue(out var last))
            released += await last;
        return released;
    }

    async IAsyncEnumerable<(MemberId Member, JapanDay From)> Due(JapanDay day, [EnumeratorCancellation] CancellationToken ct)
    {
        var after = (Term: 0, Owner: default(MemberId));
        for (var more = true; more;)
        {
            List<(int Term, MemberId Owner)> page;
            await using (var connection = await db.Connect(ct))
                page = (await connection.QueryAsync<(int, MemberId)>(
                    $"""
                    select term, owner
                    from account
                    where account_type = {AccountType.PendingPoints.Number}
                      and term > 0
                      and term <= @Number
                      and (term, owner) > (@Term, @Owner)
                      and balance > 0
                    order by term, owner
                    limit @Page
                    """, new { day.Number, after.Term, after.Owner, Page })).AsList();
            foreach (var (term, owner) in page)
                yield return (owner, JapanDay.FromNumber(term));
            more = page.Count == Page;
            if (more)
                after = page[^1];
        }
    }

    async Task<PointAmount> Release(MemberId member, JapanDay from, CancellationToken ct)
    {
        IReadOnlyList<(CampaignAward Award, CampaignTerms Terms)> awards;
        await using (var connection = await db.Connect(ct))
            awards = await CampaignAward.PendingOf(connection, member, from);
        var released = PointAmount.Zero;
        foreach (var (award, terms) in awards)
            if (await Release(award, terms, ct) is { Accepted: true } done)
                released += done.Value.Points;
        return released;
    }

    async Task<Answer<Released, ReleaseRefusal>> Release(CampaignAward award, CampaignTerms terms, CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var left = await Load(award, terms, ct);
            var now = clock.Now();
            try
            {
                return await ledger.Post(new ReleaseDraft(award, terms, left, Id.New(now, award.MemberId), now), ct);
            }
            catch (TakenBackMeanwhileException)
            {
                // Part of it was taken back since we looked: what is left now says how much goes into the lot.
            }
        }
    }

    /// <summary>What is left of a gift, and what would take back more of it.</summary>
    internal readonly record struct GiftLeft(PointAmount Points, SingleUse LessBy);

    async Task<GiftLeft> Load(CampaignAward award, CampaignTerms terms, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        // What is no payment is a purchase at a centre, which is cancelled whole.
        if (await Payments.Find(connection, new PaymentId(award.EntryId)) is not { } payment)
            return new GiftLeft(await PointReceipts.CancellationOf(connection, award.EntryId) is null ? award.Points : PointAmount.Zero,
                CancelPoints.CancelledOf(award.EntryId));
        var refunded = await Payments.RefundedOf(connection, payment.EntryId);
        return new GiftLeft(
            award.KeptOf(payment.Yen - refunded.OfYenPart, terms),
            new SingleUse(SingleUseKind.RefundOf, payment.EntryId, checked((int)refunded.Refunds + 1)));
    }

    /// <summary>The decision: checks in the order of the refusals, then a line, then what is posted.</summary>
    internal static Decision<Released, ReleaseRefusal> Decide(
        CampaignAward award, CampaignTerms terms, GiftLeft left, AccountState state, Guid id, DateTimeOffset now)
    {
        if (state.Happened(award.Release)) return ReleaseRefusal.NothingLeft;
        if (state.Of(award.MemberId).HasLeft) return ReleaseRefusal.MemberLeft;
        if (left.Points > PointAmount.Zero && state.Happened(left.LessBy)) throw new TakenBackMeanwhileException();
        if (left.Points == PointAmount.Zero) return ReleaseRefusal.NothingLeft;

        // From here nothing may fail.
        return new Decision<Released, ReleaseRefusal>(new Released(left.Points))
        {
            Entry = new Entry(id, EntryKind.PointsReleased, now, Initiator.Job(Expire.JobName),
            [
                new Leg(award.MemberId, AccountType.PendingPoints, award.Term, -left.Points.Value),
                award.LotOf(terms)!.Value.LegOf(award.MemberId, left.Points),
            ]),
            SingleUses = [award.Release],
            Topics = [Topics.OfMember(award.MemberId)],
        };
    }

    sealed class ReleaseDraft(CampaignAward award, CampaignTerms terms, GiftLeft left, Guid id, DateTimeOffset now)
        : Draft<Released, ReleaseRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [award.MemberId];
        public override IReadOnlyList<SingleUse> SingleUses { get; } = [award.Release, left.LessBy];
        public override bool IsPatient => true;
        public override JsonTypeInfo<Released> Json => ReleaseJson.Default.Released;
        public override ReleaseRefusal Reused(IdempotencyKey key) => ReleaseRefusal.NothingLeft;

        public override Decision<Released, ReleaseRefusal> Decide(AccountState state) =>
            ReleasePoints.Decide(award, terms, left, state, id, now);
    }

    /// <summary>Part of the gift was taken back between loading and deciding: load again.</summary>
    internal sealed class TakenBackMeanwhileException : Exception;
}

[JsonSerializable(typeof(Released))]
sealed partial class ReleaseJson : JsonSerializerContext;
