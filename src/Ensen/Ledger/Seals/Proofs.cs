using System.Data.Common;
using Dapper;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>Makes proofs from the books.</summary>
public static class Proofs
{
    /// <summary>
    /// The proof of an entry for one of its parties. Shown are the party's legs, the programme's own and the store's (whoever pays there
    /// knows it); other owners' legs are hashes. Null when there is no such entry.
    /// </summary>
    /// <param name="showInitiator">Shows who began it: only where that is the party itself.</param>
    public static async Task<Proof?> Of(DbConnection connection, Guid entryId, Guid party, bool showInitiator = false)
    {
        if (await connection.QuerySingleOrDefaultAsync<EntryRow?>(
            "select id, kind, at_ms, initiator_kind, initiator_id, store_id, corrects, attached_hash, owners, lane, seal from entry where id = @entryId",
            new { entryId }) is not { } entry)
            return null;
        var seal = await connection.QuerySingleAsync<SealRow>(
            "select lane, number, at_ms, entries, root, previous, hash from seal where lane = @Lane and number = @Seal",
            new { entry.Lane, entry.Seal });
        var leaves = await connection.ExecuteScalarAsync<byte[]>(
            "select leaves from seal where lane = @Lane and number = @Seal", new { entry.Lane, entry.Seal }) ?? [];
        var legs = await Legs(connection, entry);
        var place = Seal.PlaceOf(leaves, entryId);
        if (place < 0)
            throw new InvalidOperationException($"Entry {entryId} is not covered by the seal it names: run verify.");
        return new Proof(
            Proof.CurrentVersion, Hex(party), new ProvenEntry(
                Hex(entry.Id), entry.Kind, entry.AtMs, Hex(entry.StoreId), Hex(entry.Corrects)),
            Initiator(entry, leaves, showInitiator && entry.InitiatorId == party),
            [.. legs.Select((leg, i) => Shown(leg, i, entry, leaves, leg.Owner == party || leg.Owner == Chart.Operator
                || leg.Owner == entry.StoreId))],
            place, [.. MerkleTree.Path(Seal.Hashes(leaves), place).Hashes.Select(Convert.ToHexStringLower)],
            new ProvenSeal(seal.Lane, seal.Number, seal.AtMs, seal.Entries, Convert.ToHexStringLower(seal.Previous)),
            await Day(connection, seal));
    }

    static async Task<IReadOnlyList<PostingLine>> Legs(DbConnection connection, EntryRow entry)
    {
        var legs = new List<PostingLine>();
        foreach (var owner in Entry.OwnersOf(entry.Owners))
            legs.AddRange(await connection.QueryAsync<PostingLine>(
                "select owner, leg, account_type, term, amount, balance_after from posting where owner = @owner and entry_id = @Id",
                new { owner, entry.Id }));
        legs.Sort(static (a, b) => a.Leg.CompareTo(b.Leg));
        return legs;
    }

    static ProvenInitiator Initiator(EntryRow entry, ReadOnlySpan<byte> leaves, bool show)
    {
        var salt = Salts.Of(leaves[..Salts.SecretLength], entry.Id, 0);
        return show
            ? new ProvenInitiator(Salt: Convert.ToHexStringLower(salt), Kind: entry.InitiatorKind, Id: Hex(entry.InitiatorId),
                Request: Convert.ToHexStringLower(entry.AttachedHash ?? []))
            : new ProvenInitiator(Convert.ToHexStringLower(entry.InitiatorHash(salt)));
    }

    static ProvenLeg Shown(PostingLine leg, int place, EntryRow entry, ReadOnlySpan<byte> leaves, bool show)
    {
        var salt = Salts.Of(leaves[..Salts.SecretLength], entry.Id, 1 + place);
        return show
            ? new ProvenLeg(
                Salt: Convert.ToHexStringLower(salt), Owner: Hex(leg.Owner), AccountType: leg.AccountType, Term: leg.Term,
                Amount: leg.Amount, BalanceAfter: leg.BalanceAfter)
            : new ProvenLeg(Convert.ToHexStringLower(leg.Hash(salt)));
    }

    static async Task<ProvenDay?> Day(DbConnection connection, SealRow seal)
    {
        if (await DayRoots.Covering(connection, seal.Lane, seal.Number) is not { } day)
            return null;
        var path = await DayRoots.Path(connection, day, seal.Lane, seal.Number);
        return new ProvenDay(day.Date.ToString(), day.Seals, path.Index, [.. path.Hashes.Select(Convert.ToHexStringLower)],
            Convert.ToHexStringLower(day.Previous));
    }

    static string Hex(Guid id) => id.ToString("N");

    static string? Hex(Guid? id) => id?.ToString("N");
}
