using System.Data.Common;
using System.Globalization;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Sandbox.Gateways;

/// <summary>
/// A gateway's call-backs: rung through the outbox, so that a late one survives a restart and a node that hears it is found.
/// </summary>
sealed class SandboxCallbacks
{
    readonly Gateway _gateway;
    readonly Database _db;
    readonly Outbox _outbox;
    readonly SandboxExchanges _exchanges;
    readonly TimeProvider _clock;
    NewsOfRequest? _hear;

    internal SandboxCallbacks(Gateway gateway, Database db, Outbox outbox, SandboxExchanges exchanges, TimeProvider clock)
    {
        (_gateway, _db, _outbox, _exchanges, _clock) = (gateway, db, outbox, exchanges, clock);
        outbox.On(Kind, Ring);
    }

    string Kind => $"sandbox.{_gateway.ToString().ToLowerInvariant()}";

    internal void WhenNews(NewsOfRequest hear)
    {
        if (_hear is not null)
            throw new InvalidOperationException($"Somebody hears the {_gateway}'s call-backs already.");
        _hear = hear;
    }

    /// <summary>Plans the call-backs of one request and returns the id under which the outbox has them.</summary>
    internal async Task<Guid> Plan(DbTransaction tx, Guid requestId, int times, long dueMs)
    {
        var id = Id.New(_clock);
        await _outbox.Add(tx, id, Kind, string.Create(CultureInfo.InvariantCulture, $"{Id.Bare(requestId)} {times} {dueMs}"));
        return id;
    }

    async Task<OutboxResult> Ring(OutboxItem item, CancellationToken ct)
    {
        var words = item.Body.Split(' ');
        if (!Id.TryParseBare(words[0], out var requestId))
            throw new FormatException("A planned call-back names no request.");
        if (_hear is null || _clock.GetUtcNow().ToUnixTimeMilliseconds() < long.Parse(words[2], CultureInfo.InvariantCulture))
            return OutboxResult.Later;
        for (var left = int.Parse(words[1], CultureInfo.InvariantCulture); left > 0; left--)
        {
            await _db.Transact(tx => _exchanges.Note(tx, _gateway, requestId, null, "call-back: there is news"), ct);
            await _hear(requestId, ct);
        }
        return OutboxResult.Done;
    }
}
