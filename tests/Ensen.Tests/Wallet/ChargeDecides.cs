using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>
/// What <see cref="Charge"/> decides. In the first row of each refusal everything that is looked at after it is wrong as well.
/// </summary>
public class ChargeDecides
{
    internal static RefusalTable<ChargeRefusal> Table { get; } = new("""
        refusal        payer       source         limits               held     asks
        None           verified    Bank           -                    800000   200000
        None           verified    Card           day:49000            -        1000
        None           verified    Atm            -                    950000   50000
        None           unverified  Card           -                    50000    50000
        None           unverified  Bank gift      frozen day:200000    -        100000
        None           minor       Bank           -                    190000   10000
        InvalidAmount  before      ChargeTests.The_bounds_of_each_source_hold
        KeyReused      before      ChargeTests.A_key_answers_as_before_and_only_for_its_request
        NotVerified    unverified  Bank away      frozen day:200000    1000000  1000
        Frozen         verified    Bank away      frozen day:200000    1000000  1000
        OverLimit      verified    Bank away      day:200000           1000000  1000
        OverLimit      verified    Bank           day:199001           -        1000
        OverLimit      verified    Card           -                    -        50001
        OverLimit      verified    Atm            own:999              -        1000
        OverLimit      verified    Card away      -                    999001   1000
        OverLimit      unverified  Card           -                    99001    1000
        OverLimit      verified    Bank gift      -                    999001   1000
        OverLimit      minor       Bank           -                    199001   1000
        OverLimit      unverified  Bank gift      -                    99001    1000
        NotAvailable   verified    Atm away       -                    -        1000
        NotAvailable   verified    Bank away none  -                   -        1000
        NoBankAccount  verified    Bank none      -                    -        1000
        MemberLeft     unverified  Bank away      left frozen          1000000  1000
        MemberLeft     verified    Bank gift      left                 -        1000
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 9, 0, 0, TimeSpan.FromHours(9));
    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var (from, programme) = (row.In("source"), new Programme());
        var source = Enum.GetValues<ChargeSource>().Single(s => from.Say(s.ToString()));
        var used = DecisionCase.Used(s_member, source.SpendingLimit(), row.In("limits"), s_now);
        var state = new ChargeStanding(
            row.In("limits").Say("frozen"), used.Left(source.Bounds(programme.Charges).Caps(), JapanDay.Of(s_now)), row.In("held")
                .Amount.Yen(), SetUp: !from.Say("away"), Linked: !from.Say("none"), HasLeft: row.In("limits").Say("left"));
        var request = new ChargeRequest(
            new Payer(s_member, !row.In("payer").Say("unverified"), row.In("payer").Say("minor")), source, row.In("asks").Amount.Yen(), Town.Key(s_member, "key"));
        return Charge.Decide(request, from.Say("gift"), state, programme);
    });
}
