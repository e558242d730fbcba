using Ensen.Basics;
using Ensen.Centres;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Tests.Support;

namespace Ensen.Tests.Centres;

/// <summary>What <see cref="AwardPoints"/> decides on 1 June 2026 about a purchase of 1,100 yen.</summary>
public class AwardPointsDecides
{
    internal static RefusalTable<AwardRefusal> Table { get; } = new("""
        refusal          member       shows
        None             -            number
        None             frozen       number
        None             frozen       card
        None             -            code
        InvalidAmount    before       PointTillTests.What_is_no_award_is_refused_and_moves_nothing
        InvalidAmount    before       PointTillTests.A_purchase_of_more_than_the_most_is_a_slip_and_earns_nothing
        InvalidRequest   before       PointTillTests.What_is_no_award_is_refused_and_moves_nothing
        InvalidCode      before       PointTillTests.What_is_no_award_is_refused_and_moves_nothing
        CodeExpired      before       PointTillTests.A_code_that_lapsed_earns_and_spends_nothing
        TooManyRequests  before       PointTillTests.After_twenty_misses_a_point_till_waits
        KeyReused        before       PointTillTests.The_same_receipt_is_the_same_award_and_other_content_is_refused
        OrderConflict    before       PointTillTests.The_same_receipt_is_the_same_award_and_other_content_is_refused
        MemberLeft       left frozen  code
        MemberLeft       left         number
        Frozen           frozen       code
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 9, 0, 0, TimeSpan.FromHours(9));
    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    static readonly CentreId s_centre = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var state = new AccountState();
        DecisionCase.Restrict(state.Open(s_member), row.In("member"));
        var via = row.In("shows").Say("code") ? ShownVia.ShownCode : row.In("shows").Say("card") ? ShownVia.PointCard
            : ShownVia.MemberNumber;

        return AwardPoints.Decide(
            new AwardRequest(s_centre, new PointTillId(Guid.CreateVersion7()), "-", 1_100.Yen(), "r", []), new Shown(s_member, via), state,
            new EntryId(Guid.CreateVersion7()), s_now, new Programme(), PointUseTable.Empty, []).Answer.Refusal;
    });
}
