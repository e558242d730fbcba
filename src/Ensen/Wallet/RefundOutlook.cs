using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>
/// Says before anybody types a PIN what stands against a refund: nobody should try PINs for one that cannot be made anyway. It promises
/// nothing; the refund itself is decided by the ledger.
/// </summary>
public sealed class RefundOutlook(Database db, MemberDirectory directory, Programme programme, TimeProvider clock)
{
    /// <param name="cap">Whoever is to give it back, within which cap; null where that is not known.</param>
    /// <param name="key">A refund that was asked for with it before is answered by itself.</param>
    public async Task<RefundRefusal> Of(PaymentId id, IReadOnlyCollection<StoreId> stores, Yen amount, RefundCap? cap,
        IdempotencyKey? key = null, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        if (key is not null && await IdempotencyKeys.Find(connection, key) is not null) return RefundRefusal.None;
        if (!Movement.IsAmount(amount.Value)) return RefundRefusal.InvalidAmount;
        if (await Payments.Find(connection, id) is not { } payment || !stores.Contains(payment.StoreId)) return RefundRefusal.NotFound;
        var today = JapanDay.Of(clock.GetUtcNow());
        var hindered = Refund.Hindered(amount, payment, await Payments.RefundedOf(connection, id),
            await Statement.CorrectionOf(connection, id) is not null,
            (await Statement.Legs(connection, db.Catalogue, payment.MemberId, id)).Count == 0,
            await directory.Find(payment.MemberId, ct) is not { HasLeft: false }, today, programme);
        return hindered != RefundRefusal.None ? hindered
            : cap is not null && !cap.Allows(amount, await SpendingLimits.Find(connection, cap.Who, LimitKind.StaffRefund), today)
                ? RefundRefusal.OverLimit : RefundRefusal.None;
    }

    /// <summary>What somebody may still give back today, and their caps for one refund and for a day.</summary>
    public async Task<(Yen PerRefund, Yen PerDay, Yen Left)> Left(RefundCap cap, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return cap.Left(await SpendingLimits.Find(connection, cap.Who, LimitKind.StaffRefund), JapanDay.Of(clock.GetUtcNow()));
    }
}
