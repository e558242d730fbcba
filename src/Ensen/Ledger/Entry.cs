using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>One account's change. Positive: the owner is owed more.</summary>
/// <param name="Term">0, or the day (yyyymmdd) on which a lot of points lapses.</param>
/// <param name="Amount">Yen or points, as the account type says; never 0.</param>
public readonly record struct Leg(Guid Owner, AccountType AccountType, int Term, long Amount)
{
    public static Leg Of(Guid owner, AccountType accountType, Yen amount) => new(owner, accountType, 0, amount.Value);

    public static Leg Of(Guid owner, AccountType accountType, PointAmount amount) => new(owner, accountType, 0, amount.Value);
}

/// <summary>
/// A change of value that either happened whole or not at all. It is never changed afterwards: a correction is another entry
/// that names this one. Its id is its idempotency key.
/// </summary>
public sealed record Entry
{
    public Entry(Guid id, EntryKind kind, DateTimeOffset at, Initiator initiator, IReadOnlyList<Leg> legs)
    {
        (Id, Kind, At, Initiator, Legs) = (id, kind, at, initiator, legs);
        long yen = 0, points = 0;
        foreach (var leg in legs)
        {
            if (leg.Amount == 0)
                throw new UnbalancedEntryException($"a leg of entry {id} moves nothing");
            if (leg.AccountType.Unit == Unit.Yen)
                yen = checked(yen + leg.Amount);
            else
                points = checked(points + leg.Amount);
        }
        if (legs.Count < 2 || yen != 0 || points != 0)
            throw new UnbalancedEntryException($"entry {id} does not sum to zero: {yen} yen, {points} points");
    }

    public Guid Id { get; }
    public EntryKind Kind { get; }
    public DateTimeOffset At { get; }

    /// <summary>Who began it: the till, and not its store; the job, and not the programme.</summary>
    public Initiator Initiator { get; }

    public Guid? Store { get; init; }

    /// <summary>The earlier entry that this one corrects: a refund names its payment.</summary>
    public Guid? Corrects { get; init; }

    /// <summary>
    /// The hash of what is attached to the entry, 64 bytes (<see cref="Attached"/>), or one that its feature gives: a charge that of its
    /// number.
    /// </summary>
    public byte[]? AttachedHash { get; init; }
    public IReadOnlyList<Leg> Legs { get; }

    /// <summary>The distinct owners of its legs, in their order, 16 bytes each.</summary>
    internal byte[] OwnerBytes()
    {
        Span<Guid> found = Legs.Count <= 32 ? stackalloc Guid[Legs.Count] : new Guid[Legs.Count];
        var count = 0;
        foreach (var leg in Legs)
            if (!found[..count].Contains(leg.Owner))
                found[count++] = leg.Owner;
        var bytes = new byte[count * 16];
        for (var i = 0; i < count; i++)
            found[i].TryWriteBytes(bytes.AsSpan(i * 16), bigEndian: true, out _);
        return bytes;
    }

    internal static Guid[] OwnersOf(ReadOnlySpan<byte> bytes)
    {
        var owners = new Guid[bytes.Length / 16];
        for (var i = 0; i < owners.Length; i++)
            owners[i] = new Guid(bytes.Slice(i * 16, 16), bigEndian: true);
        return owners;
    }
}

/// <summary>A feature tried to post an entry that makes or destroys value: a mistake in the program, never a user's.</summary>
public sealed class UnbalancedEntryException(string message) : Exception(message);
