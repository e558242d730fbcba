using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Tests.Support;

namespace Ensen.Tests.Operations;

/// <summary>What <see cref="Thaw"/> decides about a wallet that its member, others, or nobody froze.</summary>
public class ThawDecides
{
    internal static RefusalTable<ThawRefusal> Table { get; } = new("""
        refusal         in force             proof
        None            -                    none
        None            by-the-member        proven
        None            by-the-member by-Ito  proven
        Frozen          by-Ito               none
        Frozen          by-Ito               proven
        Frozen          by-another-member    proven
        Frozen          by-a-rule            proven
        StepUpRequired  by-the-member        none
        StepUpRequired  by-the-member by-Ito  none
        """);

    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000009"));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var words = row.In("in force");
        var inForce = new List<Restriction>();
        if (words.Say("by-the-member"))
            inForce.Add(By(Thaw.Self(s_member)));
        if (words.Say("by-Ito"))
            inForce.Add(By(Decider.Operator("Ito")));
        if (words.Say("by-another-member"))
            inForce.Add(By(Thaw.Self(new MemberId(Guid.CreateVersion7()))));
        // A rule that calls itself as the member is called is not the member.
        if (words.Say("by-a-rule"))
            inForce.Add(By(Thaw.Self(s_member) with { Kind = InitiatorKind.Job }));
        return Thaw.Decide(s_member, inForce, row.In("proof").Say("proven"));
    });

    static Restriction By(Decider by) => new(
        new RestrictionId(Guid.CreateVersion7()), s_member, RestrictionKind.Frozen, "lost", by, DateTimeOffset.UnixEpoch, null);
}
