using System.Globalization;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Identity;
using Ensen.Storage;

namespace Ensen.Sandbox.Gateways;

/// <summary>A verification that the reader of cards was asked for. <paramref name="Reported"/>: what it said first.</summary>
public sealed record SandboxIdentityOrder(Guid Id, IdentityReading Reading, string Person, string? Reported, DateTimeOffset At);

/// <summary>
/// The sandbox's reader of IC chips and certificates. In an ordinary mood every card is its member's; its faults answer late, twice, never,
/// or that it is another person's. Whoever plays may answer in its place.
/// </summary>
public sealed class SandboxIdentity : IIdentityCheck
{
    const string Kind = "sandbox.identity";

    readonly Database _db;
    readonly Outbox _outbox;
    readonly SandboxExchanges _exchanges;
    readonly TimeProvider _clock;
    IdentityReported? _hear;

    internal SandboxIdentity(Database db, Outbox outbox, SandboxExchanges exchanges, TimeProvider clock)
    {
        (_db, _outbox, _exchanges, _clock) = (db, outbox, exchanges, clock);
        outbox.On(Kind, Report);
    }

    public void WhenReported(IdentityReported hear) => _hear = hear;

    public async Task<Reply> Begin(IdentityOrder order, CancellationToken ct)
    {
        var (reply, planned) = await _db.Transact(async tx =>
        {
            var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
            var asked = $"{order.Reading}: {order.Kana} {order.BornOn}";
            if (await tx.Connection!.ExecuteAsync(
                """
                insert into sandbox_identity_order (id, reading, person, at_ms)
                values (@Id, @reading, @Kana, @now)
                on conflict (id) do nothing
                """,
                new { order.Id, reading = (long)order.Reading, order.Kana, now }, tx) == 0)
            {
                await _exchanges.Note(tx, Gateway.Identity, order.Id, $"{asked} (again)", "taken on");
                return (Reply.Accepted, (Guid?)null);
            }
            var (mode, delayMs) = await SandboxFaults.Take(tx, Gateway.Identity);
            if (mode == FaultMode.Lost)
            {
                await tx.Connection!.ExecuteAsync("delete from sandbox_identity_order where id = @Id", new { order.Id }, tx);
                await _exchanges.Note(tx, Gateway.Identity, order.Id, $"{asked} (lost on the way)", "nothing");
                return (Reply.Unknown, null);
            }
            await _exchanges.Note(tx, Gateway.Identity, order.Id, asked, "taken on");
            var (finding, times) = mode switch
            {
                FaultMode.Refuse or FaultMode.LateRefuse => (IdentityFinding.DifferentPerson, 1),
                FaultMode.TimeOutThenAccept or FaultMode.TimeOutThenRefuse => (IdentityFinding.Match, 0),
                FaultMode.Twice => (IdentityFinding.Match, 2),
                _ => (IdentityFinding.Match, 1),
            };
            if (times == 0)
                return (Reply.Accepted, null);
            var (id, due) = (Id.New(_clock), mode is FaultMode.LateAccept or FaultMode.LateRefuse ? now + delayMs : now);
            await _outbox.Add(tx, id, Kind, string.Create(CultureInfo.InvariantCulture, $"{Id.Bare(order.Id)} {times} {due} {finding}"));
            return (Reply.Accepted, due == now ? id : null);
        }, ct);
        if (planned is { } at)
            await _outbox.RunNow(at, ct);
        return reply;
    }

    /// <summary>Whoever plays the gateway reports. Whether a verification ended by it.</summary>
    /// <param name="report">The report's name; null: a new one.</param>
    public Task<bool> Say(Guid order, IdentityFinding finding, string? report = null, string? validUntil = null,
        CancellationToken ct = default) =>
        Tell(new IdentityReport(report ?? Id.Bare(Id.New(_clock)), order, finding, validUntil), ct);

    /// <summary>The latest orders, newest first.</summary>
    public async Task<IReadOnlyList<SandboxIdentityOrder>> Latest(int limit, CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
        var rows = await connection.QueryAsync<(Guid Id, long Reading, string Person, string? Reported, long AtMs)>(
            "select id, reading, person, reported, at_ms from sandbox_identity_order order by at_ms desc, id desc limit @limit", new { limit });
        return [.. rows.Select(r => new SandboxIdentityOrder(
            r.Id, (IdentityReading)r.Reading, r.Person, r.Reported, DateTimeOffset.FromUnixTimeMilliseconds(r.AtMs)))];
    }

    async Task<OutboxResult> Report(OutboxItem item, CancellationToken ct)
    {
        var words = item.Body.Split(' ');
        if (!Id.TryParseBare(words[0], out var order))
            throw new FormatException("A planned report names no order.");
        if (_hear is null || _clock.GetUtcNow().ToUnixTimeMilliseconds() < long.Parse(words[2], CultureInfo.InvariantCulture))
            return OutboxResult.Later;
        // Said twice, it is the same report.
        for (var left = int.Parse(words[1], CultureInfo.InvariantCulture); left > 0; left--)
            await Tell(new IdentityReport(Id.Bare(item.Id), order, Enum.Parse<IdentityFinding>(words[3])), ct);
        return OutboxResult.Done;
    }

    async Task<bool> Tell(IdentityReport report, CancellationToken ct)
    {
        var said = HearIdentityReport.CodeOf(report.Finding);
        await _db.Transact(async tx =>
        {
            await tx.Connection!.ExecuteAsync(
                "update sandbox_identity_order set reported = coalesce(reported, @said) where id = @Order", new { report.Order, said }, tx);
            await _exchanges.Note(tx, Gateway.Identity, report.Order, null, $"report: {said}");
        }, ct);
        return _hear is { } hear && await hear(report, ct);
    }
}
