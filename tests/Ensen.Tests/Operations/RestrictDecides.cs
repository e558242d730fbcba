using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Tests.Support;

namespace Ensen.Tests.Operations;

/// <summary>
/// What <see cref="Restrict"/> decides about a member whom Suzuki wants frozen because of a theft, at midnight of 1 June 2026.
/// </summary>
public class RestrictDecides
{
    internal static RefusalTable<RestrictRefusal> Table { get; } = new("""
        refusal         says       until    member   in force
        None            theft      -        there    -
        None            theft      later    there    -
        None            theft      -        there    by-Ito
        None            theft      -        there    for-fraud
        InvalidRequest  -          past     missing  the-same
        InvalidRequest  anonymous  -        there    -
        InvalidRequest  long       -        there    -
        InvalidRequest  two-lines  -        there    -
        InvalidUntil    theft      past     missing  the-same
        InvalidUntil    theft      now      there    -
        NotFound        theft      -        missing  the-same
        Restricted      theft      -        there    the-same
        Restricted      theft      later    there    the-same by-Ito
        Forbidden       before     FourEyesTests.Whoever_has_not_the_role_or_was_dismissed_changes_nothing
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 0, 0, 0, TimeSpan.FromHours(9));
    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000009"));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var (says, until, inForce) = (row.In("says"), row.In("until"), row.In("in force"));
        var reason = says.Say("long") ? new string('x', 201) : says.Say("two-lines") ? "one\ntwo" : string.Concat(says.Words);
        var others = new List<Restriction>();
        if (inForce.Say("the-same"))
            others.Add(Of("Suzuki", "theft"));
        if (inForce.Say("by-Ito"))
            others.Add(Of("Ito", "theft"));
        if (inForce.Say("for-fraud"))
            others.Add(Of("Suzuki", "fraud"));
        return Restrict.Decide(
            new RestrictRequest(s_member, RestrictionKind.Frozen, reason, Decider.Operator(says.Say("anonymous") ? " " : "Suzuki "),
                until.Say("past") ? s_now.AddMilliseconds(-1)
                    : until.Say("now") ? s_now
                    : until.Say("later") ? s_now.AddMilliseconds(1)
                    : null),
            row.In("member").Say("there"), others, s_now);
    });

    static Restriction Of(string by, string reason) =>
        new(new RestrictionId(Guid.CreateVersion7()), s_member, RestrictionKind.Frozen, reason, Decider.Operator(by), s_now.AddDays(-1), null);
}
