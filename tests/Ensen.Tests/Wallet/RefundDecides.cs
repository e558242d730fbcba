using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>What <see cref="Refund"/> decides on 1 June 2026 about a payment of 1,000 yen.</summary>
public class RefundDecides
{
    internal static RefusalTable<RefundRefusal> Table { get; } = new("""
        refusal         paid                    refunded  asks
        None            20260601                -         1000
        None            20260601                999       1
        None            20250601                -         1000
        None            20260601                -         500 capped
        None            20260601                -         300 capped used
        None            20260601                -         300 capped yesterday
        InvalidAmount   before                  RefundTests.What_cannot_be_refunded_is_refused
        NotFound        before                  RefundTests.What_cannot_be_refunded_is_refused
        KeyReused       before                  RefundTests.The_same_key_refunds_once_and_another_amount_under_it_not_at_all
        NotRefundable   20260601                -         1001
        NotRefundable   20260601                1         1000
        NotRefundable   20260601                1000      1
        NotRefundable   20250531                -         1000
        NotRefundable   20260601 corrected      -         1000
        NotRefundable   20260601 legs-are-away  -         1000
        InvalidRequest  before                  WordsThatPeopleWrite.A_reason_is_kept_whole_or_refused
        MemberLeft      20260601 left           -         1000
        MemberLeft      20260601 left frozen    999       1
        OverLimit       20260601                -         501 capped
        OverLimit       20260601                -         301 capped used
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 23, 59, 59, TimeSpan.FromHours(9));
    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    static readonly Guid s_clerk = Guid.Parse("00000000-0000-7000-8000-000000000004");
    static readonly StoreId s_store = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));
    static readonly PaymentId s_payment = new(Guid.Parse("00000000-0000-7000-8000-000000000003"));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var (paid, asks, refunded) = (row.In("paid"), row.In("asks").Amount, row.In("refunded").Amount);
        var paidAt = JapanDay.FromNumber((int)paid.Amount).Start;
        var past = new Refund.Past(
            new PaymentRow(s_payment, s_member, s_store, paidAt.ToUnixTimeMilliseconds(), 1_000.Yen(), 0.Points(), 0.Points(), PayWay.Tag, null, null),
            paid.Say("legs-are-away") ? [] : [Leg.Of(s_member, AccountType.Money, -1_000.Yen())],
            new RefundTotal(refunded > 0 ? 1 : 0, refunded.Yen(), refunded.Yen(), 0.Points(), 0.Points()));
        var state = new AccountState();
        DecisionCase.Restrict(state.Open(s_member), paid);
        if (paid.Say("corrected"))
            state.Load(past.Corrected);

        var capped = row.In("asks").Say("capped");
        if (capped)
            state.OpenCounter(s_clerk).Load(SpendingLimit.Fresh(s_clerk, LimitKind.StaffRefund)
                .Use(row.In("asks").Say("used") || row.In("asks").Say("yesterday") ? 500 : 0,
                    row.In("asks").Say("yesterday") ? JapanDay.Of(s_now).Previous : JapanDay.Of(s_now)));

        return Refund.Decide(new RefundRequest(s_payment, [s_store], asks.Yen(), null, Initiator.Till(s_store), [],
            capped ? new RefundCap(s_clerk, 500.Yen(), 800.Yen()) : null), past, state,
            new RefundId(Guid.CreateVersion7()), s_now, new Programme(), PointUseTable.Empty)
            .Answer.Refusal;
    });
}
