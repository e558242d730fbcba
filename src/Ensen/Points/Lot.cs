using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Points;

/// <summary>What sort of points lie in a lot.</summary>
public enum LotKind
{
    /// <summary>Earned by paying and the like; they lapse with the fiscal year and can be spent everywhere.</summary>
    Basic = 1,

    /// <summary>Given by a campaign, with a last day of their own and perhaps only for some uses.</summary>
    Campaign = 2,

    /// <summary>They never lapse, and only charge a transit card.</summary>
    ChargeOnly = 3,
}

/// <summary>
/// A lot: points of one kind that lapse together and can be spent on the same things. A member's lot is the account of that kind and term.
/// </summary>
/// <param name="Term">
/// As the ledger writes it. Basic: the last day, yyyymmdd. Campaign: the last day less 20,000,000, times 1,000, and the number of what the
/// points are for, so that terms sort by last day and read by eye: 270331007 lives through 2027-03-31 and is for use 7. Charge-only: 0.
/// </param>
public readonly record struct Lot(LotKind Kind, int Term)
{
    const int Century = 20_000_000;
    const int MostUses = 1_000;

    /// <summary>The latest last day that a campaign's points can have: no later one fits into a term.</summary>
    public static JapanDay LatestOfCampaigns { get; } = JapanDay.FromNumber(2214_12_31);

    /// <summary>Points for a transit card.</summary>
    public static Lot ChargeOnly { get; } = new(LotKind.ChargeOnly, 0);

    public static Lot Basic(JapanDay lastDay) => new(LotKind.Basic, lastDay.Number);

    /// <param name="uses">The number of the <see cref="PointUse"/>; 0 where they can be spent everywhere.</param>
    public static Lot Campaign(JapanDay lastDay, int uses = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(uses);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(uses, MostUses);
        return new(LotKind.Campaign, (lastDay.Number - Century) * MostUses + uses);
    }

    /// <summary>The lot that an account is; null when it is none.</summary>
    public static Lot? Of(AccountType accountType, int term) =>
        accountType == AccountType.Points ? new Lot(LotKind.Basic, term)
        : accountType == AccountType.CampaignPoints ? new Lot(LotKind.Campaign, term)
        : accountType == AccountType.ChargeOnlyPoints ? new Lot(LotKind.ChargeOnly, term)
        : null;

    /// <summary>The same by the number of the account's type.</summary>
    public static Lot? Of(short accountType, int term) =>
        Lots.Types.FirstOrDefault(type => type.Number == accountType) is { } type ? Of(type, term) : null;

    public static Lot? Of(Leg leg) => Of(leg.AccountType, leg.Term);

    public AccountType AccountType => Kind switch
    {
        LotKind.Basic => AccountType.Points,
        LotKind.Campaign => AccountType.CampaignPoints,
        LotKind.ChargeOnly => AccountType.ChargeOnlyPoints,
        _ => throw new InvalidOperationException($"There is no lot of kind {Kind}."),
    };

    /// <summary>The day through which it lives; null when it never lapses.</summary>
    public JapanDay? LastDay => Kind switch
    {
        LotKind.Basic => JapanDay.FromNumber(Term),
        LotKind.Campaign => JapanDay.FromNumber(Century + Term / MostUses),
        _ => null,
    };

    /// <summary>The number of what its points are for; 0 where nothing narrows it but its kind.</summary>
    public int Uses => Kind == LotKind.Campaign ? Term % MostUses : 0;

    public bool LivesOn(JapanDay day) => LastDay is not { } last || last >= day;

    /// <summary>A leg that changes this lot of a member's.</summary>
    public Leg LegOf(Guid member, PointAmount amount) => new(member, AccountType, Term, amount.Value);

    /// <summary>
    /// The first term of this kind that is still alive on that day; the highest there is where the day is beyond what a term can say.
    /// </summary>
    internal static int FirstTerm(LotKind kind, JapanDay day) => kind != LotKind.Campaign ? day.Number
        : (long)(day.Number - Century) * MostUses <= int.MaxValue ? Campaign(day).Term
        : int.MaxValue;

    /// <summary>
    /// Where lots lapse on the same day, the one that is good for least goes first: campaign points for some uses, campaign points, basic.
    /// </summary>
    internal int Narrowness => Kind switch
    {
        LotKind.Campaign when Uses > 0 => 0,
        LotKind.Campaign => 1,
        LotKind.Basic => 2,
        _ => 3,
    };

    public override string ToString() => FormattableString.Invariant($"{Kind} {Term}");
}

/// <summary>Points of one lot: what is left in it, or a part of it.</summary>
public readonly record struct LotPart(Lot Lot, PointAmount Points);
