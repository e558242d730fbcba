using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Gateways;

public class SandboxBankTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    //                              at once            when asked         after the delay  call-backs
    [BothEngines(FaultMode.Accept, "accepted", "accepted", "accepted", 0)]
    [BothEngines(FaultMode.Refuse, "refused", "refused", "refused", 0)]
    [BothEngines(FaultMode.TimeOutThenAccept, "unknown", "unknown", "accepted", 0)]
    [BothEngines(FaultMode.TimeOutThenRefuse, "unknown", "unknown", "refused", 0)]
    [BothEngines(FaultMode.Lost, "unknown", "unseen", "unseen", 0)]
    [BothEngines(FaultMode.LateAccept, "unknown", "unknown", "accepted", 1)]
    [BothEngines(FaultMode.LateRefuse, "unknown", "unknown", "refused", 1)]
    [BothEngines(FaultMode.Twice, "accepted", "accepted", "accepted", 2)]
    [BothEngines(FaultMode.CallbackFirst, "accepted", "accepted", "accepted", 1)]
    public async Task A_debit_meets_the_mood_of_the_bank(Engine engine, FaultMode mood, string atOnce, string whenAsked, string later,
        int callbacks)
    {
        await using var outdoors = await Outdoors.Open(engine);
        var bank = outdoors.Sandbox.Bank;
        var rung = new List<(Guid Id, bool Answered)>();
        var answered = false;
        bank.WhenNews((id, _) => { rung.Add((id, answered)); return Task.CompletedTask; });
        await outdoors.Sandbox.Moods.Set(Gateway.Bank, mood, 1, ct: Ct);
        var debit = await Debit(outdoors, 5_000);

        Word(await bank.Debit(debit, Ct)).ShouldBe(atOnce);
        answered = true;
        Word(await bank.Ask(debit.RequestId, Ct)).ShouldBe(whenAsked);
        await outdoors.Pass(TimeSpan.FromSeconds(10));
        Word(await bank.Ask(debit.RequestId, Ct)).ShouldBe(later);

        rung.Count.ShouldBe(callbacks);
        rung.ShouldAllBe(r => r.Id == debit.RequestId && r.Answered == (mood != FaultMode.CallbackFirst));
        (await bank.Debited(Ct)).ShouldBe(later == "accepted" ? 5_000.Yen() : Yen.Zero);
    }

    [Theory, BothEngines]
    public async Task A_mood_is_used_up_and_then_the_bank_accepts_again(Engine engine)
    {
        await using var outdoors = await Outdoors.Open(engine);
        await outdoors.Sandbox.Moods.Set(Gateway.Bank, FaultMode.Refuse, 2, ct: Ct);
        (await outdoors.Sandbox.Moods.Waiting(Ct)).ShouldHaveSingleItem().ShouldBe(
            new GatewayFault(Gateway.Bank, FaultMode.Refuse, 2, SandboxFaults.UsualDelay));

        var words = new List<string>();
        for (var i = 0; i < 3; i++)
            words.Add(Word(await outdoors.Sandbox.Bank.Debit(await Debit(outdoors, 500), Ct)));

        words.ShouldBe(["refused", "refused", "accepted"]);
        (await outdoors.Sandbox.Moods.Waiting(Ct)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task The_same_request_twenty_times_at_once_takes_the_money_once_and_one_mood(Engine engine)
    {
        await using var outdoors = await Outdoors.Open(engine);
        await outdoors.Sandbox.Moods.Set(Gateway.Bank, FaultMode.Twice, 5, ct: Ct);
        var debit = await Debit(outdoors, 5_000);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => outdoors.Sandbox.Bank.Debit(debit, Ct))));

        replies.ShouldAllBe(r => r == Reply.Accepted);
        (await outdoors.Sandbox.Bank.Debited(Ct)).ShouldBe(5_000.Yen());
        (await outdoors.Sandbox.Moods.Waiting(Ct)).ShouldHaveSingleItem().Remaining.ShouldBe(4);
    }

    [Theory, BothEngines]
    public async Task A_request_sent_again_with_another_amount_is_a_fault_of_ours(Engine engine)
    {
        await using var outdoors = await Outdoors.Open(engine);
        var debit = await Debit(outdoors, 5_000);
        await outdoors.Sandbox.Bank.Debit(debit, Ct);

        await Should.ThrowAsync<InvalidOperationException>(() => outdoors.Sandbox.Bank.Debit(debit with { Amount = 6_000.Yen() }, Ct));

        (await outdoors.Sandbox.Bank.Debited(Ct)).ShouldBe(5_000.Yen());
    }

    [Theory, BothEngines]
    public async Task A_late_call_back_survives_a_restart(Engine engine)
    {
        await using var outdoors = await Outdoors.Open(engine);
        await outdoors.Sandbox.Moods.Set(Gateway.Bank, FaultMode.LateAccept, 1, ct: Ct);
        var debit = await Debit(outdoors, 5_000);
        await outdoors.Sandbox.Bank.Debit(debit, Ct);

        var restarted = outdoors.Restart();
        var rung = new List<Guid>();
        restarted.Sandbox.Bank.WhenNews((id, _) => { rung.Add(id); return Task.CompletedTask; });
        await restarted.Pass(TimeSpan.FromSeconds(10));

        rung.ShouldHaveSingleItem().ShouldBe(debit.RequestId);
    }

    [Theory, BothEngines]
    public async Task A_call_back_that_meets_a_failing_listener_is_made_again(Engine engine)
    {
        await using var outdoors = await Outdoors.Open(engine);
        await outdoors.Sandbox.Moods.Set(Gateway.Bank, FaultMode.CallbackFirst, 1, ct: Ct);
        var calls = 0;
        outdoors.Sandbox.Bank.WhenNews((_, _) => ++calls == 1 ? throw new InvalidOperationException("down") : Task.CompletedTask);

        Word(await outdoors.Sandbox.Bank.Debit(await Debit(outdoors, 5_000), Ct)).ShouldBe("accepted");
        await outdoors.Pass(TimeSpan.FromSeconds(10));

        calls.ShouldBe(2);
    }

    [Theory, BothEngines]
    public async Task What_the_bank_received_and_sent_can_be_read(Engine engine)
    {
        await using var outdoors = await Outdoors.Open(engine);
        var debit = await Debit(outdoors, 5_000);
        await outdoors.Sandbox.Bank.Debit(debit, Ct);
        outdoors.Clock.Move(TimeSpan.FromSeconds(1));
        await outdoors.Sandbox.Bank.Ask(debit.RequestId, Ct);

        var exchanges = await outdoors.Sandbox.Exchanges.Latest(Gateway.Bank, 10, Ct);

        exchanges.Select(e => $"{e.Received} -> {e.Sent}").ShouldBe(["enquiry -> accepted", $"{debit.AccountToken} 5,000 yen -> accepted"]);
        (await outdoors.Sandbox.Bank.Latest(10, Ct)).ShouldHaveSingleItem().Amount.ShouldBe(5_000.Yen());
    }

    static Task<BankDebit> Debit(Outdoors outdoors, long yen) =>
        Task.FromResult(new BankDebit(Id.New(outdoors.Clock), "acct_1", yen.Yen()));

    static string Word(Reply reply) => reply.ToString().Split(':')[0];
}
