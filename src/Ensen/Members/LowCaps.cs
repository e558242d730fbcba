using System.Collections.Frozen;
using System.Data.Common;
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
        if (until <= now)
            return;
        var inForce = await Restrictions.Hold(tx, db.Catalogue, member, now);
        if (!inForce.Any(r => r.Kind == RestrictionKind.LowCaps && r.Reason == s_reasons[cause] && r.Until >= until))
            await Restrictions.Add(tx, new Restriction(
                Id.New<RestrictionId>(now), member, RestrictionKind.LowCaps, s_reasons[cause], s_rule, now, until));
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
