using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Tests.Wallet;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A charge looked at what is held and at what is on its way, a transfer only at what is held: together they passed the balance cap.
/// </summary>
public class MoneyOnItsWayDidNotCount
{
    [Theory, BothEngines]
    public async Task A_transfer_counts_the_charge_that_has_not_arrived(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        var sender = Id.New<MemberId>(teller.Clock);
        await teller.Deposit.Run(teller.Member, 960_000.Yen(), Teller.Ct);
        await teller.Deposit.Run(sender, 100_000.Yen(), Teller.Ct);
        await teller.FaultMode(Gateway.Bank, FaultMode.LateAccept);
        (await teller.Run(ChargeSource.Bank, 40_000)).Value!.State.ShouldBe(ChargeState.Requested);

        (await teller.Run(ChargeSource.Bank, 40_000)).Refusal.ShouldBe(ChargeRefusal.OverLimit);
        (await Send(teller, sender, 40_000)).Refusal.ShouldBe(TransferRefusal.OverLimit);

        await teller.Pass(TimeSpan.FromMinutes(10));
        (await teller.Balance(AccountType.Money)).ShouldBe(1_000_000);
    }

    [Theory, BothEngines]
    public async Task Charges_and_transfers_of_two_nodes_at_once_never_pass_the_cap(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        await using var other = teller.Restart();
        var senders = Enumerable.Range(0, 20).Select(_ => Id.New<MemberId>(teller.Clock)).ToArray();
        await teller.Deposit.Run(teller.Member, 900_000.Yen(), Teller.Ct);
        foreach (var sender in senders)
            await teller.Deposit.Run(sender, 20_000.Yen(), Teller.Ct);
        await teller.FaultMode(Gateway.Bank, FaultMode.LateAccept, times: 20);

        var charges = senders.Select((_, i) => (i % 2 == 0 ? teller : other).Run(ChargeSource.Bank, 9_000));
        var transfers = senders.Select((sender, i) => Send(i % 2 == 0 ? other : teller, sender, 9_000));
        var (charged, sent) = (Task.WhenAll(charges), Task.WhenAll(transfers));
        var accepted = (await charged).Count(a => a.Accepted) + (await sent).Count(a => a.Accepted);

        accepted.ShouldBe(11, "as many as there is room for, and not one more");
        await teller.Pass(TimeSpan.FromMinutes(10));
        (await teller.Balance(AccountType.Money)).ShouldBe(999_000);
    }

    // What a store gives back was the member's before: no cap stands in its way.
    [Theory, BothEngines]
    public async Task A_refund_comes_back_whatever_is_held_and_on_its_way(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren, cafe) = (await town.Member("Aoi").With(1_000_000.Yen()), await town.Member("Ren").With(50_000.Yen()),
            await town.Store("Café Loop"));
        var paid = await town.Paid(aoi, cafe, 50_000.Yen());
        (await town.Send(ren, aoi, 50_000.Yen())).Accepted.ShouldBeTrue();

        (await town.Refund(paid.PaymentId, cafe, 50_000.Yen())).Accepted.ShouldBeTrue();

        (await town.Wallet(aoi)).Balance.ShouldBe(1_050_000.Yen());
    }

    static Task<Answer<Transferred, TransferRefusal>> Send(Teller teller, MemberId from, long yen) =>
        new Transfer(teller.Db, teller.Ledger, teller.Programme, teller.Clock).Run(new TransferRequest(
            new Payer(from, true), new Payer(teller.Member, true), yen.Yen(), null, Initiator.Member(from), [
                IdempotencyKey.Of(from, Guid.NewGuid().ToString(), yen)]), Teller.Ct);
}
