using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>The seal that an entry is under, and the day that covers the seal; null while that is not closed.</summary>
/// <param name="Seal">The seal's hash, as a receipt is checked by it.</param>
public sealed record SealedUnder(string Seal, JapanDay? Day);

/// <summary>Says a party of an entry what the entry is sealed under; for everybody else there is no such entry.</summary>
public sealed class FindSeal(Database db)
{
    public async Task<SealedUnder?> Run(Guid party, Guid entry, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        if (await connection.QuerySingleOrDefaultAsync<Place?>(
            """
            select s.lane, s.number, s.hash
            from entry e
            join seal s on s.lane = e.lane and s.number = e.seal
            where e.id = @entry
              and exists (select 1 from posting p where p.owner = @party and p.entry_id = e.id)
            """,
            new { party, entry }) is not { } place)
            return null;
        return new SealedUnder(Convert.ToHexStringLower(place.Hash), (await DayRoots.Covering(connection, place.Lane, place.Number))?.Date);
    }

    sealed record Place(short Lane, long Number, byte[] Hash);
}
