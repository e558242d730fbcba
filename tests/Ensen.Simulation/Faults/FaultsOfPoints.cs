using Dapper;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Centres;
using Ensen.CreditCards;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Links;
using Ensen.Rewards;
using Ensen.Simulation.Worlds;
using Ensen.Transit;
using Ensen.Wallet;
using Ensen.Withdrawals;

namespace Ensen.Simulation.Faults;

/// <summary>Faults of the point till, of rewards, of rides, of links and of withdrawals.</summary>
static partial class PlantedFaults
{
    static Dictionary<string, Func<Planted>> OfPoints() => new()
    {
        ["1 point for 109 yen at the centre"] = () => new ByRule(p => p with { Points = p.Points with { CentreYenPerPoint = 109 } }),
        ["what is spent at the centre is in no cap"] = () => new InStore(s => new Twisted(s)
        {
            Writing = (c, _) => Do(() => c.Entries.TrueForAll(e => e.Kind == EntryKind.PointSpending)
                ? c.SpendingLimits.RemoveAll(l => l.After.Kind == LimitKind.Pay) : 0),
        }),
        ["what a member got of a campaign at the point till is not counted"] = () => new InStore(s => new Twisted(s)
        {
            Writing = (c, _) => Do(() => c.Entries.TrueForAll(e => e.Kind == EntryKind.PointAward)
                ? c.SpendingLimits.RemoveAll(l => l.After.Kind == LimitKind.CampaignInAll) : 0),
        }),
        ["a cancelled spending gives its points back to another lot"] = () =>
            new InStore(s => new Twisted(s) { Writing = (c, store) => ReturnLater(c, store, EntryKind.PointCancellation) }),
        ["a reward that came to nothing gives its points back to another lot"] = () =>
            new InStore(s => new Twisted(s) { Writing = (c, store) => ReturnLater(c, store, EntryKind.RewardReturn) }),
        ["a reward is given back before its partner takes it back"] = () =>
            new ByOutside(o => o with { Rewards = new TakesNothingBack(o.Rewards) }),
        ["the 3rd ride in the loop brings points already"] = () => new ByRule(p => p with { Transit = p.Transit with { GroupFrom = 3 } }),
        ["a card that was unlinked goes on bringing points"] = () => new GoesOnCounting(),
        ["a card that nobody uses lapses a month too late"] = () =>
            new ByRule(p => p with { Transit = p.Transit with { LapseMonths = p.Transit.LapseMonths + 1 } }),
        ["guesses at a card's PIN are forgotten"] = () => new ForgetsGuesses(),
        ["rides that come late bring nothing"] = () => new InStore(s => new ForgetsLateRides(s)),
        ["a purchase by credit card brings 6 per mille"] = () =>
            new ByRule(p => p with { CreditCards = p.CreditCards with { BasePermille = 6 } }),
        ["a corrected file of purchases changes nothing"] = () => new InStore(s => new ForgetsCorrections(s)),
        ["points that were taken back by a corrected file are written as owed"] = () => new InStore(s => new Twisted(s)
        {
            Writing = (c, _) => Do(() => OweMore(c)),
        }),
        ["a link lives a day too long"] = () => new ByRule(p => p with { Transfers = p.Transfers with { LinkDays = 8 } }),
        ["a link may be claimed twice, and claimed and taken back"] = () => new InStore(s => new Twisted(s)
        {
            Asking = w => w.SingleUses.RemoveWhere(u => u.Kind == SingleUseKind.LinkEnded),
            Writing = (c, _) => Do(() => c.SingleUses.RemoveAll(u => u.SingleUse.Kind == SingleUseKind.LinkEnded)),
        }),
        ["what is sent by link is in no cap"] = () => new InStore(s => new Twisted(s)
        {
            Writing = (c, _) => Do(() => c.Entries.TrueForAll(e => e.Kind == EntryKind.Link)
                ? c.SpendingLimits.RemoveAll(l => l.After.Kind == LimitKind.Transfer) : 0),
        }),
        ["a withdrawal is asked of the bank under another number each time"] = () =>
            new ByOutside(o => o with { Bank = new PaysAgain(o.Bank) }),
        ["a bank that says nothing is taken for one that refuses: given back and paid"] = () =>
            new ByOutside(o => o with { Bank = new SilenceIsNo(o.Bank) }),
        ["what is withdrawn is in no cap"] = () => new InStore(s => new Twisted(s)
        {
            Writing = (c, _) => Do(() => c.Entries.TrueForAll(e => e.Kind == EntryKind.Withdrawal)
                ? c.SpendingLimits.RemoveAll(l => l.After.Kind == LimitKind.Withdrawal) : 0),
        }),
        ["no room is kept for a link to come back"] = () => new InStore(s => new Twisted(s)
        {
            Writing = (c, _) => Do(() => c.Entries.TrueForAll(e => e.Kind == EntryKind.Link)
                ? c.SpendingLimits.RemoveAll(l => l.After.Kind == LimitKind.Arriving) : 0),
        }),
        ["a card's issuer is asked under another number each time"] = () => new ByIssuers(i => new ClosesAgain(i)),
        ["a reissued card keeps its old number"] = () => new ByIssuers(i => new HearsNoNews(i)),
        ["a file of pay-outs is sent under another number each time"] = () =>
            new ByOutside(o => o with { PayOuts = new SendsAgain(o.PayOuts) }),
        ["what the bank sends back is not heard of"] = () => new ByOutside(o => o with { PayOuts = new HearsOfNoReturns(o.PayOuts) }),
        ["merchants pay 1.8 %"] = () => new ByRule(p => p with { Settlement = p.Settlement with { FeeBasisPoints = 180 } }),
        ["points are put on a card once more when nobody answers"] = () =>
            new ByOutside(o => o with { Transit = new ChargesAgain(o.Transit) }),
    };

    sealed class GoesOnCounting : Planted
    {
        public override Task Unlinked(Node node, TransitCardId card) => node.Db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update transit_card set removed_ms = removed_ms + 2592000000 where id = @card", new { card }, tx));
    }

    sealed class ForgetsGuesses : Planted
    {
        public override Task Guessed(Node node) => node.Db.Transact(tx => tx.Connection!.ExecuteAsync(
            "delete from attempt where what = @what", new { what = "point-card" }, tx));
    }

    sealed class ByOutside(Func<ExternalGateways, ExternalGateways> twist) : Planted
    {
        public override ExternalGateways Outside(ExternalGateways outside) => twist(outside);
    }

    sealed class ByIssuers(Func<IPointCardIssuers, IPointCardIssuers> twist) : Planted
    {
        public override IPointCardIssuers Issuers(IPointCardIssuers issuers) => twist(issuers);
    }

    class ThroughIssuers(IPointCardIssuers issuers) : IPointCardIssuers
    {
        public IReadOnlyList<PointCardIssuer> All => issuers.All;

        public Task<PointCardFinding?> Look(string issuer, string number, string? pin, CancellationToken ct) =>
            issuers.Look(issuer, number, pin, ct);

        public virtual Task<PointCardFinding?> Reload(string issuer, string number, CancellationToken ct) =>
            issuers.Reload(issuer, number, ct);

        public virtual Task<PointCardClosing> Close(Guid requestId, string issuer, string number, CancellationToken ct) =>
            issuers.Close(requestId, issuer, number, ct);
    }

    sealed class ClosesAgain(IPointCardIssuers issuers) : ThroughIssuers(issuers)
    {
        public override Task<PointCardClosing> Close(Guid requestId, string issuer, string number, CancellationToken ct) =>
            base.Close(Guid.NewGuid(), issuer, number, ct);
    }

    sealed class HearsNoNews(IPointCardIssuers issuers) : ThroughIssuers(issuers)
    {
        public override Task<PointCardFinding?> Reload(string issuer, string number, CancellationToken ct) =>
            Task.FromResult<PointCardFinding?>(null);
    }

    /// <summary>Says that an order is void, and has not asked its partner.</summary>
    sealed class TakesNothingBack(IRewardPartner partner) : IRewardPartner
    {
        public Task<Reply> Issue(RewardIssue issue, CancellationToken ct) => partner.Issue(issue, ct);
        public Task<RewardStanding> Ask(Guid orderId, CancellationToken ct) => partner.Ask(orderId, ct);
        public Task<Reply> Void(Guid orderId, CancellationToken ct) => Task.FromResult(Reply.Accepted);
        public void WhenNews(NewsOfRequest hear) => partner.WhenNews(hear);
    }

    /// <summary>Asks the company under another id each time.</summary>
    sealed class ChargesAgain(ITransitCompany company) : ITransitCompany
    {
        public Task<TransitLinkReply> Link(TransitLinkOrder order, CancellationToken ct) => company.Link(order, ct);
        public Task<Reply> Charge(TransitLoad load, CancellationToken ct) => company.Charge(load with { RequestId = Guid.NewGuid() }, ct);
        public Task<Reply> Ask(Guid requestId, CancellationToken ct) => company.Ask(requestId, ct);
        public void WhenNews(NewsOfRequest hear) => company.WhenNews(hear);
    }

    /// <summary>Asks the bank to pay under another id each time.</summary>
    sealed class PaysAgain(IBank bank) : OtherBank(bank)
    {
        public override Task<Reply> Credit(BankCredit credit, CancellationToken ct) =>
            base.Credit(credit with { RequestId = Guid.NewGuid() }, ct);
    }

    /// <summary>Gives up on a bank that does not answer at once.</summary>
    sealed class SilenceIsNo(IBank bank) : OtherBank(bank)
    {
        public override async Task<Reply> Credit(BankCredit credit, CancellationToken ct)
        {
            try
            {
                return No(await base.Credit(credit, ct));
            }
            catch (TimeoutException)
            {
                return Reply.Refused("no answer");
            }
        }

        public override async Task<Reply> AskCredit(Guid requestId, CancellationToken ct) => No(await base.AskCredit(requestId, ct));

        static Reply No(Reply reply) => reply.Kind == ReplyKind.Unknown ? Reply.Refused("no answer") : reply;
    }

    abstract class OtherBank(IBank bank) : IBank
    {
        public Task<BankLinkReply> Link(BankLinkOrder order, CancellationToken ct) => bank.Link(order, ct);
        public Task<Reply> Debit(BankDebit debit, CancellationToken ct) => bank.Debit(debit, ct);
        public Task<Reply> Ask(Guid requestId, CancellationToken ct) => bank.Ask(requestId, ct);
        public void WhenNews(NewsOfRequest hear) => bank.WhenNews(hear);
        public virtual Task<Reply> Credit(BankCredit credit, CancellationToken ct) => bank.Credit(credit, ct);
        public virtual Task<Reply> AskCredit(Guid requestId, CancellationToken ct) => bank.AskCredit(requestId, ct);
        public void WhenCreditNews(NewsOfRequest hear) => bank.WhenCreditNews(hear);
    }

    static void OweMore(WriteSet writes)
    {
        if (writes.Details.TryGetValue(CreditCardPointsRow.Table, out var rows) && rows[0] is CreditCardPointsRow { Points.Value: < 0 } row)
            rows[0] = row with { Owed = row.Owed - row.Points };
    }

    /// <summary>Only a member's first posting for purchases is one.</summary>
    sealed class ForgetsCorrections(LedgerStore store) : Twisted(store)
    {
        public override async Task<LoadedState> Load(ReadSet reads, CancellationToken ct)
        {
            var loaded = await base.Load(reads, ct);
            foreach (var use in reads.SingleUses.Where(u => u.Kind == SingleUseKind.CreditCardPointsPosted && u.Number > 1))
                loaded.AccountState.Load(use);
            return loaded;
        }
    }

    /// <summary>Only the first posting of a month is one.</summary>
    sealed class ForgetsLateRides(LedgerStore store) : Twisted(store)
    {
        const long Numbers = 100_000;

        public override async Task<LoadedState> Load(ReadSet reads, CancellationToken ct)
        {
            var loaded = await base.Load(reads, ct);
            foreach (var use in reads.SingleUses.Where(u => u.Kind == SingleUseKind.RidePointsPosted && u.Number % Numbers > 1))
                loaded.AccountState.Load(use);
            return loaded;
        }
    }
}
