using Ensen.Operations;
using Ensen.Tests.Support;

namespace Ensen.Tests.Operations;

/// <summary>What <see cref="LookUpMembers"/> decides about an operator who wants to see a member.</summary>
public class LookUpMembersDecides
{
    internal static RefusalTable<LookUpMembersRefusal> Table { get; } = new("""
        refusal         says       sought   member
        None            asked      sought   there
        InvalidRequest  -          sought   there
        InvalidRequest  -          nothing  missing
        InvalidRequest  long       sought   there
        InvalidRequest  two-lines  sought   there
        InvalidRequest  asked      nothing  there
        NotFound        asked      sought   missing
        Forbidden       before     LookUpMembersTests.Who_may_not_sees_nobody_and_leaves_no_row
        """);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var says = row.In("says");
        var reason = says.Say("long") ? new string('x', 201) : says.Say("two-lines") ? "one\ntwo" : string.Concat(says.Words);
        return LookUpMembers.Decide(reason, row.In("sought").Say("sought"), row.In("member").Say("there"));
    });
}
