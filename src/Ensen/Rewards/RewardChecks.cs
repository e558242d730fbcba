using Ensen.Ledger;
using Ensen.Points;
using Ensen.Wallet;

namespace Ensen.Rewards;

/// <summary>What always holds about rewards (I1, I4 and I9 of the design).</summary>
static class RewardChecks
{
    static readonly AccountType[] s_lots = [.. Lots.Types];

    public static IReadOnlyList<DetailCheck> DetailChecks { get; } =
    [
        new DetailCheck<RewardOrderRow>(RewardOrderRow.Table, EntryKind.RewardOrder, o => o.EntryId, (row, entry) =>
            entry.Moved(row.MemberId, s_lots) == -row.Points.Value
            && entry.Moved(row.MemberId, AccountType.Money, AccountType.Prepaid) == -row.Yen.Value
            && entry.Moved(Chart.Operator, AccountType.RewardSales) == row.Yen.Value
                ? null
                : $"{IdPlaceholder.Entry(row.EntryId)} differs from its postings") { PartyName = "{0}.title" },
        new DetailCheck<RewardReturnRow>(RewardReturnRow.Table, EntryKind.RewardReturn, r => r.EntryId, (row, entry) =>
            entry.Head.Corrects != row.OrderId.Value ? $"{IdPlaceholder.Entry(row.EntryId)} gave back another order than its row says"
            : !entry.SingleUses.Contains(new SingleUse(SingleUseKind.RewardReturned, row.OrderId))
                ? $"{IdPlaceholder.Entry(row.EntryId)} is not the return of its order"
            : entry.Moved(Chart.Operator, AccountType.PointLiability) == -row.Points.Value
              && entry.Moved(Chart.Operator, AccountType.RewardSales) == -row.Yen.Value
                ? null
                : $"{IdPlaceholder.Entry(row.EntryId)} differs from its postings")
        { PartyName = "(select title from reward_order where reward_order.entry_id = {0}.order_id)" },
    ];

    public static IReadOnlyList<Check> All { get; } =
    [
        new("I4 an order of a reward stands somewhere, and is cancelled when what it cost was given back", w =>
            $"""
            select {w.Entry("o.entry_id")} || ' stands in state ' || coalesce(f.state, 0) || ' and gave back '
                || coalesce(r.points, 0) || ' of ' || o.points || ' points' as line
            from reward_order o
            left join reward_fulfilment f on f.order_id = o.entry_id
            left join reward_return r on r.order_id = o.entry_id
            where f.state is null
              or (f.state = {(int)RewardOrderState.Cancelled}) <> (r.order_id is not null)
              or r.points <> o.points
              or r.yen <> o.yen
            """),
        new("I4 of each reward as many pieces are gone as were ordered and not given back", _ =>
            """
            select rewards.title || ' had ' || rewards.made || ' pieces and has ' || rewards.stock || ', '
                || coalesce(s.sold, 0) || ' were ordered' as line
            from reward rewards
            left join (
              select o.reward_id, sum(o.quantity) as sold
              from reward_order o
              left join reward_return r on r.order_id = o.entry_id
              where r.order_id is null
              group by o.reward_id
            ) s on s.reward_id = rewards.id
            where rewards.stock < 0 or rewards.made - rewards.stock <> coalesce(s.sold, 0)
            """),
    ];
}
