using Ensen.Access;
using Ensen.Basics;
using Ensen.Centres;
using Ensen.Codes;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Centres;

/// <summary>What <see cref="SpendPoints"/> decides on 1 June 2026.</summary>
public class SpendPointsDecides
{
    internal static RefusalTable<SpendRefusal> Table { get; } = new("""
        refusal             holds                member       limits       happened  asks
        None                50pt@20260601        -            -            -         50
        None                500000pt@20260601    -            -            -         500000
        None                50pt@20260601        -            day:499950   -         50
        InvalidAmount       before               PointTillTests.What_is_no_award_is_refused_and_moves_nothing
        InvalidRequest      before               PointTillTests.What_is_no_award_is_refused_and_moves_nothing
        InvalidCode         before               PointTillTests.What_is_no_award_is_refused_and_moves_nothing
        CodeExpired         before               PointTillTests.A_code_that_lapsed_earns_and_spends_nothing
        TooManyRequests     before               PointTillTests.After_twenty_misses_a_point_till_waits
        NotEligible         before               PointTillTests.The_members_number_earns_and_never_spends
        KeyReused           before               PointTillTests.A_spending_takes_points_once_and_owes_the_centre
        OrderConflict       before               PointTillTests.A_spending_takes_points_once_and_owes_the_centre
        MemberLeft          -                    left frozen  day:500000   code      50
        Frozen              -                    frozen       day:500000   code      50
        CodeUsed            -                    -            day:500000   code      50
        InsufficientPoints  -                    -            day:500000   -         50
        InsufficientPoints  49pt@20260601        -            -            -         50
        InsufficientPoints  50pt@20260531        -            -            -         50
        InsufficientPoints  500000pt@20260601    -            -            -         500001
        OverLimit           50pt@20260601        -            day:500000   -         50
        OverLimit           500001pt@20260601    -            -            -         500001
        OverLimit           10001pt@20260601     low          -            -         10001
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 9, 0, 0, TimeSpan.FromHours(9));
    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    static readonly CentreId s_centre = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));
    static readonly Guid s_code = Guid.Parse("00000000-0000-7000-8000-000000000003");

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var state = new AccountState();
        var member = state.Open(s_member);
        foreach (var (lot, points) in row.In("holds").Lots)
            member.Load(lot.AccountType, lot.Term, points.Value);
        member.Load(DecisionCase.Used(s_member, LimitKind.Pay, row.In("limits"), s_now));
        DecisionCase.Restrict(member, row.In("member"));
        if (row.In("happened").Say("code"))
            state.Load(new SingleUse(SingleUseKind.CodeUsed, s_code));

        return SpendPoints.Decide(
            new SpendRequest(s_centre, new PointTillId(Guid.CreateVersion7()), "-", row.In("asks").Amount.Points(), "r", []),
            new Payer(s_member, true), new ShownCodeRow(s_code, s_member, new SessionId(Guid.CreateVersion7()), 0.Points(), 0, 0), state,
            new EntryId(Guid.CreateVersion7()), s_now, new Programme(), PointUseTable.Empty).Answer.Refusal;
    });
}
