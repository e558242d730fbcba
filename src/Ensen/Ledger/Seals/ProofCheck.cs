using System.Globalization;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>
/// What a proof leads to. Whoever has one of the two hashes from elsewhere knows that the entry was sealed as it is shown.
/// </summary>
/// <param name="SealRoot">The Merkle root over the entries of the seal.</param>
/// <param name="Seal">The hash of the seal.</param>
/// <param name="Day">The root of the day; null while it is not closed.</param>
public sealed record Proven(byte[] Entry, byte[] SealRoot, byte[] Seal, byte[]? Day);

/// <summary>Why a proof proves nothing; the message says which field.</summary>
public sealed class WrongProofException(string message) : Exception(message);

/// <summary>
/// Computes from a proof, step by step and without any database, the hashes it leads to (docs/receipts.md; the steps have the same
/// numbers there). A form that is not exactly the described one is refused: nothing is guessed.
/// </summary>
public static class ProofCheck
{
    const int MostLegs = ushort.MaxValue;

    public static Proven Of(Proof proof)
    {
        if (proof.Version != Proof.CurrentVersion)
            throw Wrong($"version {proof.Version} is not known here");
        Id(proof.Party, "party");
        // 1. The initiator, 2. the legs, 3. the entry.
        var entry = Entry(proof.Entry, Initiator(proof.Initiator), Legs(proof.Legs));
        // 4. Up to the root of the seal, 5. the seal.
        var seal = proof.Seal;
        var root = MerkleTree.Climb(entry, new MerklePath(proof.Index, seal.Entries, Hashes(proof.Path, "path")))
            ?? throw Wrong("the path does not fit the entry's place in its seal");
        if (seal.Lane is < 0 or > short.MaxValue || seal.Number < 1)
            throw Wrong("seal: no such lane or number");
        var hash = SealedRecord.Seal((short)seal.Lane, seal.Number, seal.AtMs, seal.Entries, root, Hash(seal.Previous, "seal.previous"));
        // 6. Up to the tree of the day, 7. the root of the day.
        return new Proven(entry, root, hash, proof.Day is null ? null : Day(proof.Day, hash));
    }

    static byte[] Initiator(ProvenInitiator initiator)
    {
        if (initiator is { Hash: { } hidden, Salt: null, Kind: null, Id: null, Request: null })
            return Hash(hidden, "initiator.hash");
        if (initiator
            is not { Hash: null, Salt: { } salt, Kind: { } kind and >= 0 and <= short.MaxValue, Id: { } id, Request: { } request })
            throw Wrong("initiator: either hash, or salt, kind, id and request");
        var hash = new byte[MerkleTree.HashLength];
        SealedRecord.Initiator(
            hash, Bytes(salt, Salts.Length, "initiator.salt"), (short)kind, Id(id, "initiator.id"),
            request.Length == 0 ? [] : Hash(request, "initiator.request"));
        return hash;
    }

    static byte[] Legs(IReadOnlyList<ProvenLeg> legs)
    {
        if (legs.Count is 0 or > MostLegs)
            throw Wrong("legs: none, or too many");
        var hashes = new byte[legs.Count * MerkleTree.HashLength];
        for (var i = 0; i < legs.Count; i++)
            Leg(legs[i], i, hashes.AsSpan(i * MerkleTree.HashLength, MerkleTree.HashLength));
        return hashes;
    }

    static void Leg(ProvenLeg leg, int place, Span<byte> hash)
    {
        var name = FormattableString.Invariant($"legs[{place}]");
        if (leg is { Hash: { } hidden, Salt: null, Owner: null, AccountType: null, Term: null, Amount: null, BalanceAfter: null })
        {
            Hash(hidden, name + ".hash").CopyTo(hash);
            return;
        }
        if (leg is not
            {
                Hash: null, Salt: { } salt, Owner: { } owner, AccountType: { } accountType and >= 0 and <= short.MaxValue,
                Term: { } term, Amount: { } amount
            }
            || place > short.MaxValue)
            throw Wrong($"{name}: either hash, or salt, owner, accountType, term and amount");
        SealedRecord.Leg(hash, Bytes(salt, Salts.Length, name + ".salt"), Id(owner, name + ".owner"), (short)place, (short)accountType,
            term, amount, leg.BalanceAfter);
    }

    static byte[] Entry(ProvenEntry entry, byte[] initiator, byte[] legs)
    {
        if (entry.Kind is < 0 or > short.MaxValue)
            throw Wrong("entry.kind: no such kind");
        var leaf = new byte[MerkleTree.HashLength];
        SealedRecord.Entry(
            leaf, Id(entry.Id, "entry.id"), (short)entry.Kind, entry.AtMs, entry.Store is null ? null : Id(entry.Store, "entry.store"),
            entry.Corrects is null ? null : Id(entry.Corrects, "entry.corrects"), initiator, legs);
        return leaf;
    }

    static byte[] Day(ProvenDay day, byte[] seal)
    {
        if (!DateOnly.TryParseExact(day.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            throw Wrong("day.date is no date");
        var tree = MerkleTree.Climb(seal, new MerklePath(day.Index, day.Seals, Hashes(day.Path, "day.path")))
            ?? throw Wrong("the day's path does not fit the seal's place in its day");
        return SealedRecord.Day(new JapanDay(date).Number, day.Seals, tree, Hash(day.Previous, "day.previous"));
    }

    static List<byte[]> Hashes(IReadOnlyList<string> hashes, string name) => [.. hashes.Select(h => Hash(h, name))];

    static byte[] Hash(string hex, string name) => Bytes(hex, MerkleTree.HashLength, name);

    static Guid Id(string hex, string name) => Bytes(hex, 16, name) is var bytes && bytes.AsSpan().ContainsAnyExcept((byte)0)
        ? new Guid(bytes, bigEndian: true)
        : throw Wrong($"{name} is zero");

    static byte[] Bytes(string hex, int length, string name) =>
        hex is not null && hex.Length == 2 * length && hex.All(char.IsAsciiHexDigitLower)
            ? Convert.FromHexString(hex)
            : throw Wrong(FormattableString.Invariant($"{name} is not {2 * length} lower-case hexadecimal digits"));

    static WrongProofException Wrong(string message) => new(message);
}
