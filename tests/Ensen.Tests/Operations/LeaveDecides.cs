using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Operations;

/// <summary>What <see cref="LeaveProgramme"/> decides on 1 June 2026.</summary>
public class LeaveDecides
{
    internal static RefusalTable<LeaveRefusal> Table { get; } = new("""
        refusal         holds                   is
        None            -                       -
        None            30pt@20270331           -
        None            3pt@20270331/7 1pt@card  -
        None            30pt@20260531           low
        None            -                       left
        InvalidRequest  before                  LeaveTests.Nothing_happens_without_a_word_and_a_proof
        CannotLeave     1 30pt@20270331         -
        CannotLeave     prepaid:1               -
        CannotLeave     -                       arriving:1
        CannotLeave     -                       frozen
        StepUpRequired  before                  LeaveTests.Nothing_happens_without_a_word_and_a_proof
        KeyReused       before                  LeaveTests.Nothing_happens_without_a_word_and_a_proof
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 9, 0, 0, TimeSpan.FromHours(9));
    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row => Decide(row).Answer.Refusal);

    /// <summary>Points of every lot go, also those whose last day is over and that nobody has let lapse yet.</summary>
    [Fact]
    public void Points_go_to_breakage_lot_by_lot()
    {
        foreach (var row in Table.Rows.Where(row => row.ShownBy is null && row.Refusal == "None"))
        {
            var (entry, lots) = (Decide(row).Entry, row.In("holds").Lots.ToList());
            if (lots.Count == 0)
                entry.ShouldBeNull(row.ToString());
            else
                entry!.Legs.ShouldBe([.. lots.Select(l => l.Lot.LegOf(s_member, -l.Points)),
                    Leg.Of(Chart.Operator, AccountType.Breakage, Lots.Total(lots))], row.ToString());
        }
    }

    static Decision<MemberLeft, LeaveRefusal> Decide(TableRow row)
    {
        var (holds, words) = (row.In("holds"), row.In("is"));
        var state = new AccountState();
        var member = state.Open(s_member);
        member.Load(AccountType.Money, 0, holds.Amount);
        member.Load(AccountType.Prepaid, 0, holds.Named("prepaid") ?? 0);
        foreach (var (lot, points) in holds.Lots)
            member.Load(lot.AccountType, lot.Term, points.Value);
        var onTheWay = LimitUse.OnTheWay(s_member, words.Named("arriving") ?? 0);
        member.Load(SpendingLimit.Fresh(s_member, LimitKind.Arriving).Use(onTheWay.Amount, onTheWay.Day));
        DecisionCase.Restrict(member, words);
        return LeaveProgramme.Decide(s_member, state, new EntryId(Guid.CreateVersion7()), s_now);
    }
}
