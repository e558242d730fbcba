using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Links;

/// <summary>What always holds about links (I1 and I4 of the design).</summary>
static class LinkChecks
{
    public static IReadOnlyList<DetailCheck> DetailChecks { get; } =
    [
        new DetailCheck<LinkRow>(LinkRow.Table, EntryKind.Link, l => l.EntryId, (row, entry) =>
            entry.Moved(row.Sender, AccountType.Money) == -row.AmountYen.Value
            && entry.Moved(row.EntryId, AccountType.LinkHeld) == row.AmountYen.Value
                ? null : $"{IdPlaceholder.Entry(row.EntryId)} differs from its postings") { NoteColumn = "note" },
        new DetailCheck<LinkClaimRow>(LinkClaimRow.Table, EntryKind.LinkClaim, c => c.EntryId, (row, entry) =>
            !entry.SingleUses.Contains(ClaimLink.Ended(row.Link, LinkState.Claimed))
                ? $"{IdPlaceholder.Entry(row.EntryId)} is not the claim of its link"
            : entry.Moved(row.Link, AccountType.LinkHeld) == -row.AmountYen.Value
              && entry.Moved(row.Receiver, AccountType.Money) == row.AmountYen.Value
                ? null : $"{IdPlaceholder.Entry(row.EntryId)} differs from its postings")
        {
            NoteColumn = "note",
            PartyName = "(select m.name from money_link l join member m on m.id = l.sender where l.entry_id = {0}.link)",
        },
        new DetailCheck<LinkReturnRow>(LinkReturnRow.Table, EntryKind.LinkReturn, r => r.EntryId, (row, entry) =>
            entry.Head.Corrects != row.Link.Value ? $"{IdPlaceholder.Entry(row.EntryId)} gave back another link than its row says"
            : !entry.SingleUses.Contains(ClaimLink.Ended(row.Link, (LinkState)row.Why))
                ? $"{IdPlaceholder.Entry(row.EntryId)} is not the return of its link"
            : entry.Moved(row.Link, AccountType.LinkHeld) == -row.AmountYen.Value
                ? null : $"{IdPlaceholder.Entry(row.EntryId)} differs from its postings"),
    ];

    public static IReadOnlyList<Check> All { get; } =
    [
        new("I4 what lies aside under a link is the whole of it until it is claimed or given back, once, and then nothing", w =>
            $"""
            select {w.Entry("l.entry_id")} || ' holds ' || coalesce(a.balance, 0) || ' of ' || l.amount_yen || ' yen after '
                || coalesce(c.claims, 0) || ' claims and ' || coalesce(r.returns, 0) || ' returns' as line
            from money_link l
            left join account a on a.owner = l.entry_id and a.account_type = {AccountType.LinkHeld.Number}
            left join (select link, count(*) as claims from link_claim group by link) c on c.link = l.entry_id
            left join (select link, count(*) as returns from link_return group by link) r on r.link = l.entry_id
            where coalesce(c.claims, 0) + coalesce(r.returns, 0) > 1
              or coalesce(a.balance, 0) <> case when c.claims is null and r.returns is null then l.amount_yen else 0 end
            """),
        new("I4 each claim and each return is of a link, and of all of it", w =>
            $"""
            select {w.Entry("e.entry_id")} || ' moved ' || e.amount_yen || ' of the ' || coalesce(l.amount_yen, 0)
                || ' yen of its link' as line
            from (
              select entry_id, link, amount_yen from link_claim
              union all
              select entry_id, link, amount_yen from link_return
            ) e
            left join money_link l on l.entry_id = e.link
            where l.amount_yen is null or l.amount_yen <> e.amount_yen
            """),
    ];

    /// <summary>What may come back to senders unasked, for which room is kept.</summary>
    public static OnTheWay MayComeBack { get; } = new("links",
        $"""
        select l.sender as owner, l.amount_yen as yen
        from money_link l
        where not exists (
            select 1 from single_use u
            where u.subject = l.entry_id and u.kind = {SingleUseKind.LinkEnded.Number} and u.number = 0
        )
        """);
}
