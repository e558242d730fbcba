using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>What the books keep about a member.</summary>
static class LedgerKept
{
    /// <summary>Why the books stay when a member leaves.</summary>
    const string Books = "the books, which name a number and no person: as long as the books are kept";

    public static IReadOnlyList<PersonalTable> All { get; } =
    [
        PersonalTable.Exported("account", "accounts", "owner = @member")
            .Named<AccountType>("account_type", "account").Number("term", "lapsesOn").Number("balance").Without("owner", "stripe")
            .Kept(Books),
        PersonalTable.Exported("posting", "movements", "owner = @member order by entry_id desc, leg")
            .Id<EntryId>("entry_id", "entry")
            .Named<EntryKind>("(select e.kind from entry e where e.id = posting.entry_id)", "kind")
            .Moment("(select e.at_ms from entry e where e.id = posting.entry_id)", "at")
            .Named<AccountType>("account_type", "account").Number("term", "lapsesOn").Number("amount").Number("balance_after")
            .Without("owner", "leg").Kept(Books),
        PersonalTable.Exported("carried", "movementsTakenAway", "owner = @member").Named<AccountType>("account_type", "account")
            .Number("term", "lapsesOn").Number("amount").Without("owner").Kept(Books),
        PersonalTable.Exported("spending_limit", "limits", "owner = @member")
            .Named<LimitKind>("kind").Number("per_movement").Number("per_day").Number("per_month").Number("raised_per_movement")
            .Number("raised_per_day").Number("raised_per_month").Moment("raised_from_ms").Number("day").Number("day_used").Number("month")
            .Number("month_used").Without("owner", "version").Kept("the turn of the owner's accounts, by which no entry passes a leaving"),
        PersonalTable.Exported("restriction", "restrictions", "subject = @member")
            .Named<RestrictionKind>("kind").Moment("from_ms").Moment("until_ms").Moment("lifted_ms")
            .Without("id", "subject", "reason", "by_kind", "by_whom", "lifted_by_kind", "lifted_by", "lifted_why")
            .Kept("who closed the wallet, when and why, to hold them to account; that its member has left is one of these"),
        PersonalTable.NotExported("entry", "what of it is the member's stands in their movements; the rest is the other party's")
            .Kept(Books),
        PersonalTable.NotExported("single_use", "that a code or a touch was used: a number without a name, for the books").Kept(Books),
    ];
}
