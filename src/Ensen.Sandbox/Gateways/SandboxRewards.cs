using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Sandbox.Gateways;

/// <summary>
/// The sandbox's partner for rewards: it issues whatever is ordered, and takes back whatever nobody used. What it voided before it heard of
/// the order it never issues.
/// </summary>
public sealed class SandboxRewards : IRewardPartner
{
    readonly SandboxRequests _requests;
    readonly Database _db;
    readonly SandboxExchanges _exchanges;
    readonly TimeProvider _clock;
    NewsOfRequest? _hear;

    internal SandboxRewards(SandboxRequests requests, Database db, SandboxExchanges exchanges, TimeProvider clock) =>
        (_requests, _db, _exchanges, _clock) = (requests, db, exchanges, clock);

    public async Task<Reply> Issue(RewardIssue issue, CancellationToken ct) => await _requests.Receive(
        issue.OrderId, FormattableString.Invariant($"issue {issue.Quantity} × {issue.Title}"), Yen.Zero,
        (await Find(issue.OrderId, ct)).IsVoid ? "voided" : null, ct);

    public async Task<RewardStanding> Ask(Guid orderId, CancellationToken ct) =>
        new(await _requests.Ask(orderId, ct), (await Find(orderId, ct)).IsUsed);

    public Task<Reply> Void(Guid orderId, CancellationToken ct) => _db.Transact(async tx =>
    {
        var (mode, _) = await SandboxFaults.Take(tx, Gateway.Rewards);
        var isUsed = (await Find(tx.Connection!, orderId, tx)).IsUsed;
        var reply = isUsed ? Reply.Refused("used")
            : mode == FaultMode.Refuse ? Reply.Refused("kept_by_partner")
            : mode is FaultMode.Accept or FaultMode.Twice or FaultMode.CallbackFirst ? Reply.Accepted
            : Reply.Unknown;
        if (!isUsed && mode is not (FaultMode.Lost or FaultMode.Refuse or FaultMode.TimeOutThenRefuse or FaultMode.LateRefuse))
            await Mark(tx, "void_ms", orderId);
        await _exchanges.Note(tx, Gateway.Rewards, orderId, "void", reply.Known ? reply.ToString() : "no answer in time");
        return reply;
    }, ct);

    /// <summary>Somebody uses what was issued for an order; false when there is nothing to use. The partner rings about it.</summary>
    public async Task<bool> Use(Guid orderId, CancellationToken ct = default)
    {
        if (await _requests.Find(orderId, ct) is not { Fate.Kind: ReplyKind.Accepted })
            return false;
        var used = await _db.Transact(async tx =>
        {
            if ((await Find(tx.Connection!, orderId, tx)).IsVoid)
                return false;
            await Mark(tx, "used_ms", orderId);
            await _exchanges.Note(tx, Gateway.Rewards, orderId, null, "used");
            return true;
        }, ct);
        if (used && _hear is { } hear)
            await hear(orderId, ct);
        return used;
    }

    public void WhenNews(NewsOfRequest hear)
    {
        _requests.WhenNews(hear);
        _hear = hear;
    }

    Task Mark(DbTransaction tx, string column, Guid id) => tx.Connection!.ExecuteAsync(
        column == "void_ms"
            ? "insert into sandbox_reward (id, void_ms) values (@id, @now) on conflict (id) do update set void_ms = excluded.void_ms"
            : "insert into sandbox_reward (id, used_ms) values (@id, @now) on conflict (id) do update set used_ms = excluded.used_ms",
        new { id, now = _clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx);

    async Task<(bool IsUsed, bool IsVoid)> Find(Guid id, CancellationToken ct)
    {
        await using var connection = await _db.Connect(ct);
        return await Find(connection, id);
    }

    static async Task<(bool IsUsed, bool IsVoid)> Find(DbConnection connection, Guid id, DbTransaction? tx = null)
    {
        var (used, voided) = await connection.QuerySingleOrDefaultAsync<(long? UsedMs, long? VoidMs)>(
            "select used_ms, void_ms from sandbox_reward where id = @id", new { id }, tx);
        return (used is not null, voided is not null);
    }
}
