using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Staff;
using Ensen.Tests.Support;

namespace Ensen.Tests.Operations;

/// <summary>What <see cref="ProposeGoodwill"/> decides on 1 June 2026, where points earned today live through 31 March 2028.</summary>
public class ProposeGoodwillDecides
{
    internal static RefusalTable<ProposeGoodwillRefusal> Table { get; } = new("""
        refusal         says       points  until     member
        None            late       1       20260601  there
        None            late       10000   20280331  there
        InvalidRequest  -          1       20260601  there
        InvalidRequest  two-lines  0       20260601  missing
        InvalidRequest  late       1       20260531  there
        InvalidRequest  late       1       20280401  there
        InvalidAmount   late       0       20260601  missing
        InvalidAmount   late       10001   20260601  there
        NotFound        late       1       20260601  missing
        MemberLeft      late       1       20260601  left
        Forbidden       before     GoodwillTests.Whoever_may_not_gives_nothing
        KeyReused       before     GoodwillTests.Under_one_key_it_is_proposed_once
        """);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var member = new Member { Id = new MemberId(Guid.CreateVersion7()), Name = "Aoi" };
        return ProposeGoodwill.Decide(
            new ProposeGoodwillRequest(member.Id, row.In("points").Amount, JapanDay.FromNumber((int)row.In("until").Amount),
                row.In("says").Say("two-lines") ? "one\ntwo" : string.Concat(row.In("says").Words), default(OperatorId)),
            row.In("member").Say("missing") ? null : row.In("member").Say("left") ? member with { LeftMs = 1 } : member,
            JapanDay.Parse("2026-06-01"), new PointRules());
    });
}

/// <summary>What <see cref="ApproveGoodwill"/> decides on 1 June 2026; Suzuki proposed it.</summary>
public class ApproveGoodwillDecides
{
    internal static RefusalTable<ApproveGoodwillRefusal> Table { get; } = new("""
        refusal         by      so far     until
        None            Ito     -          20260601
        NotFound        before  GoodwillTests.Whoever_may_not_gives_nothing
        SamePerson      Suzuki  posted     20260601
        AlreadyDecided  Ito     posted     20260531
        AlreadyDecided  Ito     withdrawn  20260601
        Lapsed          Ito     left       20260531
        MemberLeft      Ito     left       20260601
        Forbidden       before  GoodwillTests.Whoever_may_not_gives_nothing
        KeyReused       before  GoodwillTests.Approved_again_under_its_key_it_is_the_same_answer
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 0, 0, 0, TimeSpan.FromHours(9));
    static readonly PersonId s_suzuki = new(Guid.Parse("00000000-0000-7000-8000-00000000000d"));
    static readonly PersonId s_ito = new(Guid.Parse("00000000-0000-7000-8000-00000000000e"));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var proposal = new GoodwillProposal(new GoodwillId(Guid.CreateVersion7()), new MemberId(Guid.CreateVersion7()), 5.Points(),
            JapanDay.FromNumber((int)row.In("until").Amount), "late", FourEyes.Kept(s_suzuki), s_now)
        { State = row.In("so far").Say("withdrawn") ? ProposalState.Withdrawn : ProposalState.Waiting };
        var state = new AccountState();
        DecisionCase.Restrict(state.Open(proposal.Member), row.In("so far"));
        if (row.In("so far").Say("posted"))
            state.Load(new SingleUse(SingleUseKind.GoodwillPosted, proposal.Id));
        return ApproveGoodwill.Decide(
            proposal, row.In("by").Say("Ito") ? s_ito : s_suzuki, state, new EntryId(Guid.CreateVersion7()), s_now).Answer.Refusal;
    });
}

/// <summary>What <see cref="WithdrawGoodwill"/> decides about a proposal, whoever made it.</summary>
public class WithdrawGoodwillDecides
{
    internal static RefusalTable<WithdrawGoodwillRefusal> Table { get; } = new("""
        refusal         says       proposal
        None            mistake    Waiting
        InvalidRequest  -          Posted
        InvalidRequest  two-lines  -
        NotFound        mistake    -
        AlreadyDecided  mistake    Posted
        AlreadyDecided  mistake    Withdrawn
        Forbidden       before     GoodwillTests.Whoever_may_not_gives_nothing
        """);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row => WithdrawGoodwill.Decide(
        new WithdrawGoodwillRequest(new GoodwillId(Guid.CreateVersion7()),
            row.In("says").Say("two-lines") ? "one\ntwo" : string.Concat(row.In("says").Words), default(OperatorId)),
        row.In("proposal").Words is [var state] ? Enum.Parse<ProposalState>(state) : null));
}
