using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Points;

/// <summary>
/// How points leave their lots: only those that can be spent there, soonest to lapse first (docs/decisions/0032), and never from a lot
/// whose day has passed.
/// </summary>
public static class Lots
{
    /// <summary>The account types that are lots.</summary>
    public static IReadOnlyList<AccountType> Types { get; } =
        [AccountType.Points, AccountType.CampaignPoints, AccountType.ChargeOnlyPoints];

    /// <summary>All lots that have something, soonest to lapse first, also those whose day has passed.</summary>
    public static IReadOnlyList<LotPart> Of(OwnerState member) =>
        [.. Ordered(Types.SelectMany(t => member.ByTerm(t).Select(a => Part(t, a.Term, a.Balance))), member.TermOrder)];

    /// <summary>The same from balances of accounts, read beside the writers; what is no lot is left out.</summary>
    public static IReadOnlyList<LotPart> Of(IEnumerable<(AccountType AccountType, int Term, long Balance)> accounts) =>
        [.. Ordered(accounts.Where(a => a.Balance > 0 && Lot.Of(a.AccountType, a.Term) is not null)
            .Select(a => Part(a.AccountType, a.Term, a.Balance)), Comparer<int>.Default)];

    /// <summary>The lots that can be spent at this place on this day, soonest to lapse first; a lot lives through its last day.</summary>
    /// <exception cref="UnknownPointUseException">The table does not know what a lot is for: see <see cref="PointUses.With"/>.</exception>
    public static IReadOnlyList<LotPart> Usable(OwnerState member, JapanDay today, SpendingPlace place, PointUseTable uses) =>
        [.. Of(member).Where(p => p.Lot.LivesOn(today) && uses.Allows(p.Lot, place))];

    public static PointAmount Total(IEnumerable<LotPart> parts) => new(parts.Sum(p => p.Points.Value));

    /// <summary>Takes points from lots in their order. Returns null when there are not enough.</summary>
    public static IReadOnlyList<LotPart>? Take(IEnumerable<LotPart> lots, PointAmount points)
    {
        var parts = new List<LotPart>();
        var missing = points;
        foreach (var lot in lots)
        {
            if (missing.Value == 0)
                break;
            var part = PointAmount.Min(missing, lot.Points);
            parts.Add(lot with { Points = part });
            missing -= part;
        }
        return missing.Value == 0 ? parts : null;
    }

    static LotPart Part(AccountType accountType, int term, long balance) =>
        new(Lot.Of(accountType, term)!.Value, new PointAmount(balance));

    static IEnumerable<LotPart> Ordered(IEnumerable<LotPart> parts, IComparer<int> days) => parts
        .OrderBy(p => p.Lot.LastDay?.Number ?? int.MaxValue, days).ThenBy(p => p.Lot.Narrowness).ThenBy(p => p.Lot.Term);
}
