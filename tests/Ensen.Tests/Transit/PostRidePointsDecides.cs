using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Tests.Support;
using Ensen.Transit;

namespace Ensen.Tests.Transit;

/// <summary>What <see cref="PostRidePoints"/> decides for one card.</summary>
public class PostRidePointsDecides
{
    internal static RefusalTable<PostRidePointsRefusal> Table { get; } = new("""
        refusal        member  happened
        None           -       -
        None           frozen  -
        AlreadyPosted  left    posted
        MemberLeft     left    -
        """);

    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var (state, now) = (new AccountState(), new DateTimeOffset(2026, 7, 2, 4, 0, 0, TimeSpan.FromHours(9)));
        DecisionCase.Restrict(state.Open(s_member), row.In("member"));
        var link = new TransitCard(
            new TransitCardId(Guid.CreateVersion7()), s_member, Guid.CreateVersion7(), "1234", 0, 0, null, "t", TransitCardForm.Mobile, 0, false);
        if (row.In("happened").Say("posted"))
            state.Load(RidePointsRow.Once(link.Id, 202606, 1));
        return new PostRidePoints.RidePointsDraft(link, 202606, 1, new PointAmount(51), new EntryId(Guid.CreateVersion7()), now)
            .Decide(state).Answer.Refusal;
    });
}
