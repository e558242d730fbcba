using System.Data.Common;
using Dapper;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Sandbox.Gateways;

/// <summary>How a gateway of the sandbox takes a request.</summary>
public enum FaultMode
{
    Accept = 1,
    Refuse = 2,

    /// <summary>No answer and no call-back; who asks after the delay learns that it was accepted.</summary>
    TimeOutThenAccept = 3,

    /// <summary>No answer and no call-back; who asks after the delay learns that it was refused.</summary>
    TimeOutThenRefuse = 4,

    /// <summary>The request is lost on its way: no answer, and the outside has never heard of it.</summary>
    Lost = 5,

    /// <summary>No answer in time; after the delay a call-back says it was accepted.</summary>
    LateAccept = 6,

    /// <summary>No answer in time; after the delay a call-back says it was refused.</summary>
    LateRefuse = 7,

    /// <summary>Accepted at once, and then called back twice.</summary>
    Twice = 8,

    /// <summary>Accepted, and the call-back comes before the answer.</summary>
    CallbackFirst = 9,
}

/// <summary>The fault of one gateway, for its next requests.</summary>
public sealed record GatewayFault(Gateway Gateway, FaultMode FaultMode, long Remaining, TimeSpan Delay);

/// <summary>The faults of the sandbox, set on its page, used up one request at a time.</summary>
public sealed class SandboxFaults(Database db)
{
    public static readonly TimeSpan UsualDelay = TimeSpan.FromSeconds(2);

    /// <summary>Lets the gateway's next requests meet this fault; 0 times: it accepts again from now on.</summary>
    public Task Set(Gateway gateway, FaultMode mode, int times, TimeSpan? delay = null, CancellationToken ct = default) =>
        db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            insert into sandbox_fault (gateway, mode, remaining, delay_ms)
            values (@gateway, @mode, @times, @wait)
            on conflict (gateway) do update
            set mode = excluded.mode, remaining = excluded.remaining, delay_ms = excluded.delay_ms
            """,
            new { gateway = (long)gateway, mode = (long)mode, times = (long)times, wait = (long)(delay ?? UsualDelay).TotalMilliseconds },
            tx), ct);

    /// <summary>The faults that are still waiting for a request.</summary>
    public async Task<IReadOnlyList<GatewayFault>> Waiting(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var rows = await connection.QueryAsync<(long Gateway, long FaultMode, long Remaining, long Delay)>(
            "select gateway, mode, remaining, delay_ms from sandbox_fault where remaining > 0 order by gateway limit 20");
        return [.. rows.Select(r =>
            new GatewayFault((Gateway)r.Gateway, (FaultMode)r.FaultMode, r.Remaining, TimeSpan.FromMilliseconds(r.Delay)))];
    }

    /// <summary>Uses the mode up by one. Two requests never share one use.</summary>
    internal static async Task<(FaultMode FaultMode, long DelayMs)> Take(DbTransaction tx, Gateway gateway)
    {
        var (mode, delay) = await tx.Connection!.QuerySingleOrDefaultAsync<(long FaultMode, long Delay)>(
            """
            update sandbox_fault
            set remaining = remaining - 1
            where gateway = @gateway and remaining > 0
            returning mode, delay_ms
            """,
            new { gateway = (long)gateway }, tx);
        return mode == 0 ? (FaultMode.Accept, 0) : ((FaultMode)mode, delay);
    }
}
