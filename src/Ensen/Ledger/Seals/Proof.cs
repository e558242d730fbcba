using System.Text.Json.Serialization;

namespace Ensen.Ledger;

/// <summary>
/// What proves a receipt without the database: the entry as it was sealed, the way from its hash to the root of its seal, the seal, and
/// (once the day is closed) the way from the seal to the root of its day. docs/receipts.md describes it byte by byte. Ids and hashes
/// are lower-case hexadecimal; legs and the initiator of other parties are there as hashes only.
/// </summary>
/// <param name="Party">Whose receipt it is: its legs are the ones that the receipt names.</param>
/// <param name="Index">The entry's place in its seal, from 0.</param>
/// <param name="Path">The hashes beside the way from the entry to the seal's root, from the leaf up.</param>
/// <param name="Day">Null while the day is not closed.</param>
public sealed record Proof(
    int Version, string Party, ProvenEntry Entry, ProvenInitiator Initiator,
    IReadOnlyList<ProvenLeg> Legs, int Index, IReadOnlyList<string> Path,
    ProvenSeal Seal, ProvenDay? Day)
{
    public const int CurrentVersion = 1;
}

/// <summary>The head of an entry.</summary>
/// <param name="Kind">1 charge, 2 payment, 3 refund, 4 transfer, 5 expiry, 6 correction.</param>
public sealed record ProvenEntry(string Id, int Kind, long AtMs, string? Store, string? Corrects);

/// <summary>
/// Who began the entry, kind (1 member, 2 till, 3 merchant, 4 operator, 5 job) and id: a hash, or shown with its salt where the receipt's
/// own number stands in it (a charge's).
/// </summary>
public sealed record ProvenInitiator(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hash = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Salt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Kind = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Id = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Request = null);

/// <summary>One leg: a hash alone, or shown with its salt.</summary>
/// <param name="BalanceAfter">What the owner held in that unit afterwards; absent for accounts without a floor and for pools.</param>
public sealed record ProvenLeg(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hash = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Salt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Owner = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? AccountType = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Term = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Amount = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? BalanceAfter = null);

/// <summary>The seal over the entry's batch; its root is what entry and path lead to.</summary>
public sealed record ProvenSeal(int Lane, long Number, long AtMs, int Entries, string Previous);

/// <summary>The day that covers the seal, and the way from the seal to the day's tree.</summary>
/// <param name="Date">yyyy-mm-dd.</param>
/// <param name="Previous">The root of the day before that has one; zeros for the first.</param>
public sealed record ProvenDay(string Date, long Seals, long Index, IReadOnlyList<string> Path, string Previous);
