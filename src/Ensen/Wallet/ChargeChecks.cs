using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>What always holds about charges (I1, I4 and I5 of the design).</summary>
public static class ChargeChecks
{
    /// <summary>
    /// A charge lives before and after its entry: when it arrived, its row is held against the entry, whose request it was.
    /// </summary>
    public static DetailCheck DetailCheck { get; } = new DetailCheck<ChargeRow>(
        "charge", EntryKind.Charge,
        """
        select id, member_id, idempotency_key, source, account_type, state, asked_yen, reserved_yen, counts_on,
               credited_yen, suspense_yen, reason, entry_id, at_ms, ended_ms
        from charge
        where entry_id is not null
        order by entry_id
        """,
        c => c.EntryId!.Value, Differs, entry => entry.AttachedHash is { Length: 32 })
    { IdColumn = "id" };

    /// <summary>Open charges, for which room is kept.</summary>
    public static OnTheWay Open { get; } =
        new("charges", $"select member_id as owner, reserved_yen as yen from charge where state = {(short)ChargeState.Requested}");

    public static IReadOnlyList<Check> All { get; } =
    [
        new("I5 each open charge has an order that is still being carried out", w =>
            $"""
            select {w.Charge("c.id")} || ' is open, and nobody asks what became of it' as line
            from charge c
            left join outbox o on o.id = c.id and o.state = {Outbox.Waiting}
            where c.state = {(short)ChargeState.Requested} and o.id is null
            """),
        new("I5 the room kept under a member's limits is the sum of what is on its way", w =>
            $"""
            select {w.Owner("member_id")} || ' keeps ' || sum(kept) || ' yen free, on its way are ' || sum(open_yen) as line
            from (
              select owner as member_id, day_used as kept, 0 as open_yen from spending_limit where kind = {LimitKind.Arriving.Number}
              union all
              select owner as member_id, 0 as kept, yen as open_yen from ({w.OnTheWay()}) parts
            ) both_sides
            group by member_id
            having sum(kept) <> sum(open_yen)
            """),
        new("I4 a completed charge has one entry, and no other has any but what went to suspense", w =>
            $"""
            select {w.Charge("c.id")} || ' is ' || {State} || ' and has ' || case when count(f.entry_id) = 0 then 'no entry' else 'an entry' end as line
            from charge c
            left join single_use f on f.subject = c.id and f.kind = {SingleUseKind.ChargeSettled.Number} and f.entry_id = c.entry_id
            group by c.id, c.state, c.suspense_yen
            having count(f.entry_id) <> case when c.state = {(short)ChargeState.Completed} or c.state = {(short)ChargeState.Failed} and c.suspense_yen > 0 then 1 else 0 end
            """),
        new("I4 the key under which a charge was asked for is remembered", w =>
            $"""
            select {w.Charge("c.id")} || ' was asked for under a key that is not remembered' as line
            from charge c
            left join idempotency_key o on o.caller = c.member_id and o.key = c.idempotency_key
            where c.idempotency_key is not null
              and o.caller is null
              and c.at_ms > {w.KeysFrom}
            """),
    ];

    static string? Differs(ChargeRow row, WholeEntry entry)
    {
        var mark = IdPlaceholder.Charge(row.Id);
        if (WalletModule.Spendable.All(t => t.Number != row.AccountType))
            return FormattableString.Invariant($"{mark} was credited to account type {row.AccountType}, which holds no member's yen");
        var credited = entry.Moved(row.MemberId, row.Credits);
        return
            !GiveReceipt.RequestOf(row.Id).AsSpan().SequenceEqual(entry.Head.AttachedHash)
                ? $"{mark} names an entry that is another charge's"
            : entry.SingleUses is not [var settled] || settled != new SingleUse(SingleUseKind.ChargeSettled, row.Id)
                ? $"{mark} was settled otherwise than its entry says"
            : row.State != ChargeState.Completed || row.EndedMs != entry.Head.AtMs || row.At != Id.TimeOf(row.Id)
                ? $"{mark} was asked for when its number was made and completed when its entry was posted, and says otherwise"
            : credited != row.CreditedYen.Value ? FormattableString.Invariant($"{mark} credited {row.CreditedYen} yen, its entry {credited}")
            : Enum.IsDefined(row.Source) && entry.Moved(Chart.Operator, AccountType.Suspense) == row.SuspenseYen.Value
                && entry.Moved(Chart.Operator, row.Source.Clearing()) == -(row.CreditedYen + row.SuspenseYen).Value ? null
            : $"{mark} differs from its postings";
    }

    static string State { get; } =
        $"case c.state when {(short)ChargeState.Requested} then 'open' when {(short)ChargeState.Completed} then 'completed' "
        + $"when {(short)ChargeState.Failed} then 'failed' else 'in state ' || c.state end";
}
