using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Points;

/// <summary>Points of one lot: how many, and the day (yyyymmdd) on which they lapse.</summary>
public readonly record struct LotPart(int Term, PointAmount Points);

/// <summary>How points leave their lots: soonest to lapse first, and never from a lot whose day has passed.</summary>
public static class Lots
{
    /// <summary>A leg that changes one lot of a member's.</summary>
    public static Leg LegOf(Guid owner, int term, PointAmount amount) => new(owner, AccountType.Points, term, amount.Value);

    /// <summary>The lots that can still be spent on this day, soonest to lapse first; a lot lives through its last day.</summary>
    public static IEnumerable<TermBalance> Usable(OwnerState member, JapanDay today) =>
        member.ByTerm(AccountType.Points).Where(l => l.Term >= today.Number);

    public static PointAmount UsableTotal(OwnerState member, JapanDay today) => new(Usable(member, today).Sum(l => l.Balance));

    /// <summary>Takes points from lots in their order. Returns null when there are not enough.</summary>
    public static IReadOnlyList<LotPart>? Take(IEnumerable<TermBalance> lots, PointAmount points)
    {
        var parts = new List<LotPart>();
        var missing = points;
        foreach (var lot in lots)
        {
            if (missing.Value == 0)
                break;
            var part = PointAmount.Min(missing, new PointAmount(lot.Balance));
            parts.Add(new LotPart(lot.Term, part));
            missing -= part;
        }
        return missing.Value == 0 ? parts : null;
    }
}
