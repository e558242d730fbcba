using Ensen.Ledger;
using Ensen.Operations;
using Ensen.Staff;
using Ensen.Tests.Support;

namespace Ensen.Tests.Operations;

/// <summary>What <see cref="LiftRestriction"/> decides when Ito wants a restriction lifted, at midnight of 1 June 2026.</summary>
public class LiftRestrictionDecides
{
    internal static RefusalTable<LiftRestrictionRefusal> Table { get; } = new("""
        refusal         says       restriction
        None            found      there
        None            found      there later
        InvalidRequest  -          missing
        InvalidRequest  long       there lifted
        InvalidRequest  two-lines  there
        InvalidRequest  turned     there
        NotFound        found      missing
        Ended           found      there lifted
        Ended           found      there lifted later
        Ended           found      there now
        Forbidden       before     FourEyesTests.Whoever_has_not_the_role_or_was_dismissed_changes_nothing
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 0, 0, 0, TimeSpan.FromHours(9));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var (says, words) = (row.In("says"), row.In("restriction"));
        var reason = says.Say("long") ? new string('x', 201) : says.Say("two-lines") ? "one\ntwo"
            : says.Say("turned") ? "found \u202eit" : string.Concat(says.Words);
        var restriction = new Restriction(
            new RestrictionId(Guid.CreateVersion7()), Guid.CreateVersion7(), RestrictionKind.Frozen, "theft",
            Decider.Operator("Suzuki"), s_now.AddDays(-2),
            words.Say("later") ? s_now.AddMilliseconds(1) : words.Say("now") ? s_now : null,
            words.Say("lifted") ? new Lifting(s_now.AddDays(-1), Decider.Operator("Ito"), "found") : null);
        return LiftRestriction.Decide(
            new LiftRestrictionRequest(restriction.Id, reason, default(OperatorId)), words.Say("there") ? restriction : null, s_now);
    });
}
