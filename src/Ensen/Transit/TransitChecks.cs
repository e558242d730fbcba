using Ensen.Ledger;

namespace Ensen.Transit;

/// <summary>What always holds about transit cards and the points of rides (I9 of the design).</summary>
static class TransitChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("I9 a transit card is linked to one account", w =>
            $"""
            select {w.Owner("t.member")} || ' has a linked transit card that is claimed by another link, or by none' as line
            from transit_card t
            left join transit_card_claim c on c.card = t.card
            where t.removed_ms is null and (c.transit_card is null or c.transit_card <> t.id or c.member <> t.member)
            """),
        new("I9 the postings for the rides of a card's month follow each other", w =>
            $"""
            select {w.Owner("member")} || ' has ' || count(*) || ' postings for rides of ' || month || ', the last is number ' || max(number) as line
            from ride_points
            group by transit_card, member, month
            having count(*) <> max(number) or min(points) <= 0
            """),
    ];
}
