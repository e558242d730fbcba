using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Rewards;

/// <summary>
/// An order at its partner, and the enquiry for as long as nobody knows how it stands. It can be run any number of times, by the member's
/// own request, the dispatcher and a call-back at once: the partner acts once by the order's id, and what comes back comes back once.
/// </summary>
public sealed class FulfilReward(Database db, ExternalGateways outside, ReturnReward giveBack, TimeProvider clock)
{
    public const string Kind = "reward";

    /// <summary>Why an order was cancelled: its member took it back.</summary>
    public const string ByMember = "cancelled_by_member";

    /// <summary>
    /// Listens to the partner's call-backs from now on, and returns what one of the outbox's items takes. Called once, at start.
    /// </summary>
    public Func<OutboxItem, CancellationToken, Task<OutboxResult>> Start()
    {
        outside.Rewards.WhenNews((order, ct) => Run(new RewardOrderId(order), firstTime: false, ct));
        return (item, ct) => Run(
            Id.TryParse(item.Body, out RewardOrderId order) ? order : throw new FormatException("A reward's work names no order."),
            firstTime: item.Attempts == 1, ct);
    }

    async Task<OutboxResult> Run(RewardOrderId id, bool firstTime, CancellationToken ct)
    {
        RewardOrder? order;
        await using (var connection = await db.Connect(ct))
            order = await RewardOrders.Find(connection, id);
        return order?.State switch
        {
            RewardOrderState.Ordered => await Issue(order, firstTime, ct),
            RewardOrderState.Issued => await SeeWhetherUsed(order, ct),
            RewardOrderState.Cancelling => await Void(order, ct),
            _ => OutboxResult.Done,
        };
    }

    async Task<OutboxResult> Issue(RewardOrder order, bool firstTime, CancellationToken ct)
    {
        var (row, partner) = (order.Row, outside.Rewards);
        var standing = firstTime ? new RewardStanding(Reply.Unseen) : await partner.Ask(row.EntryId, ct);
        var reply = standing.Reply;
        if (reply.Kind == ReplyKind.Unseen)
            reply = await partner.Issue(new RewardIssue(row.EntryId, row.RewardId, row.Title, row.Quantity), ct);
        switch (reply.Kind)
        {
            case ReplyKind.Accepted:
                await Move(order, RewardOrderState.Issued, ct);
                // News may come in any order: that it is used is not said again.
                if (standing.Used)
                    await Move(order with { State = RewardOrderState.Issued }, RewardOrderState.Used, ct);
                return OutboxResult.Done;
            case ReplyKind.Refused:
                await giveBack.Run(order, reply.Reason ?? "refused_by_partner", ct);
                return OutboxResult.Done;
            default:
                return OutboxResult.Later;
        }
    }

    /// <summary>The partner rang about something that was issued.</summary>
    async Task<OutboxResult> SeeWhetherUsed(RewardOrder order, CancellationToken ct)
    {
        if (await outside.Rewards.Ask(order.Row.EntryId, ct) is { Used: true })
            await Move(order, RewardOrderState.Used, ct);
        return OutboxResult.Done;
    }

    /// <summary>Nothing is given back before the partner has said that nobody can use it.</summary>
    async Task<OutboxResult> Void(RewardOrder order, CancellationToken ct)
    {
        var reply = await outside.Rewards.Void(order.Row.EntryId, ct);
        switch (reply.Kind)
        {
            case ReplyKind.Accepted:
                await giveBack.Run(order, ByMember, ct);
                return OutboxResult.Done;
            case ReplyKind.Refused:
                var used = (await outside.Rewards.Ask(order.Row.EntryId, ct)).Used;
                await Move(order, used ? RewardOrderState.Used : RewardOrderState.Issued, ct);
                return OutboxResult.Done;
            default:
                return OutboxResult.Later;
        }
    }

    async Task Move(RewardOrder order, RewardOrderState to, CancellationToken ct)
    {
        await db.Transact(tx => RewardOrders.Move(tx, order.Row.EntryId, order.State, to, null, clock.GetUtcNow()), ct);
        db.Notifications.Raise(Topics.OfMember(order.Row.MemberId));
    }
}
