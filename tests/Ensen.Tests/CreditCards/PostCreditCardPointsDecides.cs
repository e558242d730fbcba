using Ensen.Basics;
using Ensen.CreditCards;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Tests.Support;

namespace Ensen.Tests.CreditCards;

/// <summary>What <see cref="PostCreditCardPoints"/> decides for one card.</summary>
public class PostCreditCardPointsDecides
{
    internal static RefusalTable<PostCreditCardPointsRefusal> Table { get; } = new("""
        refusal        member  happened
        None           -       -
        None           frozen  -
        AlreadyPosted  left    posted
        MemberLeft     left    -
        """);

    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    static readonly DateTimeOffset s_now = new(2026, 7, 2, 4, 0, 0, TimeSpan.FromHours(9));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var state = new AccountState();
        DecisionCase.Restrict(state.Open(s_member), row.In("member"));
        if (row.In("happened").Say("posted"))
            state.Load(CreditCardPointsRow.Once(s_member, 1));
        return Draft(51, 0).Decide(state).Answer.Refusal;
    });

    /// <summary>What is owed comes first, and nothing else than purchases makes up for it.</summary>
    [Theory]
    [InlineData(51, 0, 51, 0)]
    [InlineData(51, 20, 31, 0)]
    [InlineData(51, 51, 0, 0)]
    [InlineData(51, 60, 0, 9)]
    [InlineData(-30, 0, -30, 0)]
    [InlineData(-80, 0, -70, 10)]
    [InlineData(-80, 5, -70, 15)]
    public void What_is_given_taken_and_owed(long change, long owed, long points, long after)
    {
        var state = new AccountState();
        var member = state.Open(s_member);
        member.Load(AccountType.Points, 20270331, 30);
        member.Load(AccountType.Points, 20280331, 30);
        member.Load(AccountType.CampaignPoints, 261231000, 10);
        member.Load(AccountType.CampaignPoints, 261231007, 500);
        member.Load(AccountType.ChargeOnlyPoints, 0, 900);
        member.Load(AccountType.Points, 20260331, 40);
        var decided = Draft(change, owed).Decide(state);
        decided.Answer.Value!.Points.Value.ShouldBe(points);
        ((CreditCardPointsRow)decided.Details.Single().Row).Owed.Value.ShouldBe(after);
        decided.Entry!.Legs.Where(l => l.Owner == Chart.Operator && l.AccountType == AccountType.CreditCardClearing)
            .ShouldHaveSingleItem().Amount.ShouldBe(-change);
    }

    [Fact]
    public void Points_are_taken_from_the_lot_that_they_went_to_before_any_other()
    {
        var state = new AccountState();
        var member = state.Open(s_member);
        member.Load(AccountType.Points, 20270331, 100);
        member.Load(AccountType.Points, 20280331, 20);
        Draft(-50, 0).Decide(state).Entry!.Legs.Where(l => l.AccountType == AccountType.Points)
            .Select(l => (l.Term, l.Amount))
            .ShouldBe([(20280331, -20L), (20270331, -30L)]);
    }

    static CreditCardPointsDraft Draft(long change, long owed) => new(
        new CreditCard(new CreditCardId(Guid.CreateVersion7()), s_member, Guid.CreateVersion7(), "1234", 0, 0, null, "Card"), 202606, 1,
        new PointAmount(change), new PointAmount(owed), [s_now.AddDays(-1)], new EntryId(Guid.CreateVersion7()), s_now);
}
