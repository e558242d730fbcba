using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Transit;

/// <summary>
/// Lets registrations lapse of cards that nobody has used for 25 months (the programme's number). Points that they brought stay. A card is
/// looked at when that could be so for the first time, and again so long after its last ride.
/// </summary>
public sealed class LapseTransitCards(Database db, Programme programme, TimeProvider clock)
{
    const int Bite = 500;

    public async Task<int> Run(CancellationToken ct = default)
    {
        for (var lapsed = 0; ;)
        {
            var now = clock.GetUtcNow();
            await using var connection = await db.Connect(ct);
            var due = (await connection.QueryAsync<(TransitCardId Id, Guid Card)>(
                "select id, card from transit_card where removed_ms is null and look_ms <= @now order by look_ms limit @Bite",
                new { now = now.ToUnixTimeMilliseconds(), Bite })).AsList();
            foreach (var (id, card) in due)
                lapsed += await Look(id, card, now, ct) ? 1 : 0;
            if (due.Count < Bite)
                return lapsed;
        }
    }

    Task<bool> Look(TransitCardId id, Guid card, DateTimeOffset now, CancellationToken ct) => db.Transact(async tx =>
    {
        var months = new List<int> { ServiceDay.Of(now, programme.Transit).Month };
        while (months.Count <= programme.Transit.LapseMonths)
            months.Add(ServiceDay.Before(months[^1]));
        var last = await tx.Connection!.ExecuteScalarAsync<long?>(
            $"select max(coalesce(out_ms, in_ms)) from ride where month in ({string.Join(", ", months)}) and card = @card", new { card }, tx);
        var look = last is null ? now : Instant.OfMilliseconds(last.Value).AddMonths(programme.Transit.LapseMonths);
        if (look <= now)
        {
            await tx.Connection!.ExecuteAsync("update transit_card set lapsed = @yes where id = @id and removed_ms is null", new { id, yes = true }, tx);
            return await TransitCards.Links.End(tx, id, now.ToUnixTimeMilliseconds());
        }
        await tx.Connection!.ExecuteAsync("update transit_card set look_ms = @look where id = @id",
            new { id, look = look.ToUnixTimeMilliseconds() }, tx);
        return false;
    }, ct);
}
