using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>The outside in every mood: a charge is booked once or given up once, and its cap is used or free accordingly.</summary>
public class ChargeOutcomeTests
{
    const ChargeState Requested = ChargeState.Requested;
    const ChargeState Completed = ChargeState.Completed;
    const ChargeState Failed = ChargeState.Failed;

    [Theory]
    //           source             gateway              mood                    at once    later
    [BothEngines(ChargeSource.Bank, Gateway.Bank, FaultMode.Accept, Completed, Completed)]
    [BothEngines(ChargeSource.Bank, Gateway.Bank, FaultMode.Refuse, Failed, Failed)]
    [BothEngines(ChargeSource.Bank, Gateway.Bank, FaultMode.TimeOutThenAccept, Requested, Completed)]
    [BothEngines(ChargeSource.Bank, Gateway.Bank, FaultMode.TimeOutThenRefuse, Requested, Failed)]
    [BothEngines(ChargeSource.Bank, Gateway.Bank, FaultMode.Lost, Requested, Completed)]
    [BothEngines(ChargeSource.Bank, Gateway.Bank, FaultMode.LateAccept, Requested, Completed)]
    [BothEngines(ChargeSource.Bank, Gateway.Bank, FaultMode.LateRefuse, Requested, Failed)]
    [BothEngines(ChargeSource.Bank, Gateway.Bank, FaultMode.Twice, Completed, Completed)]
    [BothEngines(ChargeSource.Bank, Gateway.Bank, FaultMode.CallbackFirst, Completed, Completed)]
    [BothEngines(ChargeSource.Card, Gateway.Card, FaultMode.Accept, Completed, Completed)]
    [BothEngines(ChargeSource.Card, Gateway.Card, FaultMode.Refuse, Failed, Failed)]
    [BothEngines(ChargeSource.Card, Gateway.Card, FaultMode.TimeOutThenAccept, Requested, Completed)]
    [BothEngines(ChargeSource.Card, Gateway.Card, FaultMode.TimeOutThenRefuse, Requested, Failed)]
    [BothEngines(ChargeSource.Card, Gateway.Card, FaultMode.Lost, Requested, Completed)]
    [BothEngines(ChargeSource.Card, Gateway.Card, FaultMode.LateAccept, Requested, Completed)]
    [BothEngines(ChargeSource.Card, Gateway.Card, FaultMode.LateRefuse, Requested, Failed)]
    [BothEngines(ChargeSource.Card, Gateway.Card, FaultMode.Twice, Completed, Completed)]
    [BothEngines(ChargeSource.Card, Gateway.Card, FaultMode.CallbackFirst, Completed, Completed)]
    [BothEngines(ChargeSource.Card, Gateway.ThreeDSecure, FaultMode.Refuse, Failed, Failed)]
    [BothEngines(ChargeSource.Card, Gateway.ThreeDSecure, FaultMode.TimeOutThenAccept, Requested, Completed)]
    [BothEngines(ChargeSource.Card, Gateway.ThreeDSecure, FaultMode.TimeOutThenRefuse, Requested, Failed)]
    [BothEngines(ChargeSource.Card, Gateway.ThreeDSecure, FaultMode.Lost, Requested, Completed)]
    [BothEngines(ChargeSource.Card, Gateway.ThreeDSecure, FaultMode.LateAccept, Requested, Completed)]
    [BothEngines(ChargeSource.Card, Gateway.ThreeDSecure, FaultMode.LateRefuse, Requested, Failed)]
    [BothEngines(ChargeSource.Card, Gateway.ThreeDSecure, FaultMode.Twice, Completed, Completed)]
    public async Task A_charge_ends_as_the_outside_says(
        Engine engine, ChargeSource source, Gateway gateway, FaultMode mood, ChargeState atOnce, ChargeState later)
    {
        await using var teller = await Teller.Open(engine);
        await teller.FaultMode(gateway, mood);

        var answer = await teller.Run(source, 5_000);
        answer.Value!.State.ShouldBe(atOnce);
        await teller.Check();
        await teller.Pass(TimeSpan.FromMinutes(2));

        var row = await teller.Row(answer.Value.ChargeId);
        row.State.ShouldBe(later);
        (row.Reason is null).ShouldBe(later == Completed);
        var credited = later == Completed ? 5_000 : 0;
        (await teller.Balance(source == ChargeSource.Bank ? AccountType.Money : AccountType.Prepaid)).ShouldBe(credited);
        var kind = source == ChargeSource.Bank ? LimitKind.ChargeBank : LimitKind.ChargeCard;
        (await teller.LeftToday(kind, 200_000)).ShouldBe(200_000 - credited);
        (await teller.Outbox.RunDue(Teller.Ct)).ShouldBe(0, "nothing is left to do");
    }

    [Theory, BothEngines]
    public async Task A_pending_charge_holds_its_cap_until_it_fails(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        await teller.FaultMode(Gateway.Card, FaultMode.TimeOutThenRefuse);
        (await teller.Run(ChargeSource.Card, 50_000)).Value!.State.ShouldBe(Requested);

        (await teller.Run(ChargeSource.Card, 2_000)).Refusal.ShouldBe(ChargeRefusal.OverLimit);
        await teller.Pass(TimeSpan.FromMinutes(1));
        (await teller.Run(ChargeSource.Card, 50_000)).Value!.State.ShouldBe(Completed);
    }

    [Theory, BothEngines]
    public async Task A_cap_that_was_held_yesterday_is_not_given_back_to_today(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        await teller.FaultMode(Gateway.Card, FaultMode.TimeOutThenRefuse);
        await teller.Run(ChargeSource.Card, 50_000);
        teller.Clock.Move(TimeSpan.FromDays(1));
        (await teller.Run(ChargeSource.Card, 50_000)).Value!.State.ShouldBe(Completed);

        await teller.Pass(TimeSpan.FromMinutes(1));

        (await teller.LeftToday(LimitKind.ChargeCard, 50_000)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task A_forged_call_back_books_nothing(Engine engine)
    {
        NewsOfRequest? hear = null;
        await using var teller = await Teller.Open(engine, o => o with { Bank = new ListenedBank(o.Bank, h => hear = h) });
        await teller.FaultMode(Gateway.Bank, FaultMode.TimeOutThenRefuse);
        var charge = await teller.Run(ChargeSource.Bank, 5_000);

        for (var i = 0; i < 3; i++)
            await hear!(charge.Value!.ChargeId, Teller.Ct);
        await hear!(Guid.CreateVersion7(), Teller.Ct);

        (await teller.Row(charge.Value!.ChargeId)).State.ShouldBe(Requested);
        (await teller.Balance(AccountType.Money)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task Twenty_call_backs_and_the_dispatcher_at_once_book_a_charge_once(Engine engine)
    {
        NewsOfRequest? hear = null;
        await using var teller = await Teller.Open(engine, o => o with { Bank = new ListenedBank(o.Bank, h => hear = h) });
        await teller.FaultMode(Gateway.Bank, FaultMode.TimeOutThenAccept);
        var charge = await teller.Run(ChargeSource.Bank, 5_000);
        teller.Clock.Move(TimeSpan.FromSeconds(10));
        await using var otherNode = teller.Restart();

        await Task.WhenAll([
            .. Enumerable.Range(0, 20).Select(_ => Task.Run(() => hear!(charge.Value!.ChargeId, Teller.Ct))),
            Task.Run(() => teller.Outbox.RunDue(Teller.Ct)),
            Task.Run(() => otherNode.Outbox.RunDue(Teller.Ct))]);

        (await teller.Row(charge.Value!.ChargeId)).State.ShouldBe(Completed);
        (await teller.Balance(AccountType.Money)).ShouldBe(5_000);
    }

    sealed class ListenedBank(IBank bank, Action<NewsOfRequest> listened) : IBank
    {
        public Task<BankLinkReply> Link(BankLinkOrder order, CancellationToken ct) => bank.Link(order, ct);
        public Task<Reply> Debit(BankDebit debit, CancellationToken ct) => bank.Debit(debit, ct);
        public Task<Reply> Ask(Guid requestId, CancellationToken ct) => bank.Ask(requestId, ct);
        public Task<Reply> Credit(BankCredit credit, CancellationToken ct) => bank.Credit(credit, ct);
        public Task<Reply> AskCredit(Guid requestId, CancellationToken ct) => bank.AskCredit(requestId, ct);
        public void WhenCreditNews(NewsOfRequest hear) => bank.WhenCreditNews(hear);

        public void WhenNews(NewsOfRequest hear)
        {
            listened(hear);
            bank.WhenNews(hear);
        }
    }
}
