using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Sandbox.Town;
using Ensen.Storage;
using Ensen.Transit;

namespace Ensen.Sandbox.Gateways;

/// <summary>
/// The gates of the loop. They keep who went in, reckon the fare of who comes out, and tell the ride to the product's own feed. What was
/// kept and not told, because somebody pulled the plug, is told with the next.
/// </summary>
public sealed class SandboxGates(Database db, SandboxGateways world, ReadRides feed, TimeProvider clock)
{
    public const int MostDaysLate = 60;
    const int Shown = 20;

    /// <summary>Who is inside for longer has left by no gate.</summary>
    static readonly TimeSpan s_longest = TimeSpan.FromHours(24);

    /// <summary>The cards that were seen last.</summary>
    public async Task<IReadOnlyList<GateCard>> Cards(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return [.. (await connection.QueryAsync<CardRow>(
            """
            select c.number, c.proof, c.form, g.station, g.in_ms
            from sandbox_transit_card c
            left join sandbox_gate_card g on g.card = c.number
            order by coalesce(g.seen_ms, 0) desc, c.number
            limit @Shown
            """, new { Shown })).Select(Of)];
    }

    public async Task<GateCard?> Find(string? number, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Card(connection, null, number) is { } row ? Of(row) : null;
    }

    /// <summary>A new card, which the gates know at once.</summary>
    public async Task<SandboxTransitCard> Issue(TransitCardForm form, CancellationToken ct = default)
    {
        var card = await world.Transit.Issue(form, ct);
        await db.Transact(tx => See(tx, card.Number, null, null), ct);
        return card;
    }

    /// <summary>The rides of a card that the gates know, the latest first.</summary>
    public async Task<IReadOnlyList<GateRide>> Rides(string card, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return [.. (await connection.QueryAsync<RideRow>(
            $"select {RideColumns} from sandbox_gate_ride where card = @card order by id desc limit @Shown", new { card, Shown })).Select(Of)];
    }

    /// <summary>
    /// A card goes in. Whoever is inside already came out by no gate: that ride is told. Null where there is no such card or station.
    /// </summary>
    public async Task<IReadOnlyList<GateRide>?> Enter(string? number, string? station, CancellationToken ct = default)
    {
        if (!LoopLine.Has(station)) return null;
        var now = clock.Now();
        var isKnown = await db.Transact(async tx =>
        {
            if (await Take(tx, number) is not { } card) return false;
            if (card.InMs is { } inMs)
                await Keep(tx, new RideRow(Id.New(now), card.Number, card.Station, null, 0, inMs, null, null));
            await See(tx, card.Number, station, now.ToUnixTimeMilliseconds());
            return true;
        }, ct);
        return isKnown ? await Tell(number!, ct) : null;
    }

    /// <summary>A card comes out: the ride is told. One that is not inside went in by no gate.</summary>
    public async Task<IReadOnlyList<GateRide>?> Leave(string? number, string? station, CancellationToken ct = default)
    {
        if (!LoopLine.Has(station)) return null;
        var now = clock.Now();
        var isKnown = await db.Transact(async tx =>
        {
            if (await Take(tx, number) is not { } card) return false;
            var outMs = now.ToUnixTimeMilliseconds();
            if (card is { Station: { } from, InMs: { } inMs } && outMs - inMs is >= 0 and var inside)
                if (inside <= (long)s_longest.TotalMilliseconds)
                    await Keep(tx, new RideRow(Id.New(now), card.Number, from, station, LoopLine.Fare(from, station!), inMs, outMs, null));
                else
                {
                    await Keep(tx, new RideRow(Id.New(now), card.Number, from, null, 0, inMs, null, null));
                    await Keep(tx, new RideRow(Id.New(now), card.Number, null, station, 0, null, outMs, null));
                }
            else
                await Keep(tx, new RideRow(Id.New(now), card.Number, null, station, 0, null, outMs, null));
            await See(tx, card.Number, null, null);
            return true;
        }, ct);
        return isKnown ? await Tell(number!, ct) : null;
    }

    /// <summary>
    /// Plays what goes wrong; null where there is no such card or station, or nothing was told yet that could be told twice.
    /// </summary>
    public async Task<IReadOnlyList<GateRide>?> Play(
        GateCase what, string? number, string? from, string? to, int daysLate, CancellationToken ct = default)
    {
        if (!LoopLine.Has(from) || !LoopLine.Has(to) || from == to || daysLate is < 1 or > MostDaysLate) return null;
        var now = clock.Now();
        var ms = now.ToUnixTimeMilliseconds();
        var isKnown = await db.Transact(async tx =>
        {
            if (await Take(tx, number) is not { } card) return false;
            var (inAt, outAt) = (now.AddMinutes(-RideMinutes(from!, to!)), now);
            switch (what)
            {
                case GateCase.ToldTwice:
                    return await tx.Connection!.ExecuteAsync(
                        """
                        update sandbox_gate_ride
                        set said = null
                        where card = @Number and told_ms = (select max(told_ms) from sandbox_gate_ride where card = @Number)
                        """, new { card.Number }, tx) > 0;
                case GateCase.MissedOut:
                    await Keep(tx, new RideRow(Id.New(now), card.Number, from, null, 0, ms, null, null));
                    break;
                case GateCase.Late:
                    (inAt, outAt) = (inAt.AddDays(-daysLate), outAt.AddDays(-daysLate));
                    goto default;
                case GateCase.OverMidnight:
                    var today = JapanDay.Of(now).Start;
                    inAt = (JapanDay.InTokyo(now) >= today.AddMinutes(45) ? today : today.AddDays(-1))
                        .AddMinutes(-10);
                    outAt = inAt.AddMinutes(Math.Max(RideMinutes(from!, to!), 15));
                    goto default;
                default:
                    // Nobody rides twice at once: the next press is a ride of the day before.
                    while (await IsTaken(tx, card.Number, inAt, outAt))
                        (inAt, outAt) = (inAt.AddDays(-1), outAt.AddDays(-1));
                    await Keep(tx, new RideRow(Id.New(now), card.Number, from, to, LoopLine.Fare(from!, to!), inAt.ToUnixTimeMilliseconds(),
                        outAt.ToUnixTimeMilliseconds(), null));
                    break;
            }
            return true;
        }, ct);
        return isKnown ? await Tell(number!, ct) : null;
    }

    /// <summary>How long a ride takes, minutes.</summary>
    static int RideMinutes(string from, string to) => 3 + 2 * LoopLine.Stops(from, to);

    /// <summary>Tells what is not told yet, as one delivery.</summary>
    async Task<IReadOnlyList<GateRide>> Tell(string number, CancellationToken ct)
    {
        List<RideRow> rows;
        await using (var connection = await db.Connect(ct))
            rows = (await connection.QueryAsync<RideRow>(
                $"select {RideColumns} from sandbox_gate_ride where card = @number and said is null order by id limit 1000",
                new { number })).AsList();
        if (rows.Count == 0)
            return [];
        var fed = await feed.Run("gates", rows.Select((r, n) => new FedRide(
            n + 1, r.Card, r.FromStation, r.ToStation, r.Fare, At(r.InMs), At(r.OutMs))), ct);
        var refused = fed.Shown.Select(r => r.Line - 1).ToHashSet();
        var said = rows.Select((r, n) => r with
        {
            Said = refused.Contains(n) ? "refused" : fed.Accepted == 0 ? "duplicate" : "accepted",
        }).ToList();
        await db.Transact(async tx =>
        {
            foreach (var ride in said)
                await tx.Connection!.ExecuteAsync("update sandbox_gate_ride set said = @Said, told_ms = @now where id = @Id",
                    new { ride.Said, ride.Id, now = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx);
            await world.Exchanges.Note(tx, Gateway.Transit, Id.New(clock.GetUtcNow()), null,
                $"rides of ****{number[^4..]}: {fed.Accepted} new, {fed.Duplicates} known, {fed.Refused} refused");
        }, ct);
        return [.. said.Select(Of)];
    }

    const string RideColumns = "id, card, from_station, to_station, fare, in_ms, out_ms, said";

    static Task<CardRow?> Card(DbConnection connection, DbTransaction? tx, string? number) =>
        connection.QuerySingleOrDefaultAsync<CardRow?>(
            """
            select c.number, c.proof, c.form, g.station, g.in_ms
            from sandbox_transit_card c
            left join sandbox_gate_card g on g.card = c.number
            where c.number = @number
            """, new { number = number ?? "" }, tx);

    /// <summary>The card with its row held: of two touches at once the second finds what the first left.</summary>
    async Task<CardRow?> Take(DbTransaction tx, string? number)
    {
        if (await Card(tx.Connection!, tx, number) is not { } card)
            return null;
        var (station, inMs) = await tx.Connection!.QuerySingleAsync<(string?, long?)>(
            """
            insert into sandbox_gate_card (card, seen_ms)
            values (@Number, @now)
            on conflict (card) do update set seen_ms = excluded.seen_ms
            returning station, in_ms
            """, new { card.Number, now = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx);
        return card with { Station = station, InMs = inMs };
    }

    Task See(DbTransaction tx, string card, string? station, long? inMs) => tx.Connection!.ExecuteAsync(
        """
        insert into sandbox_gate_card (card, station, in_ms, seen_ms)
        values (@card, @station, @inMs, @now)
        on conflict (card) do update set station = excluded.station, in_ms = excluded.in_ms, seen_ms = excluded.seen_ms
        """, new { card, station, inMs, now = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx);

    static Task Keep(DbTransaction tx, RideRow ride) => tx.Connection!.ExecuteAsync(
        """
        insert into sandbox_gate_ride (id, card, from_station, to_station, fare, in_ms, out_ms)
        values (@Id, @Card, @FromStation, @ToStation, @Fare, @InMs, @OutMs)
        """, ride, tx);

    static async Task<bool> IsTaken(DbTransaction tx, string card, DateTimeOffset inAt, DateTimeOffset outAt) =>
        await tx.Connection!.ExecuteScalarAsync<long>(
            """
            select count(*)
            from sandbox_gate_ride
            where card = @card and coalesce(in_ms, out_ms) < @until and coalesce(out_ms, in_ms) > @from
            """, new { card, from = inAt.ToUnixTimeMilliseconds(), until = outAt.ToUnixTimeMilliseconds() }, tx) > 0;

    static GateCard Of(CardRow row) => new(row.Number, row.Proof, (TransitCardForm)row.Form, row.Station, At(row.InMs));

    static GateRide Of(RideRow row) =>
        new(row.Id, row.Card, row.FromStation, row.ToStation, row.Fare, At(row.InMs), At(row.OutMs), row.Said);

    static DateTimeOffset? At(long? ms) => ms is { } at ? JapanDay.InTokyo(DateTimeOffset.FromUnixTimeMilliseconds(at)) : null;

    sealed record CardRow(string Number, string Proof, long Form, string? Station, long? InMs);

    sealed record RideRow(
        Guid Id, string Card, string? FromStation, string? ToStation, long Fare, long? InMs, long? OutMs, string? Said);
}
