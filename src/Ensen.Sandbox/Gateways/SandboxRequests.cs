using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Sandbox.Gateways;

/// <summary>One request as the sandbox remembers it. <paramref name="Fate"/> is the truth, also while we do not know it yet.</summary>
public sealed record SandboxRequest(Guid Id, string Party, Yen Amount, Reply Fate, DateTimeOffset KnownAt, DateTimeOffset At);

/// <summary>
/// The memory of one gateway: each request id is decided once, by the mood of that moment, and answered the same ever after.
/// </summary>
sealed class SandboxRequests(
    Gateway gateway, Database db, Outbox outbox, SandboxExchanges exchanges, TimeProvider clock)
{
    readonly SandboxCallbacks _bell = new(gateway, db, outbox, exchanges, clock);

    internal void WhenNews(NewsOfRequest hear) => _bell.WhenNews(hear);

    /// <summary>Receives a request. With <paramref name="refusal"/> the outside refuses it on its merits, whatever its mood.</summary>
    internal async Task<Reply> Receive(Guid id, string party, Yen amount, string? refusal, CancellationToken ct)
    {
        var (reply, callback, first) = await db.Transact(tx => Decide(tx, id, party, amount, refusal), ct);
        if (callback is { } item && first)
            await outbox.RunNow(item, ct);
        else if (callback is not null)
            outbox.Wake();
        return reply;
    }

    async Task<(Reply Reply, Guid? Callback, bool First)> Decide(DbTransaction tx, Guid id, string party, Yen amount, string? refusal)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var asked = FormattableString.Invariant($"{party} {amount:N0} yen");
        if (!await Remember(tx, id, party, amount, now))
        {
            var before = await Find(tx.Connection!, id, tx) ?? throw new InvalidOperationException("A request was forgotten.");
            if (before.Party != party || before.Amount != amount)
                throw new InvalidOperationException($"{gateway} request {id} was sent again with other contents.");
            var again = SeenNow(before);
            await exchanges.Note(tx, gateway, id, $"{asked} (again)", again.ToString());
            return (again, null, false);
        }

        var (mood, delayMs) = refusal is null ? await SandboxFaults.Take(tx, gateway) : (FaultMode.Accept, 0L);
        if (mood == FaultMode.Lost)
        {
            await tx.Connection!.ExecuteAsync("delete from sandbox_request where gateway = @gateway and id = @id", Key(id), tx);
            await exchanges.Note(tx, gateway, id, $"{asked} (lost on the way)", "nothing");
            return (Reply.Unknown, null, false);
        }
        var fate = refusal is not null ? Reply.Refused(refusal) : FateOf(mood);
        var knownAt = AnswersAtOnce(mood) ? now : now + delayMs;
        await Seal(tx, id, fate, knownAt);
        var reply = AnswersAtOnce(mood) ? fate : Reply.Unknown;
        await exchanges.Note(tx, gateway, id, asked, reply.Known ? reply.ToString() : "no answer in time");
        var times = CallbacksOf(mood);
        Guid? callback = times == 0 ? null : await _bell.Plan(tx, id, times, knownAt);
        return (reply, callback, mood == FaultMode.CallbackFirst);
    }

    internal async Task<Reply> Ask(Guid id, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var reply = await Find(connection, id) is { } request ? SeenNow(request) : Reply.Unseen;
        await db.Transact(tx => exchanges.Note(tx, gateway, id, "enquiry", reply.ToString()), ct);
        return reply;
    }

    /// <summary>Turns a request's fate round and calls about it; false when there is none such.</summary>
    internal async Task<bool> Contradict(Guid id, CancellationToken ct)
    {
        var turned = await db.Transact(async tx =>
        {
            if (await Find(tx.Connection!, id, tx) is not { } before)
                return false;
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            await Seal(tx, id, before.Fate.Kind == ReplyKind.Accepted ? Reply.Refused("returned_by_bank") : Reply.Accepted, now);
            await _bell.Plan(tx, id, times: 1, now);
            return true;
        }, ct);
        outbox.Wake();
        return turned;
    }

    /// <summary>The latest requests, newest first.</summary>
    internal async Task<IReadOnlyList<SandboxRequest>> Latest(int limit, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var rows = await connection.QueryAsync<Row>(
            """
            select id, party, amount_yen as AmountYen, outcome, reason, known_ms as KnownMs, at_ms as AtMs
            from sandbox_request
            where gateway = @gateway
            order by at_ms desc, id desc
            limit @limit
            """,
            new { gateway = (long)gateway, limit });
        return [.. rows.Select(r => r.Request)];
    }

    /// <summary>The sum of all it accepted, known to us or not.</summary>
    internal async Task<Yen> Accepted(CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return new Yen(await connection.ExecuteScalarAsync<long>(
            "select cast(coalesce(sum(amount_yen), 0) as bigint) from sandbox_request where gateway = @gateway and outcome = @accepted",
            new { gateway = (long)gateway, accepted = (long)ReplyKind.Accepted }));
    }

    internal async Task<SandboxRequest?> Find(DbConnection connection, Guid id, DbTransaction? tx = null) =>
        (await connection.QuerySingleOrDefaultAsync<Row>(
            """
            select id, party, amount_yen as AmountYen, outcome, reason, known_ms as KnownMs, at_ms as AtMs
            from sandbox_request
            where gateway = @gateway and id = @id
            """,
            Key(id), tx))?.Request;

    internal async Task<SandboxRequest?> Find(Guid id, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await Find(connection, id);
    }

    async Task<bool> Remember(DbTransaction tx, Guid id, string party, Yen amount, long now) =>
        await tx.Connection!.ExecuteAsync(
            """
            insert into sandbox_request (gateway, id, party, amount_yen, outcome, reason, known_ms, at_ms)
            values (@gateway, @id, @party, @yen, @accepted, null, @now, @now)
            on conflict (gateway, id) do nothing
            """,
            new { gateway = (long)gateway, id, party, yen = amount.Value, accepted = (long)ReplyKind.Accepted, now }, tx) == 1;

    Task Seal(DbTransaction tx, Guid id, Reply fate, long knownMs) =>
        tx.Connection!.ExecuteAsync(
            """
            update sandbox_request
            set outcome = @outcome, reason = @Reason, known_ms = @knownMs
            where gateway = @gateway and id = @id
            """,
            new { gateway = (long)gateway, id, outcome = (long)fate.Kind, fate.Reason, knownMs }, tx);

    object Key(Guid id) => new { gateway = (long)gateway, id };

    Reply SeenNow(SandboxRequest request) => clock.GetUtcNow() < request.KnownAt ? Reply.Unknown : request.Fate;

    static Reply FateOf(FaultMode mood) => mood is FaultMode.Refuse or FaultMode.TimeOutThenRefuse or FaultMode.LateRefuse
        ? Reply.Refused("refused_by_issuer")
        : Reply.Accepted;

    static bool AnswersAtOnce(FaultMode mood) => mood is FaultMode.Accept or FaultMode.Refuse or FaultMode.Twice or FaultMode.CallbackFirst;

    static int CallbacksOf(FaultMode mood) => mood switch
    {
        FaultMode.LateAccept or FaultMode.LateRefuse or FaultMode.CallbackFirst => 1,
        FaultMode.Twice => 2,
        _ => 0,
    };

    sealed class Row
    {
        public Guid Id { get; init; }
        public string Party { get; init; } = "";
        public long AmountYen { get; init; }
        public long Outcome { get; init; }
        public string? Reason { get; init; }
        public long KnownMs { get; init; }
        public long AtMs { get; init; }

        public SandboxRequest Request => new(
            Id, Party, new Yen(AmountYen), new Reply((ReplyKind)Outcome, Reason),
            DateTimeOffset.FromUnixTimeMilliseconds(KnownMs), DateTimeOffset.FromUnixTimeMilliseconds(AtMs));
    }
}
