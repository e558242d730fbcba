using Ensen.Basics;
using Ensen.Centres;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Tests.Support;

namespace Ensen.Tests.Centres;

/// <summary>What <see cref="CancelPoints"/> decides on 1 June 2026 about an award of ten points.</summary>
public class CancelPointsDecides
{
    internal static RefusalTable<CancelPointsRefusal> Table { get; } = new("""
        refusal        booked                  member
        None           20260601                -
        None           20250601                frozen
        NotFound       before  PointTillTests.Another_centres_receipt_is_not_found
        KeyReused      before  PointTillTests.A_cancelled_award_takes_back_what_is_there_and_keeps_the_rest_from_the_money
        NotRefundable  20250531                left
        NotRefundable  20260601 corrected      left
        NotRefundable  20260601 legs-are-away  left
        MemberLeft     20260601                left
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 23, 59, 59, TimeSpan.FromHours(9));
    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    static readonly CentreId s_centre = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));
    static readonly PointTillId s_till = new(Guid.Parse("00000000-0000-7000-8000-000000000003"));
    static readonly EntryId s_entry = new(Guid.Parse("00000000-0000-7000-8000-000000000004"));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var booked = row.In("booked");
        var at = JapanDay.FromNumber((int)booked.Amount).Start.ToUnixTimeMilliseconds();
        var state = new AccountState();
        DecisionCase.Restrict(state.Open(s_member), row.In("member"));
        if (booked.Say("corrected"))
            state.Load(new SingleUse(SingleUseKind.EntryCorrected, s_entry));
        var award = new AwardRow(s_entry, s_centre, s_till, s_member, "r", at, 1_100.Yen(), 10.Points(), 10.Points(), ShownVia.MemberNumber);

        return CancelPoints.Decide(new CancelRequest(s_centre, s_till, "r", []), new PointReceipt("r", award, null, null),
            booked.Say("legs-are-away") ? [] : [new Lot(LotKind.Basic, 20280331).LegOf(s_member, 10.Points())], [], state, new EntryId(Guid.CreateVersion7()), s_now,
            new Programme(), PointUseTable.Empty).Answer.Refusal;
    });
}
