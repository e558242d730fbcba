using Ensen.Banking;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;
using Ensen.Withdrawals;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Tests.Withdrawals;

/// <summary>Money goes to the member's own bank account once, or is back, whatever the bank answers.</summary>
public class WithdrawTests
{
    const WithdrawalState UnderWay = WithdrawalState.UnderWay;
    const WithdrawalState Paid = WithdrawalState.Paid;
    const WithdrawalState GivenBack = WithdrawalState.GivenBack;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [BothEngines(FaultMode.Accept, Paid, Paid)]
    [BothEngines(FaultMode.Refuse, GivenBack, GivenBack)]
    [BothEngines(FaultMode.TimeOutThenAccept, UnderWay, Paid)]
    [BothEngines(FaultMode.TimeOutThenRefuse, UnderWay, GivenBack)]
    [BothEngines(FaultMode.Lost, UnderWay, Paid)]
    [BothEngines(FaultMode.LateAccept, UnderWay, Paid)]
    [BothEngines(FaultMode.LateRefuse, UnderWay, GivenBack)]
    [BothEngines(FaultMode.Twice, Paid, Paid)]
    [BothEngines(FaultMode.CallbackFirst, Paid, Paid)]
    public async Task A_withdrawal_ends_as_the_bank_says(Engine engine, FaultMode mood, WithdrawalState atOnce, WithdrawalState later)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(5_000, prepaid: 700);
        await counter.FaultMode(mood);

        var begun = (await counter.Withdraw(aoi, 3_000)).Value!;
        begun.Balance.ShouldBe(2_700.Yen());
        (await counter.Find(begun.WithdrawalId)).State.ShouldBe(atOnce);
        (await counter.Complaints()).ShouldBeEmpty();
        (await counter.Withdraw(aoi, 5_001)).Refusal.ShouldBe(WithdrawRefusal.InsufficientBalance);
        await counter.Pass(TimeSpan.FromMinutes(2));

        (await counter.Find(begun.WithdrawalId)).State.ShouldBe(later);
        (await counter.Money(aoi)).ShouldBe(later == Paid ? 2_000 : 5_000);
        (await counter.Prepaid(aoi)).ShouldBe(700);
        (await counter.Sum(begun.WithdrawalId, AccountType.WithdrawalTransit)).ShouldBe(0);
        (await counter.World.Bank.Credited(Ct)).ShouldBe(later == Paid ? 3_000.Yen() : Yen.Zero);
        await counter.AgreesWithBank();
        (await counter.Get<Outbox>().RunDue(Ct)).ShouldBe(0, "nothing is left to do");
        (await counter.Get<WithdrawalLimits>().Of(new Payer(aoi, true), Ct)).Left.Today
            .ShouldBe(later == Paid ? 497_000 : 500_000, "what was given back counts no more");
    }

    [Theory, BothEngines]
    public async Task Only_money_leaves_and_only_to_an_own_account(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(1_000, prepaid: 9_000);
        foreach (var amount in (long[])[0, -1, long.MinValue, long.MaxValue, 1_000_000_000])
            (await counter.Withdraw(aoi, amount)).Refusal.ShouldBe(WithdrawRefusal.InvalidAmount);
        (await counter.Withdraw(aoi, 1_001)).Refusal.ShouldBe(WithdrawRefusal.InsufficientBalance);
        var ren = await counter.With(1_000, name: "ren");
        var rens = (await counter.Get<OwnBankAccounts>().Of(ren, Ct)).Single();
        (await counter.Withdraw(aoi, 10, account: rens.Id)).Refusal.ShouldBe(WithdrawRefusal.NoBankAccount);
        (await counter.Get<UnlinkBankAccount>().Run(ren, rens.Id, Ct)).Accepted.ShouldBeTrue();
        (await counter.Withdraw(ren, 10)).Refusal.ShouldBe(WithdrawRefusal.NoBankAccount);
        (await counter.Withdraw(aoi, 10, verified: false)).Refusal.ShouldBe(WithdrawRefusal.NotVerified);
        (await counter.Withdraw(aoi, 1_000)).Accepted.ShouldBeTrue();
        (await counter.Money(aoi), await counter.Prepaid(aoi)).ShouldBe((0, 9_000));
    }

    [Theory, BothEngines]
    public async Task The_member_is_told_when_it_is_taken_on_and_when_it_is_paid_or_came_back(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(5_000);
        await counter.Reaches(aoi);
        await counter.Withdraw(aoi, 3_000);
        await counter.FaultMode(FaultMode.Refuse);
        await counter.Withdraw(aoi, 700);
        (await counter.Get<OwnWithdrawals>().UnderWay(aoi, Ct)).ShouldBeEmpty();
        await counter.FaultMode(FaultMode.TimeOutThenAccept);
        counter.Get<Withdraw>().Patience = TimeSpan.Zero;
        var slow = (await counter.Withdraw(aoi, 100)).Value!.WithdrawalId;

        (await counter.Get<OwnWithdrawals>().UnderWay(aoi, Ct)).ShouldBe([new EntryId(slow)]);
        (await counter.Told()).Select(n => (n.What, n.Yen)).ShouldBe(
        [
            (NoticeKind.WithdrawalAsked, 3_000), (NoticeKind.WithdrawalPaid, 3_000), (NoticeKind.WithdrawalAsked, 700),
            (NoticeKind.WithdrawalReturned, 700), (NoticeKind.WithdrawalAsked, 100),
        ]);
    }

    [Theory, BothEngines]
    public async Task The_same_key_does_it_once(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(1_000);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => counter.Withdraw(aoi, 700, key: "k"), Ct)));
        answers.Select(a => a.Value).Distinct().Count().ShouldBe(1);
        answers.Count(a => !a.Replayed).ShouldBe(1);
        (await counter.Withdraw(aoi, 300, key: "k")).Refusal.ShouldBe(WithdrawRefusal.KeyReused);
        (await counter.Money(aoi)).ShouldBe(300);
        (await counter.World.Bank.Credited(Ct)).ShouldBe(700.Yen());
    }

    [Theory, BothEngines]
    public async Task Of_forty_withdrawals_of_all_there_is_one_is_paid(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(8_000);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => counter.Withdraw(aoi, 8_000), Ct)));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == WithdrawRefusal.InsufficientBalance);
        (await counter.Money(aoi)).ShouldBe(0);
        (await counter.World.Bank.Credited(Ct)).ShouldBe(8_000.Yen());
        await counter.AgreesWithBank();
    }

    [Theory, BothEngines]
    public async Task Withdrawals_and_payments_at_once_take_what_there_is(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var (aoi, store) = (await counter.With(10_000), await counter.Store());
        await counter.FaultMode(FaultMode.Refuse, times: 3);

        var withdrawn = Enumerable.Range(0, 20).Select(_ => Task.Run(async () => (await counter.Withdraw(aoi, 1_000)).Accepted, Ct)).ToList();
        var paid = Enumerable.Range(0, 20).Select(_ => Task.Run(async () => (await counter.Pay(aoi, store, 1_000)).Accepted, Ct)).ToList();
        await Task.WhenAll([.. withdrawn, .. paid]);
        await counter.Pass(TimeSpan.FromMinutes(1));

        var payments = paid.Count(p => p.Result);
        (await counter.Money(aoi)).ShouldBe(10_000 - 1_000 * payments - (await counter.World.Bank.Credited(Ct)).Value);
        (await counter.Sum(store.StoreId, AccountType.Payable)).ShouldBe(1_000 * payments);
        (payments + withdrawn.Count(w => w.Result)).ShouldBeInRange(10, 13);
        await counter.AgreesWithBank();
    }

    /// <summary>The bank rings at every node at once.</summary>
    [Theory, BothEngines]
    public async Task The_answer_that_eight_nodes_hear_is_booked_once(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(9_000);
        foreach (var answer in new[] { Reply.Accepted, Reply.Refused("account_closed") })
        {
            await counter.FaultMode(answer == Reply.Accepted ? FaultMode.TimeOutThenAccept : FaultMode.TimeOutThenRefuse);
            var begun = (await counter.Withdraw(aoi, 3_000)).Value!;
            var row = (await counter.Find(begun.WithdrawalId)).Row;
            var nodes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => counter.Node()));
            await Task.WhenAll(nodes.Select(node => Task.Run(
                () => node.GetRequiredService<EndWithdrawal>().Run(row, answer, Ct), Ct)));
            foreach (var node in nodes)
                await node.GetRequiredService<GeneralLedger>().DisposeAsync();
        }
        (await counter.Money(aoi)).ShouldBe(6_000);
        (await counter.Count("select count(*) from withdrawal_end")).ShouldBe(2);
        (await counter.Count("select count(*) from withdrawal_contradiction")).ShouldBe(0);
        await counter.Pass(TimeSpan.FromMinutes(1));
        await counter.AgreesWithBank();
    }

    /// <summary>What the bank says later, contrary to what it said first, makes no yen and loses none.</summary>
    [Theory, BothEngines]
    public async Task What_comes_back_is_money_again_where_there_is_room_and_waits_in_suspense_where_there_is_none(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(5_000);
        var (first, second) = ((await counter.Withdraw(aoi, 2_000)).Value!, (await counter.Withdraw(aoi, 3_000)).Value!);

        (await counter.World.Bank.Contradict(first.WithdrawalId, Ct)).ShouldBeTrue();
        await counter.Pass(TimeSpan.FromMinutes(1));
        (await counter.Find(first.WithdrawalId)).State.ShouldBe(WithdrawalState.CameBack);
        (await counter.Money(aoi)).ShouldBe(2_000);
        await counter.Give(aoi, 996_000);
        await counter.World.Bank.Contradict(second.WithdrawalId, Ct);
        await counter.Pass(TimeSpan.FromMinutes(1));
        (await counter.Find(second.WithdrawalId)).Contradicted.ShouldBe(WithdrawalEnding.CameBackToSuspense);
        (await counter.Money(aoi), await counter.Suspense()).ShouldBe((998_000, 3_000));
        (await counter.Get<OwnWithdrawals>().ForOperators(Ct)).Select(w => w.Row.EntryId).ShouldBe([second.WithdrawalId]);
        await counter.AgreesWithBank();

        // A third word of the bank's moves nothing by itself.
        await counter.World.Bank.Contradict(first.WithdrawalId, Ct);
        await counter.Pass(TimeSpan.FromMinutes(1));
        (await counter.Money(aoi)).ShouldBe(998_000);
    }

    [Theory, BothEngines]
    public async Task What_the_bank_paid_after_it_had_refused_is_missing_in_suspense_and_shown_to_operators(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(5_000);
        await counter.FaultMode(FaultMode.Refuse);
        var begun = (await counter.Withdraw(aoi, 2_000)).Value!;

        await counter.World.Bank.Contradict(begun.WithdrawalId, Ct);
        await counter.Pass(TimeSpan.FromMinutes(1));

        (await counter.Find(begun.WithdrawalId)).ShouldSatisfyAllConditions(
            w => w.State.ShouldBe(GivenBack), w => w.Contradicted.ShouldBe(WithdrawalEnding.PaidAfterAll));
        (await counter.Money(aoi), await counter.Suspense()).ShouldBe((5_000, -2_000));
        (await counter.Get<OwnWithdrawals>().ForOperators(Ct)).ShouldHaveSingleItem().IsInSuspense.ShouldBeTrue();
        await counter.AgreesWithBank();
    }

    /// <summary>Given back by a correction it would be paid by the bank as well, and nothing could end it any more.</summary>
    [Theory, BothEngines]
    public async Task What_lies_aside_is_moved_by_what_the_bank_says_and_by_no_correction(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var (aoi, suzuki) = (await counter.With(5_000), await counter.Operator("Suzuki"));
        await counter.FaultMode(FaultMode.TimeOutThenAccept);
        var begun = (await counter.Withdraw(aoi, 3_000)).Value!;

        (await counter.Get<ProposeCorrection>().Run(new ProposeCorrectionRequest(begun.WithdrawalId, "the bank is silent", suzuki,
        [
            Leg.Of(begun.WithdrawalId, AccountType.WithdrawalTransit, -begun.Amount), Leg.Of(aoi, AccountType.Money, begun.Amount),
        ]), Ct)).Refusal.ShouldBe(ProposeCorrectionRefusal.NotAParty);
        await counter.Pass(TimeSpan.FromMinutes(2));

        (await counter.Find(begun.WithdrawalId)).State.ShouldBe(Paid);
        (await counter.Money(aoi)).ShouldBe(2_000);
        await counter.AgreesWithBank();
    }

    /// <summary>The room for it to come back is kept, so it does, into a full wallet and into one that is frozen.</summary>
    [Theory, BothEngines]
    public async Task What_is_under_way_comes_back_whatever_became_of_the_wallet(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(400_000);
        var ren = await counter.With(100_000, name: "ren");
        await counter.FaultMode(FaultMode.TimeOutThenRefuse);
        var begun = (await counter.Withdraw(aoi, 400_000)).Value!;
        await counter.Give(aoi, 550_000);
        (await counter.Get<Transfer>().Run(new TransferRequest(new Payer(ren, true), new Payer(aoi, true), 50_001.Yen(), null,
            Initiator.Member(ren), [Town.Key(ren, null, "t")]), Ct)).Refusal.ShouldBe(TransferRefusal.OverLimit);
        await counter.Db.Transact(tx => Restrictions.Add(tx, new Restriction(
            Id.New<RestrictionId>(counter.Clock), aoi, RestrictionKind.Frozen, "lost telephone", new Decider(InitiatorKind.Member, Id.Bare(aoi)),
            counter.Clock.GetUtcNow(), null)), Ct);
        await using (var connection = await counter.Db.Connect(Ct))
            (await WithdrawalsModule.WithdrawalPending.Stands(connection, null, aoi, counter.Clock.GetUtcNow())).ShouldBeTrue();

        await counter.Pass(TimeSpan.FromMinutes(1));

        (await counter.Find(begun.WithdrawalId)).State.ShouldBe(GivenBack);
        (await counter.Money(aoi)).ShouldBe(950_000);
        (await counter.Withdraw(aoi, 1)).Refusal.ShouldBe(WithdrawRefusal.Frozen);
    }

    /// <summary>The program dies after any step: the next one that works goes on from there, and the bank pays once.</summary>
    [Theory]
    [BothEngines(FaultMode.Lost)]
    [BothEngines(FaultMode.TimeOutThenAccept)]
    [BothEngines(FaultMode.Accept)]
    public async Task The_next_program_finishes_it(Engine engine, FaultMode diedIn)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(5_000);
        await counter.FaultMode(diedIn);
        var begun = (await counter.Withdraw(aoi, 2_000)).Value!;
        // It was booked, and nobody ticked off that it was.
        await counter.Db.Transact(tx => Dapper.SqlMapper.ExecuteAsync(tx.Connection!,
            "update outbox set state = 1, ended_ms = null, due_ms = 0 where id = @WithdrawalId", new { begun.WithdrawalId }, tx), Ct);

        var restarted = await counter.Node();
        for (var i = 0; i < 60; i++)
        {
            counter.Clock.Move(TimeSpan.FromSeconds(1));
            await restarted.GetRequiredService<Outbox>().RunDue(Ct);
        }
        await restarted.GetRequiredService<GeneralLedger>().DisposeAsync();

        (await counter.Find(begun.WithdrawalId)).State.ShouldBe(Paid);
        (await counter.Money(aoi)).ShouldBe(3_000);
        (await counter.World.Bank.Credited(Ct)).ShouldBe(2_000.Yen());
        await counter.AgreesWithBank();
    }

    /// <summary>A thief of the session links an account and empties the wallet into it: not without a proof of their own.</summary>
    [Theory, BothEngines]
    public async Task To_an_account_that_is_new_here_each_withdrawal_takes_a_proof(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine);
        var aoi = await counter.With(5_000);
        var now = counter.Clock.GetUtcNow();
        var fresh = new BankAccount(Id.New<BankAccountId>(now), aoi, "acct_new", "Loop Line Bank", "1234", now.ToUnixTimeMilliseconds());
        await counter.Db.Transact(async tx =>
        {
            await BankAccounts.Claim(tx, fresh.Id.Value.ToByteArray(), fresh.Id, aoi);
            await BankAccounts.Insert(tx, fresh);
        }, Ct);

        (await counter.Withdraw(aoi, 100, key: "k")).Refusal.ShouldBe(WithdrawRefusal.StepUpRequired);
        (await counter.Withdraw(aoi, 100, mustProve: true)).Refusal.ShouldBe(WithdrawRefusal.StepUpRequired);
        counter.Clock.Move(TimeSpan.FromHours(24));
        (await counter.Withdraw(aoi, 100, key: "k")).Accepted.ShouldBeTrue();
        (await counter.Find((await counter.Withdraw(aoi, 100)).Value!.WithdrawalId)).Row.BankAccount.ShouldBe(fresh.Id);
    }

    [Theory, BothEngines]
    public async Task The_caps_of_the_day_hold_under_forty_at_once(Engine engine)
    {
        await using var counter = await BankCounter.Open(engine, new Programme
        {
            Withdrawals = new WithdrawalRules { PerWithdrawal = 1_000, PerDay = 4_000, PerMonth = 6_000 },
        });
        var aoi = await counter.With(100_000);
        async Task<int> AtOnce() => (await Task.WhenAll(Enumerable.Range(0, 40).Select(
            _ => Task.Run(() => counter.Withdraw(aoi, 1_000), Ct)))).Count(a => a.Accepted);

        (await AtOnce()).ShouldBe(4);
        counter.Clock.Move(TimeSpan.FromDays(1));
        (await AtOnce()).ShouldBe(2, "of the month");
        (await counter.Withdraw(aoi, 1_000)).Refusal.ShouldBe(WithdrawRefusal.OverLimit);
    }
}
