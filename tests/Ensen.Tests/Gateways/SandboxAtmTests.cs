using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Gateways;

public class SandboxAtmTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    //                              taken?                known at once        later                call-backs
    [BothEngines(FaultMode.Accept, AtmTaking.Taken, AtmPhase.Deposited, AtmPhase.Deposited, 1)]
    [BothEngines(FaultMode.CallbackFirst, AtmTaking.Taken, AtmPhase.Deposited, AtmPhase.Deposited, 1)]
    [BothEngines(FaultMode.Twice, AtmTaking.Taken, AtmPhase.Deposited, AtmPhase.Deposited, 2)]
    [BothEngines(FaultMode.LateAccept, AtmTaking.Taken, AtmPhase.Waiting, AtmPhase.Deposited, 1)]
    [BothEngines(FaultMode.TimeOutThenAccept, AtmTaking.Taken, AtmPhase.Waiting, AtmPhase.Deposited, 0)]
    [BothEngines(FaultMode.Refuse, AtmTaking.OutOfOrder, AtmPhase.Waiting, AtmPhase.Waiting, 0)]
    public async Task Notes_are_reported_as_the_mood_has_it(
        Engine engine, FaultMode mood, AtmTaking taking, AtmPhase atOnce, AtmPhase later, int callbacks)
    {
        await using var outdoors = await Outdoors.Open(engine);
        var atm = outdoors.Sandbox.Atm;
        var rung = new List<Guid>();
        atm.WhenNews((id, _) => { rung.Add(id); return Task.CompletedTask; });
        var ticket = await Expect(outdoors, 10_000);
        await outdoors.Sandbox.Moods.Set(Gateway.Atm, mood, 1, ct: Ct);

        (await atm.PutNotes(ticket.CustomerNumber, 12_000.Yen(), Ct)).ShouldBe(taking);
        (await atm.Ask(ticket.RequestId, Ct))!.Phase.ShouldBe(atOnce);
        await outdoors.Pass(TimeSpan.FromSeconds(10));

        var end = await atm.Ask(ticket.RequestId, Ct);
        end!.Phase.ShouldBe(later);
        end.Deposited.ShouldBe(later == AtmPhase.Deposited ? 12_000.Yen() : Yen.Zero);
        rung.Count.ShouldBe(callbacks);
    }

    [Theory, BothEngines]
    public async Task The_machine_gives_back_what_it_cannot_take(Engine engine)
    {
        await using var outdoors = await Outdoors.Open(engine);
        var atm = outdoors.Sandbox.Atm;
        var ticket = await Expect(outdoors, 10_000);

        foreach (var yen in new long[] { 0, -1_000, 500, 1_500, 2_001_000 })
            (await atm.PutNotes(ticket.CustomerNumber, yen.Yen(), Ct)).ShouldBe(AtmTaking.NotesOnly);
        (await atm.PutNotes("0", 1_000.Yen(), Ct)).ShouldBe(AtmTaking.UnknownNumber);
        (await atm.PutNotes(ticket.CustomerNumber, 1_000.Yen(), Ct)).ShouldBe(AtmTaking.Taken);
        (await atm.PutNotes(ticket.CustomerNumber, 1_000.Yen(), Ct)).ShouldBe(AtmTaking.Used);

        (await atm.Deposited(Ct)).ShouldBe(1_000.Yen());
    }

    [Theory, BothEngines]
    public async Task A_number_that_was_said_to_have_lapsed_takes_no_notes_even_by_a_slower_clock(Engine engine)
    {
        await using var outdoors = await Outdoors.Open(engine);
        var ticket = await Expect(outdoors, 10_000);
        outdoors.Clock.Move(TimeSpan.FromMinutes(31));
        (await outdoors.Sandbox.Atm.Ask(ticket.RequestId, Ct))!.Phase.ShouldBe(AtmPhase.Lapsed);

        outdoors.Clock.Move(TimeSpan.FromMinutes(-5));

        (await outdoors.Sandbox.Atm.PutNotes(ticket.CustomerNumber, 10_000.Yen(), Ct)).ShouldBe(AtmTaking.Lapsed);
    }

    [Theory, BothEngines]
    public async Task One_number_at_twenty_machines_at_once_takes_notes_once(Engine engine)
    {
        await using var outdoors = await Outdoors.Open(engine);
        var ticket = await Expect(outdoors, 10_000);

        var takings = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            Task.Run(() => outdoors.Sandbox.Atm.PutNotes(ticket.CustomerNumber, 10_000.Yen(), Ct))));

        takings.Count(t => t == AtmTaking.Taken).ShouldBe(1);
        (await outdoors.Sandbox.Atm.Deposited(Ct)).ShouldBe(10_000.Yen());
    }

    [Theory, BothEngines]
    public async Task Expecting_again_answers_the_same_number(Engine engine)
    {
        await using var outdoors = await Outdoors.Open(engine);
        var expectation = new AtmExpectation(Id.New(outdoors.Clock), 10_000.Yen(), outdoors.Clock.GetUtcNow().AddMinutes(30));

        var first = await outdoors.Sandbox.Atm.Expect(expectation, Ct);
        var second = await outdoors.Restart().Sandbox.Atm.Expect(expectation, Ct);

        second.ShouldBe(first);
        (await outdoors.Sandbox.Atm.Ask(Id.New(outdoors.Clock), Ct)).ShouldBeNull();
    }

    static async Task<AtmTicket> Expect(Outdoors outdoors, long yen) =>
        (await outdoors.Sandbox.Atm.Expect(new AtmExpectation(Id.New(outdoors.Clock), yen.Yen(), outdoors.Clock.GetUtcNow()
            .AddMinutes(30)), Ct))!;
}
