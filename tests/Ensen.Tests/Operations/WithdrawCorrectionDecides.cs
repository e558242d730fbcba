using Ensen.Operations;
using Ensen.Staff;
using Ensen.Tests.Support;

namespace Ensen.Tests.Operations;

/// <summary>What <see cref="WithdrawCorrection"/> decides about a proposal, whoever made it.</summary>
public class WithdrawCorrectionDecides
{
    internal static RefusalTable<WithdrawCorrectionRefusal> Table { get; } = new("""
        refusal         says       proposal
        None            mistake    Waiting
        InvalidRequest  -          Waiting
        InvalidRequest  long       Posted
        InvalidRequest  two-lines  Withdrawn
        InvalidRequest  turned     Waiting
        InvalidRequest  -          -
        NotFound        mistake    -
        Posted          mistake    Posted
        Withdrawn       mistake    Withdrawn
        Forbidden       before     FourEyesTests.Whoever_has_not_the_role_or_was_dismissed_changes_nothing
        """);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var says = row.In("says");
        var reason = says.Say("long") ? new string('x', 201) : says.Say("two-lines") ? "one\ntwo"
            : says.Say("turned") ? "mis\u202etake" : string.Concat(says.Words);
        return WithdrawCorrection.Decide(
            new WithdrawCorrectionRequest(new ProposalId(Guid.CreateVersion7()), reason, default(OperatorId)),
            row.In("proposal").Words is [var state] ? Enum.Parse<ProposalState>(state) : null);
    });
}
