using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Centres;

/// <summary>What is kept about a member who showed something at a point till.</summary>
static class CentresKept
{
    const string Sealed = "sealed with its entry in the books, and names no person: as long as the books are kept";

    public static IReadOnlyList<PersonalTable> All { get; } =
    [
        PersonalTable.Exported("member_code", "memberCode", "member_id = @member").Text("code").Moment("created_ms").Without("member_id")
            .Erased(),
        PersonalTable.Exported("point_award", "pointAwards", "member_id = @member order by entry_id desc")
            .Id<EntryId>("entry_id").Id<CentreId>("centre_id")
            .Text("(select c.name from centre c where c.id = point_award.centre_id)", "centreName").Text("receipt").Moment("at_ms")
            .Number("amount_yen").Number("points").Number("balance_after").Word("via", n => ((ShownVia)n).ToString())
            .Without("till_id", "member_id").Kept(Sealed),
        PersonalTable.Exported("point_spending", "pointSpendings", "member_id = @member order by entry_id desc")
            .Id<EntryId>("entry_id").Id<CentreId>("centre_id")
            .Text("(select c.name from centre c where c.id = point_spending.centre_id)", "centreName").Text("receipt").Moment("at_ms")
            .Number("points").Number("balance_after").Without("till_id", "member_id").Kept(Sealed),
        PersonalTable.Exported("point_cancellation", "pointCancellations", "member_id = @member order by entry_id desc")
            .Id<EntryId>("entry_id").Id<EntryId>("cancels").Id<CentreId>("centre_id").Moment("at_ms").Number("points")
            .Number("withheld_yen").Number("balance_after").Without("till_id", "member_id").Kept(Sealed),
    ];
}
