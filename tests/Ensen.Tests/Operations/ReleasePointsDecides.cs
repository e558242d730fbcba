using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Tests.Campaigns;
using Ensen.Tests.Support;

namespace Ensen.Tests.Operations;

/// <summary>What <see cref="ReleasePoints"/> decides about 10 points that are pending until 1 June 2026.</summary>
public class ReleasePointsDecides
{
    internal static RefusalTable<ReleaseRefusal> Table { get; } = new("""
        refusal      left-over  so
        None         10    -
        None         1     -
        NothingLeft  10    released
        NothingLeft  10    released left
        NothingLeft  0     -
        MemberLeft   10    left
        MemberLeft   0     left
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 0, 0, 0, TimeSpan.FromHours(9));
    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    static readonly EntryId s_payment = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));
    static readonly CampaignId s_campaign = new(Guid.Parse("00000000-0000-7000-8000-000000000003"));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var award = new CampaignAward(
            s_payment, 0, s_campaign, s_member, 10.Points(), AccountType.PendingPoints.Number, 20260601, 20260525, 0);
        var state = new AccountState();
        state.Open(s_member).Load(AccountType.PendingPoints, 20260601, 10);
        DecisionCase.Restrict(state.Of(s_member), row.In("so"));
        if (row.In("so").Say("released"))
            state.Load(award.Release);
        var left = new ReleasePoints.GiftLeft(row.In("left-over").Amount.Points(), new SingleUse(SingleUseKind.GiftReleased, s_payment, 99));

        return ReleasePoints.Decide(award, CampaignTermsTests.Terms, left, state, Guid.CreateVersion7(), s_now).Answer.Refusal;
    });
}
