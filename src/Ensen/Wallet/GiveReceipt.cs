using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>Gives a party of an entry its receipt with the proof; for everybody else there is none.</summary>
public sealed class GiveReceipt(Database db, Stores stores)
{
    /// <param name="parties">Whom the caller is: a member, a store, or all of a merchant's stores.</param>
    /// <param name="id">The entry's id, or the charge's that it booked.</param>
    public async Task<Receipt?> Run(IEnumerable<Guid> parties, Guid id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        foreach (var party in parties)
        {
            var entryId = await Charges.EntryOf(connection, party, id) ?? new EntryId(id);
            if (await Statement.Head(connection, db.Catalogue, entryId) is { } entry
                && await Statement.Legs(connection, db.Catalogue, party, entryId) is { Count: > 0 } legs)
                return await Write(connection, party, entry, legs, ct);
        }
        return null;
    }

    async Task<Receipt> Write(DbConnection connection, Guid party, EntryHead entry, IReadOnlyList<Leg> legs, CancellationToken ct)
    {
        var charge = entry.Kind == EntryKind.Charge ? await Charges.BookedBy(connection, party, entry.Id) : null;
        var store = entry.StoreId is { } storeId ? await stores.Find(new StoreId(storeId), ct) : null;
        return new Receipt(
            Receipt.KnownAs(entry.Kind, charge?.Value ?? entry.Id), entry.Kind.Word,
            JapanDay.InTokyo(DateTimeOffset.FromUnixTimeMilliseconds(entry.AtMs)), ReceiptNumber.Of(entry.Id),
            entry.StoreId is { } known ? new StoreId(known).ToString() : null, store?.Name, [.. legs.Select(ReceiptLeg.Of)],
            await Proofs.Of(connection, entry.Id, party, showInitiator: charge is not null)
                ?? throw new InvalidOperationException($"Entry {entry.Id} is gone."));
    }

    /// <summary>What the entry of a charge carries as its attached hash, so that the charge's own number is sealed with it.</summary>
    public static byte[] RequestOf(ChargeId charge) => SHA256.HashData(Encoding.ASCII.GetBytes(Receipt.KnownAs(EntryKind.Charge, charge)));
}
