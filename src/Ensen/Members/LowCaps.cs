using System.Collections.Frozen;
using System.Data.Common;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>What brought low caps on.</summary>
public enum LowCapsCause
{
    /// <summary>The member signed in on a device that they had not used before.</summary>
    NewDevice = 1,

    /// <summary>Another telephone took the place of the registered one.</summary>
    TelephoneChanged = 2,

    /// <summary>The member had lost everything and came in again.</summary>
    Recovered = 3,
}

/// <summary>Low caps as they hold: why, and until when.</summary>
public sealed record LowCapsInForce(LowCapsCause Cause, DateTimeOffset Until);

/// <summary>
/// Caps what a member pays and sends low for a while (<see cref="LowCapRules"/>), after what a thief would do first. It is a restriction:
/// writers see it from its commit on, a thaw leaves it in force, and an operator who lifts it stands in the log.
/// </summary>
public sealed class LowCaps(Database db, Programme programme, TimeProvider clock)
{
    /// <summary>Why low caps of a new device were lifted before their time.</summary>
    const string ThrownOut = "the new device was thrown out";

    static readonly Decider s_rule = new(InitiatorKind.Job, "low caps");

    static readonly FrozenDictionary<LowCapsCause, string> s_reasons = new Dictionary<LowCapsCause, string>
    {
        [LowCapsCause.NewDevice] = "signed in on a new device",
        [LowCapsCause.TelephoneChanged] = "the registered telephone was changed",
        [LowCapsCause.Recovered] = "every way in was lost and is set up anew",
    }.ToFrozenDictionary();

    /// <summary>
    /// Begins them in the transaction of what brings them on. What is in force goes on to its own end: of several the last to end is told.
    /// </summary>
    public async Task Begin(DbTransaction tx, MemberId member, LowCapsCause cause)
    {
        var now = clock.Now();
        var until = now.AddHours(HoursOf(cause));
        if (until > now)
            await Begin(tx, member, cause, now, until);
    }

    async Task Begin(DbTransaction tx, MemberId member, LowCapsCause cause, DateTimeOffset now, DateTimeOffset until)
    {
        var inForce = await Restrictions.Hold(tx, db.Catalogue, member, now);
        if (!inForce.Any(r => r.Kind == RestrictionKind.LowCaps && r.Reason == s_reasons[cause] && r.Until >= until))
            await Restrictions.Add(tx, new Restriction(
                Id.New<RestrictionId>(now), member, RestrictionKind.LowCaps, s_reasons[cause], s_rule, now, until));
    }

    /// <summary>
    /// Ends those whose new device was thrown out, in the transaction that did it and took the member's turn before. They stay while
    /// anybody is signed in who came since they began: a second device of the same thief's, or the thief who threw the first one out.
    /// </summary>
    internal async Task EndWithDevices(DbTransaction tx, MemberId member)
    {
        var now = clock.Now();
        foreach (var low in await Restrictions.Of(tx.Connection!, db.Catalogue, member, now, tx))
            if (CauseOf(low) == LowCapsCause.NewDevice && !await Sessions.AnySince(tx, Subject.Member(member), low.From, now))
                await Restrictions.Lift(tx, low, new Lifting(now, s_rule, ThrownOut));
    }

    /// <summary>
    /// Whoever signs in on a known device before low caps would have been over finds them again, for what is left of their time: the device
    /// may be the one that was thrown out.
    /// </summary>
    internal async Task Resume(DbTransaction tx, MemberId member)
    {
        var now = clock.Now();
        var until = (await Restrictions.Lifted(tx, db.Catalogue, member, now))
            .Where(r => CauseOf(r) == LowCapsCause.NewDevice && r.Lifted!.Reason == ThrownOut).Max(r => r.Until);
        if (until is not null)
            await Begin(tx, member, LowCapsCause.NewDevice, now, until.Value);
    }

    /// <summary>What holds now; null when nothing does.</summary>
    public async Task<LowCapsInForce?> Find(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return Of(await Restrictions.Of(connection, db.Catalogue, member, clock.Now()));
    }

    /// <summary>The low caps among the restrictions that are in force: those that end last.</summary>
    public static LowCapsInForce? Of(IEnumerable<Restriction> inForce) =>
        inForce.Where(r => r.Kind == RestrictionKind.LowCaps).MaxBy(r => r.Until) is { Until: { } until } last
            ? new LowCapsInForce(CauseOf(last) ?? default, until) : null;

    /// <summary>What brought a restriction on; null where it is no low cap of the rule's.</summary>
    public static LowCapsCause? CauseOf(Restriction restriction) =>
        s_reasons.Where(r => restriction.Kind == RestrictionKind.LowCaps && r.Value == restriction.Reason)
            .Select(r => (LowCapsCause?)r.Key).FirstOrDefault();

    int HoursOf(LowCapsCause cause) => cause switch
    {
        LowCapsCause.NewDevice => programme.Membership.NewDeviceHours,
        LowCapsCause.TelephoneChanged or LowCapsCause.Recovered => programme.Membership.TelephoneChangeHours,
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, null),
    };
}
