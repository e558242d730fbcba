using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Points;

/// <summary>What a night's expiry did.</summary>
[StoredAs("expired")]
public sealed record Expired(long Lots, PointAmount Points);

/// <summary>Why a lot did not lapse.</summary>
public enum ExpireRefusal
{
    None = 0,

    /// <summary>It was empty by then: spent, or lapsed in an earlier run.</summary>
    NothingLeft = 1,
}

/// <summary>
/// Lets lots lapse whose last day is over: an entry a lot, from the member's lot to breakage. It looks at what is left in the lot at
/// the moment of posting, so it can be run twice, a week late, on two nodes or again after dying half-way.
/// </summary>
public sealed class Expire(Database db, GeneralLedger ledger, TimeProvider clock)
{
    /// <summary>The job in which lots lapse: who began such an entry.</summary>
    public const string JobName = "close days";

    const int Page = 10_000;

    /// <summary>The kinds that have a last day.</summary>
    static readonly LotKind[] s_lapsing = [LotKind.Basic, LotKind.Campaign];

    /// <summary>
    /// Lots on their way at once: enough for full batches, few enough that whoever pays meanwhile hardly waits behind them.
    /// </summary>
    const int AtOnce = 1_024;

    /// <summary>Lapses every lot whose last day is before <paramref name="day"/>.</summary>
    public async Task<Expired> Run(JapanDay day, CancellationToken ct = default)
    {
        var (lots, points) = (0L, PointAmount.Zero);
        var underWay = new Queue<Task<Answer<Expired, ExpireRefusal>>>();
        await foreach (var lot in Due(day, ct))
        {
            if (underWay.Count == AtOnce)
                Count(await underWay.Dequeue());
            var now = clock.GetUtcNow();
            underWay.Enqueue(ledger.Post(new ExpiryDraft(lot.Owner, lot.Lot, Id.New(now, lot.Owner), now), ct));
        }
        while (underWay.TryDequeue(out var last))
            Count(await last);

        void Count(Answer<Expired, ExpireRefusal> answer)
        {
            if (!answer.Accepted)
                return;
            lots++;
            points += answer.Value.Points;
        }
        return new Expired(lots, points);
    }

    /// <summary>
    /// The lots that are due, a page at a time in the order of their index; the next page is read while the last one is posted.
    /// </summary>
    async IAsyncEnumerable<(MemberId Owner, Lot Lot)> Due(JapanDay day, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var kind in s_lapsing)
        {
            var next = Read(kind, day, default, ct);
            for (var more = true; more;)
            {
                var page = await next;
                more = page.Count == Page;
                if (more)
                    next = Read(kind, day, page[^1], ct);
                foreach (var lot in page)
                    yield return (lot.Owner, new Lot(kind, lot.Term));
            }
        }
    }

    async Task<List<(MemberId Owner, int Term)>> Read(
        LotKind kind, JapanDay day, (MemberId Owner, int Term) after, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<(MemberId, int)>(
            """
            select owner, term
            from account
            where account_type = @accountType
              and term > 0
              and term < @firstAlive
              and (term, owner) > (@Term, @Owner)
              and balance > 0
            order by term, owner
            limit @Page
            """,
            new
            {
                firstAlive = Lot.FirstTerm(kind, day),
                after.Term,
                after.Owner,
                accountType = new Lot(kind, 0).AccountType.Number,
                Page,
            })).AsList();
    }

    /// <summary>One lot lapses.</summary>
    public sealed class ExpiryDraft(MemberId member, Lot lot, Guid id, DateTimeOffset now) : Draft<Expired, ExpireRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [member];
        public override bool IsPatient => true;
        public override JsonTypeInfo<Expired> Json => ExpireJson.Default.Expired;
        public override ExpireRefusal Reused(IdempotencyKey key) => ExpireRefusal.NothingLeft;

        public override Decision<Expired, ExpireRefusal> Decide(AccountState state)
        {
            var left = new PointAmount(state.Of(member).Balance(lot.AccountType, lot.Term));
            if (left.Value == 0) return ExpireRefusal.NothingLeft;

            return new Decision<Expired, ExpireRefusal>(new Expired(1, left))
            {
                Entry = new Entry(id, EntryKind.Expiry, now, Initiator.Job(JobName),
                [
                    lot.LegOf(member, -left),
                    Leg.Of(Chart.Operator, AccountType.Breakage, left),
                ]),
            };
        }
    }
}

[JsonSerializable(typeof(Expired))]
sealed partial class ExpireJson : JsonSerializerContext;
