using Ensen.Access;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

/// <summary>What <see cref="ChangeFactors"/> decides about an authenticator that is to be set up, by its code and the member's proof.</summary>
public class ChangeFactorsDecides
{
    internal static RefusalTable<ChangeFactorsRefusal> Table { get; } = new("""
        refusal         code   proof   goes
        None            right  proven  -
        WrongCode       wrong  proven  -
        WrongCode       wrong  none    the-last
        NotDetachable   right  proven  the-last
        NotDetachable   right  none    the-last
        StepUpRequired  right  none    -
        """);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
        ChangeFactors.Decide(row.In("code").Say("right"), !row.In("goes").Say("the-last"), row.In("proof").Say("proven")));
}
