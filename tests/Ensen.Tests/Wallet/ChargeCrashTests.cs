using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>The program dies between any two steps of a charge: the next one finishes it, once, within a minute.</summary>
public class ChargeCrashTests
{
    [Theory]
    [BothEngines(ChargeSource.Bank, Step.BeforeTheOutside)]
    [BothEngines(ChargeSource.Bank, Step.AfterTheOutside)]
    [BothEngines(ChargeSource.Card, Step.BeforeTheOutside)]
    [BothEngines(ChargeSource.Card, Step.AfterTheCardholder)]
    [BothEngines(ChargeSource.Card, Step.AfterTheOutside)]
    [BothEngines(ChargeSource.Atm, Step.BeforeTheOutside)]
    [BothEngines(ChargeSource.Atm, Step.AfterTheOutside)]
    public async Task A_charge_is_finished_by_the_next_program(Engine engine, ChargeSource source, Step step)
    {
        await using var teller = await Teller.Open(engine, o => new Dying(o, step).Outside);
        var died = await teller.Run(source, 5_000, key: "k");
        died.Value!.State.ShouldBe(ChargeState.Requested);

        await using var restarted = teller.Restart();
        await restarted.Pass(TimeSpan.FromMinutes(1), steps: 60);
        if (source == ChargeSource.Atm)
        {
            var now = await restarted.Charge.Read(died.Value.ChargeId, Teller.Ct);
            await restarted.Sandbox.Atm.PutNotes(now.Atm!.CustomerNumber, new(5_000), Teller.Ct);
        }

        (await restarted.Row(died.Value.ChargeId)).State.ShouldBe(ChargeState.Completed);
        (await restarted.Balance(AccountType.Money) + await restarted.Balance(AccountType.Prepaid)).ShouldBe(5_000);
    }

    [Theory, BothEngines]
    public async Task A_charge_that_was_booked_but_not_ticked_off_is_not_booked_again(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        var charge = await teller.Run(ChargeSource.Bank, 5_000);
        await teller.Execute("update outbox set state = 1, ended_ms = null where id = @ChargeId", new { charge.Value!.ChargeId });

        await using var restarted = teller.Restart();
        await restarted.Pass(TimeSpan.FromMinutes(1));

        (await restarted.Balance(AccountType.Money)).ShouldBe(5_000);
        (await restarted.Outbox.RunDue(Teller.Ct)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task A_charge_whose_answer_was_not_kept_is_answered_by_the_next_request_with_its_key(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        var first = await teller.Run(ChargeSource.Bank, 5_000, key: "k");
        await teller.Execute("update idempotency_key set answer = null where caller = @Member", new { teller.Member });

        await using var restarted = teller.Restart();
        var again = await restarted.Run(ChargeSource.Bank, 5_000, key: "k");

        (again.Value, again.Replayed).ShouldBe((first.Value, true));
        (await restarted.Balance(AccountType.Money)).ShouldBe(5_000);
    }

    [Theory, BothEngines]
    public async Task Extra_notes_that_came_while_the_books_were_closed_are_booked_after_it(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        var charge = await teller.Run(ChargeSource.Atm, 10_000);
        await teller.Ledger.DisposeAsync(); // the books close while the notes come in
        await teller.Sandbox.Atm.PutNotes(charge.Value!.Atm!.CustomerNumber, new(60_000), Teller.Ct);

        await using var restarted = teller.Restart();
        await restarted.Pass(TimeSpan.FromMinutes(1));

        (await restarted.Balance(AccountType.Money)).ShouldBe(50_000);
        (await restarted.Balance(AccountType.Suspense, Chart.Operator)).ShouldBe(10_000);
    }

    public enum Step
    {
        BeforeTheOutside = 1,
        AfterTheCardholder = 2,
        AfterTheOutside = 3,
    }

    /// <summary>An outside whose every call is the last thing the program does.</summary>
    sealed class Dying(ExternalGateways outside, Step step) : IBank, ICardCompany, IAtm
    {
        public ExternalGateways Outside => outside with { Bank = this, Card = this, Atm = this };

        public Task<BankLinkReply> Link(BankLinkOrder order, CancellationToken ct) => outside.Bank.Link(order, ct);

        public Task<RegisteredCard?> CardOf(Guid holder, CancellationToken ct) => outside.Card.CardOf(holder, ct);

        public Task<Reply> Debit(BankDebit debit, CancellationToken ct) => Die(() => outside.Bank.Debit(debit, ct));

        public Task<Reply> Credit(BankCredit credit, CancellationToken ct) => outside.Bank.Credit(credit, ct);

        public Task<Reply> AskCredit(Guid requestId, CancellationToken ct) => outside.Bank.AskCredit(requestId, ct);

        public void WhenCreditNews(NewsOfRequest hear) => outside.Bank.WhenCreditNews(hear);

        public Task<Reply> Charge(CardPurchase purchase, string? proof, CancellationToken ct) =>
            Die(() => outside.Card.Charge(purchase, proof, ct));

        public async Task<CardholderProof> Authenticate(CardPurchase purchase, CancellationToken ct)
        {
            var proof = await outside.Card.Authenticate(purchase, ct);
            return step == Step.AfterTheCardholder ? throw new TimeoutException("died") : proof;
        }

        public Task<AtmTicket?> Expect(AtmExpectation expectation, CancellationToken ct) => Die(() => outside.Atm.Expect(expectation, ct));

        Task<AtmTicket?> IAtm.Ask(Guid requestId, CancellationToken ct) => outside.Atm.Ask(requestId, ct);

        Task<Reply> IBank.Ask(Guid requestId, CancellationToken ct) => outside.Bank.Ask(requestId, ct);

        Task<Reply> ICardCompany.Ask(Guid requestId, CancellationToken ct) => outside.Card.Ask(requestId, ct);

        void IBank.WhenNews(NewsOfRequest hear) => outside.Bank.WhenNews(hear);
        void ICardCompany.WhenNews(NewsOfRequest hear) => outside.Card.WhenNews(hear);
        void IAtm.WhenNews(NewsOfRequest hear) => outside.Atm.WhenNews(hear);

        async Task<T> Die<T>(Func<Task<T>> call)
        {
            if (step == Step.AfterTheOutside)
                await call();
            throw new TimeoutException("died");
        }
    }
}
