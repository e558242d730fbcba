using Ensen.Operations;
using Ensen.Tests.Support;

namespace Ensen.Tests.Operations;

/// <summary>What <see cref="WithdrawCorrection"/> decides about a proposal, whoever made it.</summary>
public class WithdrawCorrectionDecides
{
    internal static RefusalTable<WithdrawCorrectionRefusal> Table { get; } = new("""
        refusal         says       proposal
        None            mistake    Waiting
        InvalidRequest  -          Waiting
        InvalidRequest  anonymous  Waiting
        InvalidRequest  long       Posted
        InvalidRequest  two-lines  Withdrawn
        InvalidRequest  turned     Waiting
        InvalidRequest  -          -
        NotFound        mistake    -
        Posted          mistake    Posted
        Withdrawn       mistake    Withdrawn
        """);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var says = row.In("says");
        var reason = says.Say("long") ? new string('x', 201) : says.Say("two-lines") ? "one\ntwo"
            : says.Say("turned") ? "mis\u202etake" : string.Concat(says.Words);
        return WithdrawCorrection.Decide(
            new WithdrawCorrectionRequest(new ProposalId(Guid.CreateVersion7()), reason, says.Say("anonymous") ? " " : "Suzuki"),
            row.In("proposal").Words is [var state] ? Enum.Parse<ProposalState>(state) : null);
    });
}
