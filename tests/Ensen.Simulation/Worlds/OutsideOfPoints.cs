using Ensen.Basics;
using Ensen.Gateways;

namespace Ensen.Simulation.Worlds;

/// <summary>Who is outside where points go: the partner who issues rewards, and the company of the transit cards.</summary>
sealed partial class OutsideWorld
{
    readonly HashSet<Guid> _voided = [];
    readonly HashSet<Guid> _used = [];

    /// <summary>Whether somebody can use what was issued for an order, or has.</summary>
    public bool IsIssued(Guid order) =>
        _requests.GetValueOrDefault((Gateway.Rewards, order)) is { Accepted: true } && !_voided.Contains(order);

    /// <summary>Somebody uses what was issued for an order; nothing happens where there is nothing to use.</summary>
    public void Use(Guid order)
    {
        if (IsIssued(order) && _used.Add(order))
            CallBack(Gateway.Rewards, order);
    }

    /// <summary>What the transit company put on all its cards.</summary>
    public long Loaded => _requests.Where(r => r.Key.Item1 == Gateway.Transit && r.Value.Accepted).Sum(r => r.Value.Yen);

    sealed partial class Wire : IRewardPartner, ITransitCompany, ICreditCardCompany
    {
        public async Task<Reply> Issue(RewardIssue issue, CancellationToken ct)
        {
            await Place.Yield();
            return world._voided.Contains(issue.OrderId) ? Reply.Refused("voided") : await world.Do(Gateway.Rewards, issue.OrderId, 0);
        }

        async Task<RewardStanding> IRewardPartner.Ask(Guid orderId, CancellationToken ct)
        {
            await Place.Yield();
            return new RewardStanding(world.Ask(Gateway.Rewards, orderId), world._used.Contains(orderId));
        }

        public async Task<Reply> Void(Guid orderId, CancellationToken ct)
        {
            await Place.Yield();
            if (world.Weather.Strikes(Fault.GatewayDeaf))
                return Reply.Unknown;
            if (world._used.Contains(orderId) || world.IsIssued(orderId) && world.Weather.Strikes(Fault.GatewayRefuses))
                return Reply.Refused("kept");
            world._voided.Add(orderId);
            await Place.Yield();
            return world.Weather.Strikes(Fault.GatewayMute)
                ? throw new TimeoutException("the partner did not answer in time") : Reply.Accepted;
        }

        void IRewardPartner.WhenNews(NewsOfRequest hear) => world._listeners.Add((Gateway.Rewards, node, hear));

        public async Task<TransitLinkReply> Link(TransitLinkOrder order, CancellationToken ct)
        {
            await Place.Yield();
            return new TransitLinkReply(Reply.Accepted, "token of " + order.Number, TransitCardForm.Mobile);
        }

        /// <summary>A token names its card, and works for whoever has it.</summary>
        public async Task<CreditCardLinkReply> Link(CreditCardLinkOrder order, CancellationToken ct)
        {
            await Place.Yield();
            return new CreditCardLinkReply(Reply.Accepted, new NamedCreditCard(order.LinkToken, "Card", "0000"));
        }

        public async Task<Reply> Charge(TransitLoad load, CancellationToken ct)
        {
            await Place.Yield();
            return await world.Do(Gateway.Transit, load.RequestId, load.Amount.Value);
        }

        async Task<Reply> ITransitCompany.Ask(Guid requestId, CancellationToken ct)
        {
            await Place.Yield();
            return world.Ask(Gateway.Transit, requestId);
        }

        void ITransitCompany.WhenNews(NewsOfRequest hear) => world._listeners.Add((Gateway.Transit, node, hear));
    }
}
