using Ensen.Basics;
using Ensen.Gateways;

namespace Ensen.Simulation.Worlds;

/// <summary>
/// Bank, card company and ATM as the seed has them: they answer, refuse, hear nothing, answer nothing, know it only later, call back
/// never, once or twice. They outlive every node, do a request once however often it is sent, and can say in the end what they gave.
/// </summary>
sealed partial class OutsideWorld(Loop loop, Random chance, Weather weather, Network network)
{
    Weather Weather => weather;

    readonly Dictionary<(Gateway, Guid), Request> _requests = [];
    readonly Dictionary<Guid, AtmTicket> _tickets = [];
    readonly List<(Gateway Gateway, Node Node, NewsOfRequest Hear)> _listeners = [];

    DateTimeOffset Now => loop.Clock.GetUtcNow();

    public (ExternalGateways Gateways, IPointCardIssuers Issuers) As(Node node)
    {
        var wire = new Wire(this, node);
        return (new ExternalGateways(wire, wire, wire, wire, NotSetUp.Gateway, NotSetUp.Gateway) { Rewards = wire, Transit = wire, CreditCard = wire, PayOuts = wire }, wire);
    }

    /// <summary>What was given for a request, yen; 0 when nothing was, null while that is not decided.</summary>
    public long? Given(Guid id)
    {
        if (_tickets.TryGetValue(id, out var ticket))
            return ticket.Phase == AtmPhase.Waiting ? null : ticket.Deposited.Value;
        foreach (var gateway in (Gateway[])[Gateway.Bank, Gateway.Card])
            if (_requests.TryGetValue((gateway, id), out var request))
                return request.Accepted ? request.Yen : 0;
        return null;
    }

    /// <summary>Somebody puts notes in. False when the machine takes none under this number (any more).</summary>
    public bool PutNotes(Guid id, Yen notes)
    {
        if (!_tickets.TryGetValue(id, out var ticket) || ticket.Phase != AtmPhase.Waiting)
            return false;
        _tickets[id] = ticket with { Phase = AtmPhase.Deposited, Deposited = notes };
        CallBack(Gateway.Bank, id);
        return true;
    }

    /// <summary>All that the bank has paid to members, by its own books.</summary>
    public long Credited => _requests.Where(r => r.Key.Item1 == Gateway.BankCredits && r.Value.Accepted).Sum(r => r.Value.Yen);

    /// <summary>The bank has paid this one.</summary>
    public bool HasCredited(Guid id) => _requests.TryGetValue((Gateway.BankCredits, id), out var request) && request.Accepted;

    void CallBack(Gateway gateway, Guid id)
    {
        var times = weather.Strikes(Fault.GatewayMute) ? 0 : weather.Strikes(Fault.GatewayTwice) ? 2 : chance.Next(2);
        for (; times > 0; times--)
            network.Send(async () =>
            {
                _listeners.RemoveAll(l => l.Node.IsDead);
                var ears = _listeners.Where(l => l.Gateway == gateway).ToList();
                if (ears.Count == 0)
                    return;
                var (_, node, hear) = ears[chance.Next(ears.Count)];
                try
                {
                    await node.Call(async () =>
                    {
                        await hear(id, CancellationToken.None);
                        return true;
                    });
                }
                catch (Exception e) when (Client.IsTrouble(e))
                {
                    // A call-back is a bell. Nobody rings it again; the resolver asks.
                }
            });
    }

    Reply Ask(Gateway gateway, Guid id) =>
        !_requests.TryGetValue((gateway, id), out var request) ? Reply.Unseen
        : request.KnownAt > Now ? Reply.Unknown
        : request.Accepted ? Reply.Accepted
        : Reply.Refused("refused");

    async Task<Reply> Do(Gateway gateway, Guid id, long yen)
    {
        if (weather.Strikes(Fault.GatewayDeaf))
            return Reply.Unknown;
        if (!_requests.ContainsKey((gateway, id)))
        {
            var late = weather.Strikes(Fault.GatewayLate) ? TimeSpan.FromSeconds(chance.Next(1, 90)) : TimeSpan.Zero;
            _requests[(gateway, id)] = new Request(yen, !weather.Strikes(Fault.GatewayRefuses), Now + late);
            CallBack(gateway is Gateway.Rewards or Gateway.Transit or Gateway.PayOuts or Gateway.BankCredits ? gateway : Gateway.Bank, id);
        }
        await Place.Yield();
        if (weather.Strikes(Fault.GatewayMute))
            throw new TimeoutException("the outside did not answer in time");
        return Ask(gateway, id);
    }

    sealed record Request(long Yen, bool Accepted, DateTimeOffset KnownAt);

    /// <summary>The outside as one node reaches it.</summary>
    sealed partial class Wire(OutsideWorld world, Node node) : IBank, ICardCompany, IAtm, IMail
    {
        public Task<BankLinkReply> Link(BankLinkOrder order, CancellationToken ct) =>
            Task.FromResult(new BankLinkReply(Reply.Accepted, new LinkedAccount("account", "bank", "1234")));

        public Task<RegisteredCard?> CardOf(Guid holder, CancellationToken ct) =>
            Task.FromResult<RegisteredCard?>(new RegisteredCard("card", "brand", "1234"));

        public async Task<Reply> Debit(BankDebit debit, CancellationToken ct)
        {
            await Place.Yield();
            return await world.Do(Gateway.Bank, debit.RequestId, debit.Amount.Value);
        }

        public async Task<Reply> Credit(BankCredit credit, CancellationToken ct)
        {
            await Place.Yield();
            return await world.Do(Gateway.BankCredits, credit.RequestId, credit.Amount.Value);
        }

        public async Task<Reply> AskCredit(Guid requestId, CancellationToken ct)
        {
            await Place.Yield();
            return world.Ask(Gateway.BankCredits, requestId);
        }

        public void WhenCreditNews(NewsOfRequest hear) => world._listeners.Add((Gateway.BankCredits, node, hear));

        public async Task<CardholderProof> Authenticate(CardPurchase purchase, CancellationToken ct)
        {
            await Place.Yield();
            var reply = await world.Do(Gateway.ThreeDSecure, purchase.RequestId, purchase.Amount.Value);
            return new CardholderProof(reply, reply.Kind == ReplyKind.Accepted ? "proof" : null);
        }

        public async Task<Reply> Charge(CardPurchase purchase, string? proof, CancellationToken ct)
        {
            await Place.Yield();
            return proof is null ? Reply.Refused("no_proof") : await world.Do(Gateway.Card, purchase.RequestId, purchase.Amount.Value);
        }

        async Task<Reply> IBank.Ask(Guid requestId, CancellationToken ct)
        {
            await Place.Yield();
            return world.Ask(Gateway.Bank, requestId);
        }

        async Task<Reply> ICardCompany.Ask(Guid requestId, CancellationToken ct)
        {
            await Place.Yield();
            return world.Ask(Gateway.Card, requestId);
        }

        public async Task<AtmTicket?> Expect(AtmExpectation expectation, CancellationToken ct)
        {
            await Place.Yield();
            if (world.Weather.Strikes(Fault.GatewayDeaf))
                return null;
            world._tickets.TryAdd(expectation.RequestId, new AtmTicket(
                expectation.RequestId, "9952", "1234567890", expectation.Asked, expectation.Until, AtmPhase.Waiting, Yen.Zero));
            return world._tickets[expectation.RequestId];
        }

        async Task<AtmTicket?> IAtm.Ask(Guid requestId, CancellationToken ct)
        {
            await Place.Yield();
            if (!world._tickets.TryGetValue(requestId, out var ticket))
                return null;
            if (ticket.Phase == AtmPhase.Waiting && ticket.Until <= node.Clock.GetUtcNow())
                world._tickets[requestId] = ticket = ticket with { Phase = AtmPhase.Lapsed };
            return ticket;
        }

        public Task<Reply> Send(Mail mail, CancellationToken ct) => Task.FromResult(Reply.Accepted);

        void IBank.WhenNews(NewsOfRequest hear) => world._listeners.Add((Gateway.Bank, node, hear));

        // One ear is enough: all three call back the same way.
        void ICardCompany.WhenNews(NewsOfRequest hear)
        {
        }

        void IAtm.WhenNews(NewsOfRequest hear)
        {
        }
    }
}
