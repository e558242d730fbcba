using Dapper;
using Ensen.Basics;
using Ensen.Access;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>What a till was refused for a shown code: when, why, at which store, and how much it had asked for (yen).</summary>
public sealed record TillRefusal(long AtMs, PayRefusal Reason, Yen AmountYen, StoreId StoreId);

/// <summary>
/// A refusal at the till is told on both sides of the counter: the till has its answer, and the phone that showed the code reads it here.
/// One row a session, the last refusal only: it is news for a minute and nothing that the books know of.
/// </summary>
public sealed class RefusedAtTill(Database db)
{
    static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    /// <summary>Keeps the refusal for the phone that showed the code, and rings for its member.</summary>
    public async Task Tell(MemberId memberId, SessionId sessionId, TillRefusal refusal, CancellationToken ct = default)
    {
        var news = Topics.OfMember(memberId);
        await db.Transact(async tx =>
        {
            // What is news no more goes as the next comes: nothing piles up, and no job is needed.
            await tx.Connection!.ExecuteAsync(
                "delete from till_refusal where at_ms < @before",
                new { before = refusal.AtMs - (long)Kept.TotalMilliseconds }, tx);
            await tx.Connection!.ExecuteAsync(
                """
                insert into till_refusal (session_id, at_ms, reason, amount_yen, store_id)
                values (@sessionId, @AtMs, @reason, @AmountYen, @StoreId)
                on conflict (session_id) do update
                set at_ms = excluded.at_ms, reason = excluded.reason, amount_yen = excluded.amount_yen, store_id = excluded.store_id
                """,
                new { sessionId, refusal.AtMs, reason = (short)refusal.Reason, refusal.AmountYen, refusal.StoreId }, tx);
            await db.Notifications.Announce(tx, news);
        }, ct);
        db.Notifications.Raise(news);
    }

    /// <summary>The last refusal of this session's codes since an instant; null when there was none.</summary>
    public async Task<TillRefusal?> Last(SessionId sessionId, DateTimeOffset since, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<TillRefusal?>(
            """
            select at_ms, reason, amount_yen, store_id
            from till_refusal
            where session_id = @sessionId
              and at_ms >= @since
            """,
            new { sessionId, since = since.ToUnixTimeMilliseconds() });
    }
}
