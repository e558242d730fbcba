using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

public class ChargeAtAtmTests
{
    [Theory]
    //           asked   notes    credited  suspense
    [BothEngines(10_000, 10_000, 10_000, 0)]
    [BothEngines(10_000, 3_000, 3_000, 0)]
    [BothEngines(10_000, 25_000, 25_000, 0)]
    [BothEngines(10_000, 60_000, 50_000, 10_000)]
    [BothEngines(50_000, 51_000, 50_000, 1_000)]
    [BothEngines(1_000, 2_000_000, 50_000, 1_950_000)]
    public async Task What_the_notes_are_worth_goes_to_the_member_up_to_the_limit_and_the_rest_to_suspense(
        Engine engine, long asked, long notes, long credited, long suspense)
    {
        await using var teller = await Teller.Open(engine);
        var charge = await teller.Run(ChargeSource.Atm, asked);
        charge.Value!.State.ShouldBe(ChargeState.Requested);
        charge.Value.Atm!.CompanyNumber.ShouldBe(SandboxAtm.CompanyNumber);

        (await teller.Sandbox.Atm.PutNotes(charge.Value.Atm.CustomerNumber, notes.Yen(), Teller.Ct)).ShouldBe(AtmTaking.Taken);

        (await teller.Balance(AccountType.Money)).ShouldBe(credited);
        (await teller.Balance(AccountType.Suspense, Chart.Operator)).ShouldBe(suspense);
        (await teller.LeftToday(LimitKind.ChargeAtm, 50_000)).ShouldBe(50_000 - credited);
        var now = await teller.Charge.Read(charge.Value.ChargeId, Teller.Ct);
        (now.State, now.Amount, now.Balance).ShouldBe((ChargeState.Completed, credited.Yen(), credited.Yen()));
    }

    [Theory]
    [BothEngines(FaultMode.Twice)]
    [BothEngines(FaultMode.LateAccept)]
    [BothEngines(FaultMode.TimeOutThenAccept)]
    [BothEngines(FaultMode.CallbackFirst)]
    public async Task Notes_are_booked_once_however_the_network_reports_them(Engine engine, FaultMode mood)
    {
        await using var teller = await Teller.Open(engine);
        var charge = await teller.Run(ChargeSource.Atm, 10_000);
        await teller.FaultMode(Gateway.Atm, mood);

        await teller.Sandbox.Atm.PutNotes(charge.Value!.Atm!.CustomerNumber, 10_000.Yen(), Teller.Ct);
        await teller.Pass(TimeSpan.FromMinutes(3));

        (await teller.Balance(AccountType.Money)).ShouldBe(10_000);
    }

    [Theory, BothEngines]
    public async Task Extra_notes_stop_at_the_balance_cap_and_at_what_other_charges_hold(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        await teller.Deposit.Run(teller.Member, 980_500.Yen(), Teller.Ct);
        await teller.FaultMode(Gateway.Card, FaultMode.TimeOutThenAccept);
        await teller.Run(ChargeSource.Card, 5_000);
        var charge = await teller.Run(ChargeSource.Atm, 10_000);

        await teller.Sandbox.Atm.PutNotes(charge.Value!.Atm!.CustomerNumber, 20_000.Yen(), Teller.Ct);
        await teller.Pass(TimeSpan.FromMinutes(1));

        (await teller.Balance(AccountType.Money)).ShouldBe(980_500 + 14_000);
        (await teller.Balance(AccountType.Suspense, Chart.Operator)).ShouldBe(6_000);
    }

    [Theory, BothEngines]
    public async Task An_announced_deposit_lapses_and_its_cap_is_free_again(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        var charge = await teller.Run(ChargeSource.Atm, 50_000);
        (await teller.Run(ChargeSource.Atm, 1_000)).Refusal.ShouldBe(ChargeRefusal.OverLimit);

        await teller.Pass(TimeSpan.FromMinutes(32));

        var row = await teller.Row(charge.Value!.ChargeId);
        (row.State, row.Reason).ShouldBe((ChargeState.Failed, "lapsed"));
        (await teller.Sandbox.Atm.PutNotes(charge.Value.Atm!.CustomerNumber, 1_000.Yen(), Teller.Ct)).ShouldBe(AtmTaking.Lapsed);
        (await teller.Run(ChargeSource.Atm, 50_000)).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Before_verification_notes_become_prepaid_value(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        var charge = await teller.Run(ChargeSource.Atm, 10_000, verified: false);

        await teller.Sandbox.Atm.PutNotes(charge.Value!.Atm!.CustomerNumber, 10_000.Yen(), Teller.Ct);

        (await teller.Balance(AccountType.Prepaid)).ShouldBe(10_000);
        (await teller.Balance(AccountType.Money)).ShouldBe(0);
    }
}
