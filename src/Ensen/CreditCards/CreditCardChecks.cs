using Ensen.Ledger;

namespace Ensen.CreditCards;

/// <summary>What always holds about credit cards and the points of their purchases (I9 of the design).</summary>
static class CreditCardChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("I9 a credit card is linked to one account", w =>
            $"""
            select {w.Owner("t.member")} || ' has a linked credit card that is claimed by another link, or by none' as line
            from credit_card t
            left join credit_card_claim c on c.card = t.card
            where t.removed_ms is null and (c.credit_card is null or c.credit_card <> t.id or c.member <> t.member)
            """),
        new("I9 the postings for a member's purchases by credit card follow each other", w =>
            $"""
            select {w.Owner("member")} || ' has ' || count(*) || ' postings for purchases by credit card, the last is number ' || max(number)
              as line
            from credit_card_points
            group by member
            having count(*) <> max(number) or min(number) <> 1 or min(owed) < 0
            """),
        new("I9 what purchases by credit card still have to make up for is what could not be taken back", w =>
            $"""
            select {w.Owner("l.member")} || ' has ' || l.owed || ' points to make up for, the postings say '
              || (select {w.Sum("p.points - p.change_points")} from credit_card_points p where p.member = l.member) as line
            from credit_card_points l
            where l.number = (select max(n.number) from credit_card_points n where n.member = l.member)
              and l.owed <> (select {w.Sum("p.points - p.change_points")} from credit_card_points p where p.member = l.member)
            """),
    ];
}
