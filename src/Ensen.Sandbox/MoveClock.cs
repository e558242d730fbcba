using Ensen.AutoCharges;
using Ensen.Basics;
using Ensen.Compliance;
using Ensen.CreditCards;
using Ensen.Identity;
using Ensen.Links;
using Ensen.Operations;
using Ensen.Settlement;
using Ensen.Storage;
using Ensen.Transit;

namespace Ensen.Sandbox;

/// <summary>The sandbox's time.</summary>
public sealed record ClockTime(DateTimeOffset Now);

/// <summary>Why the clock does not move.</summary>
public enum MoveClockRefusal
{
    None = 0,

    /// <summary>Backwards, further than ten years, or beyond the end of the calendar.</summary>
    InvalidRequest = 1,
}

/// <summary>Moves the sandbox's clock forward and answers when everything that fell due has run.</summary>
public sealed class MoveClock(Database db, MovableClock clock, Outbox outbox, CloseDays days, LapseVerifications? verifications = null,
    PostRidePoints? rides = null, LapseTransitCards? cards = null, PostCreditCardPoints? purchases = null,
    CloseSettlements? settlements = null, PayOutFileWork? payOuts = null, ReturnLink? links = null, CloseClaims? claims = null,
    ChargeByItself? auto = null)
{
    static readonly TimeSpan Most = TimeSpan.FromDays(3_660);

    public ClockTime Now => new(clock.GetUtcNow());

    public async Task<Answer<ClockTime, MoveClockRefusal>> Run(TimeSpan by, CancellationToken ct = default)
    {
        if (by < TimeSpan.Zero || by > Most) return MoveClockRefusal.InvalidRequest;
        if (by > TimeSpan.Zero && by >= MovableClock.Latest - clock.GetUtcNow()) return MoveClockRefusal.InvalidRequest;
        await outbox.RunDue(ct);
        await clock.Move(db, by, ct);
        await outbox.RunDue(ct);
        await days.Run(ct);
        if (verifications is not null)
            await verifications.Run(ct);
        if (rides is not null)
            await rides.Run(ct);
        if (cards is not null)
            await cards.Run(ct);
        if (purchases is not null)
            await purchases.Run(ct);
        if (settlements is not null)
            await settlements.Run(ct);
        if (payOuts is not null)
            await payOuts.AskAgain(ct);
        if (links is not null)
            await links.Run(ct);
        if (claims is not null)
            await claims.Run(ct);
        if (auto is not null)
            await auto.Run(ct);
        await outbox.RunDue(ct);
        return Now;
    }
}
