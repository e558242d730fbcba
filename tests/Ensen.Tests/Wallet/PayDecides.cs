using Ensen.Basics;
using Ensen.Codes;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>
/// What <see cref="Pay"/> decides, on 1 June 2026. In the first row of each refusal everything that is looked at after it is wrong as well.
/// </summary>
public class PayDecides
{
    internal static RefusalTable<PayRefusal> Table { get; } = new("""
        refusal              payer       holds                        limits               happened         asks
        None                 verified    500000                       -                    -                500000
        None                 verified    1000 30pt@20260601           -                    -                1030 30pt
        None                 verified    400 prepaid:600              day:499000           -                1000
        None                 verified    970 30pt@20260601            -                    -                1000 most:50
        None                 verified    970 30pt@20260601/7          -                    -                1000 30pt
        None                 verified    970 30pt@20260601/0          -                    -                1000 30pt
        None                 verified    970 9pt@20260601/0 21pt@20260602  -               -                1000 30pt
        None                 verified    1000 30pt@20260601/8         -                    -                1000 most:30
        None                 unverified  prepaid:50000                -                    -                50000
        None                 verified    1000                         -                    order:1000       1000
        None                 verified    1000                         own:999 raised:1000 due  -            1000
        None                 verified    10000                        low day:20000        -                10000
        None                 verified    10000                        low sent:20000       -                10000
        InvalidAmount        before      BadAmountTests.What_is_no_amount_moves_nothing
        InvalidCode          before      CodesAndTagsTests.With_a_digit_changed_it_is_no_code
        NotFound             before      RightsTests.Ids_that_name_nothing_are_not_found_whatever_they_look_like
        CodeExpired          before      CodesAndTagsTests.A_code_dies_with_its_device
        TagRevoked           before      CodesAndTagsTests.A_plain_tag_that_was_revoked_pays_nobody
        Forbidden            before      CodesAndTagsTests.A_suspended_store_is_paid_in_no_way
        KeyReused            before      OnceTests.The_same_key_and_body_get_the_same_answer_and_another_body_none
        OrderConflict        verified    -                            frozen day:500000    order:900 code   1000 50pt code order
        Frozen               verified    -                            frozen day:500000    code             1000 50pt code order
        CodeUsed             verified    -                            day:500000           code             1000 50pt code order
        CodeUsed             verified    -                            frozen day:500000    order:1000 code  1000 50pt code order
        OverLimit            verified    -                            day:500000           -                1000 50pt
        OverLimit            verified    500001                       -                    -                500001
        OverLimit            verified    1000                         day:499001           -                1000
        OverLimit            verified    1000                         month:999001         -                1000
        OverLimit            verified    1000                         own:999              -                1000
        OverLimit            verified    1000                         own:999 raised:1000  -                1000
        OverLimit            verified    1000                         own:1000 raised:999 due  -            1000
        OverLimit            verified    950 50pt@20260601            day:499001           -                1000 50pt
        OverLimit            verified    10001                        low                  -                10001
        OverLimit            verified    10000                        low day:20001        -                10000
        OverLimit            verified    10000                        low sent:20001       -                10000
        OverLimit            verified    10000                        low own:9999         -                10000
        OverLimit            verified    9000 1001pt@20260601         low                  -                10001 1001pt
        OverLimit            unverified  prepaid:50001                -                    -                50001
        InsufficientPoints   verified    49pt@20260601                -                    -                1000 50pt
        InsufficientPoints   verified    1000 50pt@20260531           -                    -                1000 50pt
        InsufficientPoints   verified    1000 50pt@20260601/8         -                    -                1000 50pt
        InsufficientPoints   verified    1000 50pt@20260531/7         -                    -                1000 50pt
        InsufficientPoints   verified    1000 50pt@card               -                    -                1000 50pt
        InsufficientPoints   verified    1000 49pt@20260601/7 1pt@card  -                  -                1000 50pt
        InsufficientBalance  verified    949 50pt@20260601            -                    -                1000 50pt
        InsufficientBalance  verified    400 prepaid:599              -                    -                1000
        InsufficientBalance  verified    950 50pt@20260531            -                    -                1000 most:50
        InsufficientBalance  unverified  50000                        -                    -                1000
        TooManyRequests      before      CodesAndTagsTests.After_twenty_misses_a_till_is_blocked_and_no_other
        MemberLeft           verified    1000                         left frozen day:500000  code          1000 50pt code
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 9, 0, 0, TimeSpan.FromHours(9));
    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    static readonly StoreId s_store = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));
    static readonly SingleUse s_code = new(SingleUseKind.CodeUsed, Guid.Parse("00000000-0000-7000-8000-000000000003"));

    static readonly PointUseTable s_uses = new([
        new PointUse(7, "ここだけ", "only here", [SpendingPlace.Store(s_store)]),
        new PointUse(8, "よそだけ", "only elsewhere", [SpendingPlace.Store(s_member), SpendingPlace.Any(SpendingKind.Reward)])]);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var (holds, limits, happened, asks) = (row.In("holds"), row.In("limits"), row.In("happened"), row.In("asks"));
        var state = new AccountState();
        var member = state.Open(s_member);
        member.Load(AccountType.Money, 0, holds.Amount);
        member.Load(AccountType.Prepaid, 0, holds.Named("prepaid") ?? 0);
        foreach (var (lot, points) in holds.Lots)
            member.Load(lot.AccountType, lot.Term, points.Value);
        member.Load(DecisionCase.Used(s_member, LimitKind.Pay, limits, s_now));
        member.Load(SpendingLimit.Fresh(s_member, LimitKind.Transfer).Use(limits.Named("sent") ?? 0, JapanDay.Of(s_now)));
        DecisionCase.Restrict(member, limits);
        if (happened.Say("code"))
            state.Load(s_code);
        if (happened.Named("order") is { } paid)
        {
            var order = Order.SingleUses(s_store, "order", paid);
            state.Load(order.Paid);
            state.Load(order.ForThatMuch);
        }

        var spent = asks.Points.Sum(p => p.Points) + (asks.Named("most") ?? 0);
        var request = new PayRequest(
            new Payer(s_member, row.In("payer").Say("verified")), new Payee(s_store, "Café Loop"), asks.Amount.Yen(), spent.Points(),
            PayWay.ShownCode, Initiator.Till(s_store), [],
            asks.Say("code") ? [s_code] : [], asks.Say("order") ? "order" : null, PointsAreMost: asks.Named("most") is not null);
        return Pay.Decide(request, state, new PaymentId(Guid.CreateVersion7()), s_now, new Programme(), s_uses, []).Answer.Refusal;
    });
}
