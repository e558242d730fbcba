using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>A member's own caps on paying; null: as much as the programme allows.</summary>
public sealed record OwnCaps(Yen? PerPayment, Yen? PerDay, Yen? PerMonth)
{
    /// <summary>As much as the programme allows, whatever that comes to be.</summary>
    public static OwnCaps None { get; } = new(null, null, null);
}

/// <summary>Caps that wait, and when they begin to hold.</summary>
public sealed record CapsAhead(Caps Caps, DateTimeOffset From);

/// <summary>What holds for a member's payments now, the programme's caps included, and what is to hold instead.</summary>
public sealed record CapsInForce(Caps Caps, CapsAhead? Ahead);

/// <summary>The caps that a member wants.</summary>
public sealed record OwnCapsRequest(Payer Member, OwnCaps Caps, StepUpProof Proof);

/// <summary>Why caps stay as they are.</summary>
public enum ChangeOwnCapsRefusal
{
    None = 0,

    /// <summary>A cap is no amount that can be paid.</summary>
    InvalidAmount = 1,

    /// <summary>A cap is above the programme's.</summary>
    OverLimit = 2,

    /// <summary>One is higher than what holds: the member has to prove who they are.</summary>
    StepUpRequired = 3,
}

/// <summary>
/// Changes a member's own caps. What is lower holds at once, for every payment that is committed from then on. What is higher needs a proof
/// of the person and waits (<see cref="PaymentRules.RaiseHours"/>): until then the caps stay, the member is told by mail, and whatever is
/// asked for anew takes the place of what waits. So the caps that hold, asked for once more, cancel it.
/// </summary>
public sealed class ChangeOwnCaps(
    Database db, StepUp stepUp, MemberDirectory members, Outbox outbox, Programme programme, TimeProvider clock)
{
    /// <summary>What a challenge says that is to raise caps.</summary>
    public static StepUpPurpose Purpose { get; } = new("limits", lasts: true);

    public async Task<CapsInForce> Read(Payer member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return Of(await SpendingLimits.Find(connection, member.MemberId, LimitKind.Pay), CapsOf(member, programme), clock.Now());
    }

    public async Task<Answer<CapsInForce, ChangeOwnCapsRefusal>> Run(OwnCapsRequest request, CancellationToken ct = default)
    {
        var member = request.Member;
        var told = await members.Find(member.MemberId, ct);
        var (refusal, after, raised) = await db.Transact(async tx =>
        {
            var limit = await SpendingLimits.Hold(tx, member.MemberId, LimitKind.Pay);
            var now = clock.Now();
            var decided = Decide(request, limit, isProven: false, now, programme, out var changed);
            if (decided == ChangeOwnCapsRefusal.StepUpRequired && await stepUp.Take(tx, request.Proof, Purpose))
                decided = Decide(request, limit, isProven: true, now, programme, out changed);
            if (decided != ChangeOwnCapsRefusal.None)
                return (decided, Of(limit, CapsOf(member, programme), now), false);
            if (!await SpendingLimits.Keep(tx, changed))
                throw new InvalidOperationException("A spending limit that is held was changed by somebody else.");
            var raises = changed.Raised is not null && changed.Raised != limit.Raised;
            if (raises && told is not null && Notice.Of(NoticeKind.CapsRaised, told, at: changed.Raised!.From) is { } notice)
                await notice.Add(outbox, tx, Id.New(now));
            return (decided, Of(changed, CapsOf(member, programme), now), raises);
        }, ct);
        if (refusal != ChangeOwnCapsRefusal.None)
            return refusal;
        db.Notifications.Raise(Topics.OfMember(member.MemberId));
        if (raised)
            outbox.Wake();
        return after;
    }

    /// <summary>Checks in the order of the refusals, then the limit as it shall be: what holds at once, and what waits.</summary>
    internal static ChangeOwnCapsRefusal Decide(
        OwnCapsRequest request, SpendingLimit limit, bool isProven, DateTimeOffset now, Programme programme, out SpendingLimit after)
    {
        var caps = CapsOf(request.Member, programme);
        var own = limit.At(now);
        Wish[] wishes =
        [
            new(request.Caps.PerPayment?.Value, own.PerMovement, caps.PerPayment),
            new(request.Caps.PerDay?.Value, own.PerDay, caps.PerDay),
            new(request.Caps.PerMonth?.Value, own.PerMonth, caps.PerMonth),
        ];

        after = limit;
        if (Array.Exists(wishes, w => w.Asked is { } yen && !Movement.IsAmount(yen))) return ChangeOwnCapsRefusal.InvalidAmount;
        if (Array.Exists(wishes, w => w.Asked > w.Programme)) return ChangeOwnCapsRefusal.OverLimit;
        var raised = new RaisedCaps(wishes[0].Wanted, wishes[1].Wanted, wishes[2].Wanted, now.AddHours(programme.Payments.RaiseHours));
        // The same request once more, also without a proof: it goes on waiting, and no longer than it had to.
        var waits = own.Raised is { } waiting && raised with { From = waiting.From } == waiting;
        var raises = Array.Exists(wishes, w => w.IsHigher);
        if (raises && !isProven && !waits) return ChangeOwnCapsRefusal.StepUpRequired;

        // From here nothing may fail.
        after = waits ? own : own with
        {
            PerMovement = wishes[0].AtOnce,
            PerDay = wishes[1].AtOnce,
            PerMonth = wishes[2].AtOnce,
            Raised = raises ? raised : null,
        };
        return ChangeOwnCapsRefusal.None;
    }

    static CapsInForce Of(SpendingLimit limit, Caps programme, DateTimeOffset now)
    {
        var own = limit.At(now);
        return new CapsInForce(Under(programme, own.PerMovement, own.PerDay, own.PerMonth), own.Raised is { } raised
            ? new CapsAhead(Under(programme, raised.PerMovement, raised.PerDay, raised.PerMonth), raised.From) : null);
    }

    static Caps Under(Caps programme, long? perPayment, long? perDay, long? perMonth) => new(
        Math.Min(programme.PerPayment, perPayment ?? long.MaxValue), Math.Min(programme.PerDay, perDay ?? long.MaxValue),
        Math.Min(programme.PerMonth, perMonth ?? long.MaxValue));

    static Caps CapsOf(Payer member, Programme programme) => member.Caps(programme);

    /// <summary>One cap as it was asked for, as it is, and the programme's, above which no own cap says anything.</summary>
    readonly record struct Wish(long? Asked, long? Own, long Programme)
    {
        long Before => Math.Min(Own ?? long.MaxValue, Programme);
        long After => Math.Min(Asked ?? long.MaxValue, Programme);

        public bool IsHigher => After > Before;

        /// <summary>As much as the programme allows is no cap of one's own; and what says the same is left as it is.</summary>
        public long? Wanted => After == Before ? Own : After == Programme ? null : After;

        public long? AtOnce => IsHigher ? Own : Wanted;
    }
}
