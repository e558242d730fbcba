using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>Money for a member that the sandbox made: it comes from the bank as any charge does, but outside the caps of charging.</summary>
public sealed class SandboxDeposit(Database db, Charge charge, Programme programme, TimeProvider clock)
{
    public async Task<Answer<Charged, ChargeRefusal>> Run(Guid memberId, Yen amount, CancellationToken ct = default)
    {
        if (!Movement.IsAmount(amount.Value) || amount.Value > programme.BalanceCap)
            return ChargeRefusal.InvalidAmount;
        var id = await db.Transact(async tx =>
        {
            var pending = await Charges.AddPending(tx, memberId, 0);
            var held = await Accounts.YenOf(tx.Connection!, memberId, tx);
            return held.Value + pending + amount.Value > programme.BalanceCap
                ? Guid.Empty
                : await charge.Place(tx, memberId, null, ChargeSource.Bank, Book.Money, amount, countsOn: 0, clock.GetUtcNow());
        }, ct);
        if (id == Guid.Empty)
            return ChargeRefusal.OverLimit;
        await charge.CarryOut(id);
        return await charge.Read(id, ct);
    }
}
