using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Staff;
using Ensen.Tests.Support;

namespace Ensen.Tests.Campaigns;

/// <summary>What <see cref="ApproveCampaign"/> decides about a campaign of a week that Suzuki proposed.</summary>
public class ApproveCampaignDecides
{
    internal static RefusalTable<ApproveCampaignRefusal> Table { get; } = new("""
        refusal         by      state              when
        None            Ito     Proposed tried     begins
        None            Ito     Proposed tried     last
        NotFound        before  CampaignLifeTests.Whoever_proposed_it_does_not_approve_it
        SamePerson      Suzuki  Proposed tried     begins
        SamePerson      Suzuki  Stopped            over
        SamePerson      -       Proposed tried     begins
        AlreadyDecided  Ito     Approved tried     begins
        AlreadyDecided  Ito     Stopped            over
        AlreadyDecided  Ito     Ended tried        over
        AlreadyDecided  Ito     Proposed opened    begins
        DryRunNeeded    Ito     Proposed           begins
        DryRunNeeded    Ito     Proposed           over
        Lapsed          Ito     Proposed tried     over
        Forbidden       before  CampaignLifeTests.Whoever_has_not_the_role_changes_nothing
        KeyReused       before  CampaignLifeTests.Under_one_key_it_is_proposed_and_approved_once
        """);

    static readonly CampaignId s_campaign = new(Guid.Parse("00000000-0000-7000-8000-00000000000a"));
    static readonly PersonId s_suzuki = new(Guid.Parse("00000000-0000-7000-8000-00000000000d"));
    static readonly PersonId s_ito = new(Guid.Parse("00000000-0000-7000-8000-00000000000e"));

    [Fact]
    public void Each_case_celldecided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var terms = CampaignTermsTests.Terms;
        var (cell, now) = (row.In("state"), row.In("when").Words.Single() switch
        {
            "begins" => terms.From,
            "last" => terms.Until.AddMilliseconds(-1),
            _ => terms.Until,
        });
        var campaign = new Campaign(
            s_campaign, Enum.Parse<CampaignState>(cell.Words[0]), terms, FourEyes.Kept(s_suzuki), terms.From.AddDays(-1),
            cell.Say("tried") ? new DryRun(terms.From, 30, 0, 0, 0.Points(), new long[24], 0, null) : null, null, null, null, null, null,
            PointAmount.Zero);
        var state = new AccountState();
        state.OpenPool(s_campaign, 0);
        if (cell.Say("opened"))
            state.Load(new SingleUse(SingleUseKind.BudgetOpened, s_campaign));
        var by = string.Concat(row.In("by").Words) switch { "" => default, "Ito" => s_ito, _ => s_suzuki };
        return ApproveCampaign.Decide(campaign, by, state, new EntryId(Guid.CreateVersion7()), now).Answer.Refusal;
    });
}
