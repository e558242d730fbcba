using System.Collections.Frozen;

namespace Ensen.Points;

/// <summary>What sort of thing points are spent on.</summary>
public enum SpendingKind
{
    Store = 1,
    Reward = 2,
    TransitCharge = 3,
}

/// <summary>Something that points are spent on: a store, a reward, or charging a transit card.</summary>
public readonly record struct SpendingPlace(SpendingKind Kind, Guid Id)
{
    /// <summary>Charging a transit card, whichever.</summary>
    public static SpendingPlace TransitCharge { get; } = new(SpendingKind.TransitCharge, Guid.Empty);

    public static SpendingPlace Store(Guid id) => new(SpendingKind.Store, id);

    public static SpendingPlace Reward(Guid id) => new(SpendingKind.Reward, id);

    /// <summary>In a <see cref="PointUse"/>: everything of that kind.</summary>
    public static SpendingPlace Any(SpendingKind kind) => new(kind, Guid.Empty);
}

/// <summary>
/// What campaign points can be bought with: some stores, some rewards, everything of a kind. It never changes once it is made, for lots
/// name it by its number.
/// </summary>
/// <param name="Number">1 to 999, in the term of each lot that is for it.</param>
/// <param name="Name">As a member reads it: "only at the bakeries of Loop Station".</param>
public sealed record PointUse(int Number, string Name, string EnglishName, IReadOnlyCollection<SpendingPlace> Places)
{
    public const int Most = 999;

    public bool Allows(SpendingPlace place) => Places.Contains(place) || Places.Contains(SpendingPlace.Any(place.Kind));

    /// <summary>Whether some store takes them.</summary>
    public bool IsForPayments => Places.Any(p => p.Kind == SpendingKind.Store);
}

/// <summary>The uses that a node knows, at one moment.</summary>
public sealed class PointUseTable(IEnumerable<PointUse> uses)
{
    readonly FrozenDictionary<int, PointUse> _uses = uses.ToFrozenDictionary(u => u.Number);

    public static PointUseTable Empty { get; } = new([]);

    public IReadOnlyCollection<PointUse> All => _uses.Values;

    public PointUse? Find(int number) => _uses.GetValueOrDefault(number);

    /// <summary>Whether points of this lot can be spent there.</summary>
    /// <exception cref="UnknownPointUseException">Nobody told this node yet what the lot is for.</exception>
    public bool Allows(Lot lot, SpendingPlace place) => lot.Kind switch
    {
        LotKind.ChargeOnly => place.Kind == SpendingKind.TransitCharge,
        LotKind.Campaign when lot.Uses > 0 => Of(lot).Allows(place),
        _ => true,
    };

    /// <summary>Whether points of this lot pay at some store.</summary>
    public bool IsForPayments(Lot lot) =>
        lot.Kind != LotKind.ChargeOnly && (lot.Uses == 0 || Of(lot).IsForPayments);

    PointUse Of(Lot lot) => _uses.TryGetValue(lot.Uses, out var use) ? use : throw new UnknownPointUseException(lot.Uses);
}

/// <summary>A lot is for a use that this node has not read yet.</summary>
public sealed class UnknownPointUseException(int number) : Exception(FormattableString.Invariant($"Use {number} of points is not known."))
{
    public int Number => number;
}
