using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Sandbox.Gateways;
using Ensen.Settlement;
using Ensen.Storage;
using Ensen.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Tests.Settlement;

/// <summary>What goes wrong between a file and the bank: answers that are lost or never come, and days that are none any more.</summary>
public class PayOutFailuresTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task An_acknowledgement_that_is_lost_and_a_job_begun_again_give_the_bank_one_file(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (merchant, shop) = await office.Store("Bread");
        await office.Pay(shop, 1_000);
        office.Clock.Set("2026-06-02 09:00");
        await office.Get<CloseSettlements>().Run(Ct);
        var file = (await office.Files()).ShouldHaveSingleItem().FileId;

        // Each node sends it, and dies before it hears the answer; the next one knows of none.
        for (var node = 0; node < 5; node++)
        {
            var work = new PayOutFileWork(office.Db, office.Get<GeneralLedger>(),
                ExternalGateways.Nobody with { PayOuts = new DeadLine(office.Bank) }, office.Clock, NullLogger<PayOutFileWork>.Instance);
            await Should.ThrowAsync<IOException>(() => work.Start()(new OutboxItem(file, PayOutFileWork.Kind, "", 1), Ct));
            await office.Get<CloseSettlements>().Run(Ct);
        }
        (await office.Bank.Files(Ct), (await office.Files())[0].State).ShouldBe((1, (short)PayOutSendingState.Made));

        await office.Work();
        await office.Work("2026-06-02 15:01");
        office.Clock.Move(TimeSpan.FromMinutes(10));
        await office.Work();

        (await office.Bank.Files(Ct), (await office.Files()).Count).ShouldBe((1, 1));
        (await office.Latest(merchant)).Status.ShouldBe(SettlementStatus.Paid);
        (await office.Bank.Statement(JapanDay.Parse("2026-06-02"), Ct)).ShouldHaveSingleItem().Amount.ShouldBe(980);
    }

    [Theory, BothEngines]
    public async Task While_the_bank_says_nothing_for_a_week_the_money_stays_on_its_way_and_nothing_is_sent_again(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (merchant, shop) = await office.Store("Bread");
        await office.Pay(shop, 1_000);
        await office.Get<SandboxGateways>().Moods.Set(Gateway.PayOuts, FaultMode.TimeOutThenAccept, 1, TimeSpan.FromDays(7), Ct);

        foreach (var day in (string[])["2026-06-02 09:00", "2026-06-02 15:30", "2026-06-03 09:00", "2026-06-05 09:00", "2026-06-08 09:00"])
            await office.Work(day);
        (await office.Files()).ShouldHaveSingleItem().State.ShouldBe((short)PayOutSendingState.Made);
        (await office.Latest(merchant)).Status.ShouldBe(SettlementStatus.Sent);
        (await office.Balance(merchant, AccountType.PayOutTransit)).ShouldBe(980);

        // What is sold meanwhile is paid by a file of its own.
        await office.Pay(shop, 2_000);
        await office.Work("2026-06-09 09:00");
        await office.Work("2026-06-09 16:00");
        await office.Work("2026-06-10 16:00");

        (await office.Settled(merchant)).Select(s => s.Status).ShouldBe([SettlementStatus.Paid, SettlementStatus.Paid]);
        (await office.Files()).Count.ShouldBe(2);
        (await office.Balance(merchant, AccountType.PayOutTransit)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task A_day_made_a_holiday_after_a_file_was_made_for_it_gets_no_other_file(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (merchant, shop) = await office.Store("Bread");
        await office.Pay(shop, 1_000);
        await office.Work("2026-06-05 15:30");
        (await office.Files()).ShouldHaveSingleItem().Day.ShouldBe(20260608);
        await office.Pay(shop, 2_000);

        // The law moves a holiday to Monday; from the next start on the calendar says so.
        var moved = new Programme { Calendar = new CalendarRules { Added = "2026-06-08" } };
        office.Clock.Set("2026-06-08 09:00");
        await office.Get<SettleDay>().Run(JapanDay.Parse("2026-06-05"), Ct);
        var make = new MakePayOutFile(office.Db, office.Get<GeneralLedger>(), office.Get<ExternalGateways>(), new BusinessDays(moved),
            office.Get<Outbox>(), moved, office.Clock, NullLogger<MakePayOutFile>.Instance);
        (await make.Run(Ct)).Refusal.ShouldBe(MakePayOutFileRefusal.BankClosed);
        new BusinessDays(moved).PaidOn(JapanDay.Parse("2026-06-05"))!.Value.Number.ShouldBe(20260609);

        office.Clock.Set("2026-06-09 09:00");
        (await make.Run(Ct)).Value!.Lines.ShouldBe(1, "what lies at the bank is not put into another file");
        await office.Get<Outbox>().RunDue(Ct);
        foreach (var file in await office.Files())
            (await office.Bank.Answer(file.FileId, [], Ct)).ShouldBeTrue();

        (await office.Settled(merchant)).Select(s => s.Status).ShouldBe([SettlementStatus.Paid, SettlementStatus.Paid]);
        (await office.Balance(Chart.Operator, AccountType.PayOutBank)).ShouldBe(1_000 - 19 - 1 + 2_000 - 38 - 3);
    }

    [Theory, BothEngines]
    public async Task What_the_bank_has_forgotten_is_not_handed_in_again(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (merchant, shop) = await office.Store("Bread");
        await office.Pay(shop, 1_000);
        await office.Work("2026-06-02 09:00");
        var file = (await office.Files()).ShouldHaveSingleItem().FileId;
        var bank = new Forgetful(office.Bank);
        var work = new PayOutFileWork(office.Db, office.Get<GeneralLedger>(), ExternalGateways.Nobody with { PayOuts = bank }, office.Clock,
            NullLogger<PayOutFileWork>.Instance);
        var run = work.Start();

        // It took the file and did not answer: whether it transfers, somebody has to ask.
        foreach (var attempt in (int[])[1, 2])
        {
            bank.Says = new PayOutStanding(Reply.Unseen);
            await Should.ThrowAsync<InvalidOperationException>(() => run(new OutboxItem(file, PayOutFileWork.Kind, "", attempt), Ct));
        }
        (await office.Latest(merchant)).Status.ShouldBe(SettlementStatus.Sent);

        // It answered, and some weeks later it keeps nothing of it; then it even refuses what it has paid.
        (await office.Bank.Answer(file, [], Ct)).ShouldBeTrue();
        await work.AskAgain(Ct);
        bank.Says = new PayOutStanding(Reply.Refused("unknown_file"));
        await Should.ThrowAsync<InvalidOperationException>(() => work.AskAgain(Ct));

        bank.Sent.ShouldBe(0);
        (await office.Latest(merchant)).Status.ShouldBe(SettlementStatus.Paid);
        (await office.Balance(merchant, AccountType.MerchantDue)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task A_file_that_was_refused_whole_is_not_handed_in_again_when_the_bank_has_forgotten_it(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (merchant, shop) = await office.Store("Bread");
        await office.Pay(shop, 1_000);
        await office.Get<SandboxGateways>().Moods.Set(Gateway.PayOuts, FaultMode.Refuse, 1, TimeSpan.Zero, Ct);
        await office.Work("2026-06-02 09:00");
        var refused = (await office.Files()).ShouldHaveSingleItem();
        refused.State.ShouldBe((short)PayOutSendingState.Refused);

        var bank = new Forgetful(office.Bank) { Says = new PayOutStanding(Reply.Unseen) };
        new PayOutFileWork(office.Db, office.Get<GeneralLedger>(), ExternalGateways.Nobody with { PayOuts = bank }, office.Clock,
            NullLogger<PayOutFileWork>.Instance).Start();
        await bank.Ring(refused.FileId, Ct);
        bank.Sent.ShouldBe(0, "what is due of it goes into another file");
        (await office.Balance(merchant, AccountType.MerchantDue)).ShouldBe(980);
    }

    [Theory, BothEngines]
    public async Task A_merchant_who_is_frozen_keeps_nobody_else_from_being_paid(Engine engine)
    {
        await using var office = await Office.Open(engine, new Programme { Settlement = new SettlementRules { MostLines = 1 } });
        var (frozen, bread) = await office.Store("Bread");
        await office.Pay(bread, 1_000);
        office.Clock.Set("2026-06-02 00:30");
        await office.Get<SettleDay>().Run(JapanDay.Parse("2026-06-01"), Ct);
        var (merchant, tea) = await office.Store("Tea");
        await office.Pay(tea, 2_000);
        var now = office.Clock.GetUtcNow();
        await office.Db.Transact(async tx =>
        {
            await Restrictions.Hold(tx, office.Db.Catalogue, frozen, now);
            await Restrictions.Add(tx, new Restriction(
                Id.New<RestrictionId>(office.Clock), frozen, RestrictionKind.Frozen, "A test", Decider.Operator("Suzuki"), now, null));
        }, Ct);
        await office.Work("2026-06-03 09:00");
        await office.Work("2026-06-03 15:01");

        (await office.Latest(merchant)).Status.ShouldBe(SettlementStatus.Paid);
        (await office.Latest(frozen)).Status.ShouldBe(SettlementStatus.Due);
        (await office.Balance(frozen, AccountType.MerchantDue)).ShouldBe(980);
    }

    /// <summary>A bank that says of every file what it is told to say, and counts what is handed in.</summary>
    sealed class Forgetful(IPayOutBank bank) : IPayOutBank
    {
        NewsOfRequest? _hear;

        public PayOutStanding Says { get; set; } = new(Reply.Unknown);
        public int Sent { get; private set; }

        public async Task<PayOutStanding> Send(PayOutOrder order, CancellationToken ct)
        {
            Sent++;
            return await bank.Send(order, ct);
        }

        public Task<PayOutStanding> Ask(Guid fileId, CancellationToken ct) => Task.FromResult(Says);

        public void WhenNews(NewsOfRequest hear) => _hear = hear;

        public Task Ring(Guid fileId, CancellationToken ct) => _hear!(fileId, ct);
    }

    /// <summary>What is sent arrives, and no answer comes back.</summary>
    sealed class DeadLine(IPayOutBank bank) : IPayOutBank
    {
        public async Task<PayOutStanding> Send(PayOutOrder order, CancellationToken ct)
        {
            await bank.Send(order, ct);
            throw new IOException("The line is dead.");
        }

        public Task<PayOutStanding> Ask(Guid fileId, CancellationToken ct) => throw new IOException("The line is dead.");

        public void WhenNews(NewsOfRequest hear)
        {
        }
    }
}
