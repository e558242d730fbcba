using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Sandbox;

/// <summary>
/// Money for a member that the sandbox made: it comes from the bank as any charge does, but outside the caps of charging.
/// </summary>
public sealed class SandboxDeposit(Charge charge, Programme programme, TimeProvider clock)
{
    public async Task<Answer<Charged, ChargeRefusal>> Run(MemberId memberId, Yen amount, CancellationToken ct = default)
    {
        if (!Movement.IsAmount(amount.Value) || amount.Value > programme.BalanceCap)
            return ChargeRefusal.InvalidAmount;
        // Each gift is one of its own. No key of a member's can be the same: none has a line break.
        var once = IdempotencyKey.Of(memberId, "gift\n" + Id.Bare(Id.New(clock)), amount.Value);
        return await charge.Run(new ChargeRequest(new Payer(memberId, Verified: true), ChargeSource.Bank, amount, once), isGift: true, ct);
    }
}
