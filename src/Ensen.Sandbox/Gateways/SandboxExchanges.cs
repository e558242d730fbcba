using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Sandbox.Gateways;

/// <summary>
/// One message and its answer, as a gateway of the sandbox saw them. <paramref name="Received"/> is null when it called by itself.
/// </summary>
public sealed record Exchange(Gateway Gateway, Guid RequestId, string? Received, string Sent, DateTimeOffset At);

/// <summary>What each gateway received and sent, newest first: the sandbox page shows it.</summary>
public sealed class SandboxExchanges(Database db, TimeProvider clock)
{
    public async Task<IReadOnlyList<Exchange>> Latest(Gateway gateway, int limit, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var rows = await connection.QueryAsync<(Guid RequestId, string? Received, string Sent, long At)>(
            """
            select request_id, received, sent, at_ms
            from sandbox_exchange
            where gateway = @gateway
            order by at_ms desc, id desc
            limit @limit
            """,
            new { gateway = (long)gateway, limit });
        return [.. rows.Select(r => new Exchange(gateway, r.RequestId, r.Received, r.Sent, DateTimeOffset.FromUnixTimeMilliseconds(r.At)))];
    }

    internal Task Note(DbTransaction tx, Gateway gateway, Guid requestId, string? received, string sent)
    {
        var now = clock.GetUtcNow();
        return tx.Connection!.ExecuteAsync(
            """
            insert into sandbox_exchange (id, gateway, request_id, received, sent, at_ms)
            values (@id, @gateway, @requestId, @received, @sent, @at)
            """,
            new { id = Id.New(now), gateway = (long)gateway, requestId, received, sent, at = now.ToUnixTimeMilliseconds() }, tx);
    }
}
