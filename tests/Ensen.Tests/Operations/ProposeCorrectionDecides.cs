using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Staff;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Operations;

/// <summary>
/// What <see cref="ProposeCorrection"/> decides: yen and points that go from the member to suspense and breakage, or to a stranger.
/// </summary>
public class ProposeCorrectionDecides
{
    internal static RefusalTable<ProposeCorrectionRefusal> Table { get; } = new("""
        refusal         says               entry    moves
        None            charged-twice      there    yen:500
        None            charged-twice      there    yen:500 points:20
        InvalidRequest  -                  there    yen:500
        InvalidRequest  long               there    yen:500
        InvalidRequest  two-lines          there    yen:500
        NotFound        charged-twice      missing  yen:500
        NotAParty       charged-twice      there    yen:500 stranger
        Unbalanced      charged-twice      there    yen:500 over:1
        Unbalanced      charged-twice      there    yen:0
        Unbalanced      charged-twice      there    -
        Unbalanced      charged-twice      there    yen:9000000000000000000
        Forbidden       before             FourEyesTests.Whoever_has_not_the_role_or_was_dismissed_changes_nothing
        """);

    static readonly Guid s_member = Guid.Parse("00000000-0000-7000-8000-000000000009");
    static readonly Guid s_stranger = Guid.Parse("00000000-0000-7000-8000-00000000000c");

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var (says, moves) = (row.In("says"), row.In("moves"));
        var legs = new List<Leg>();
        if (moves.Named("yen") is { } yen)
        {
            legs.Add(new Leg(s_member, AccountType.Money, 0, -yen));
            legs.Add(new Leg(moves.Say("stranger") ? s_stranger : Chart.Operator, AccountType.Suspense, 0, yen
                + (moves.Named("over") ?? 0)));
        }
        if (moves.Named("points") is { } points)
        {
            legs.Add(new Lot(LotKind.Basic, 20270331).LegOf(s_member, new PointAmount(-points)));
            legs.Add(Leg.Of(Chart.Operator, AccountType.Breakage, new PointAmount(points)));
        }
        var reason = says.Say("long") ? new string('x', 201) : says.Say("two-lines") ? "one\ntwo" : string.Concat(says.Words);
        return ProposeCorrection.Decide(
            new ProposeCorrectionRequest(new EntryId(Guid.CreateVersion7()), reason, default(OperatorId), legs),
            row.In("entry").Say("there") ? [s_member, Chart.Operator] : null, []);
    });
}
