using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Staff;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Operations;

/// <summary>
/// What <see cref="ApproveCorrection"/> decides about 500 yen that are taken from a member and given to suspense; Suzuki proposed it.
/// </summary>
public class ApproveCorrectionDecides
{
    internal static RefusalTable<ApproveCorrectionRefusal> Table { get; } = new("""
        refusal              by      so far     holds
        None                 Ito     -          500
        None                 Ito     -          501
        NotFound             before  CorrectionTests.Whoever_proposed_it_does_not_approve_it
        SamePerson           Suzuki  -          500
        SamePerson           SUZUKI  posted     0
        SamePerson           -       -          500
        Posted               Ito     posted     500
        Posted               Ito     posted     0
        Withdrawn            Ito     withdrawn  500
        Withdrawn            Ito     withdrawn  0
        AlreadyCorrected     Ito     corrected  500
        InsufficientBalance  Ito     -          499
        InsufficientBalance  Ito     -          0
        Forbidden            before  FourEyesTests.Whoever_has_not_the_role_or_was_dismissed_changes_nothing
        MemberLeft           Ito     left       0
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 0, 0, 0, TimeSpan.FromHours(9));
    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000009"));

    // Suzuki with one account and SUZUKI with another are one person.
    static readonly PersonId s_suzuki = new(Guid.Parse("00000000-0000-7000-8000-00000000000d"));
    static readonly PersonId s_ito = new(Guid.Parse("00000000-0000-7000-8000-00000000000e"));

    static readonly CorrectionProposal s_proposal = new(
        new ProposalId(Guid.Parse("00000000-0000-7000-8000-00000000000a")), new EntryId(Guid.Parse("00000000-0000-7000-8000-00000000000b")), "charged twice",
        FourEyes.Kept(s_suzuki), s_now,
        [Leg.Of(s_member, AccountType.Money, new Yen(-500)), Leg.Of(Chart.Operator, AccountType.Suspense, new Yen(500))]);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var state = new AccountState();
        state.Open(s_member).Load(AccountType.Money, 0, row.In("holds").Amount);
        DecisionCase.Restrict(state.Of(s_member), row.In("so far"));
        if (row.In("so far").Say("posted"))
            state.Load(new SingleUse(SingleUseKind.CorrectionPosted, s_proposal.Id));
        if (row.In("so far").Say("corrected"))
            state.Load(new SingleUse(SingleUseKind.EntryCorrected, s_proposal.Corrects));
        var proposal = row.In("so far").Say("withdrawn") ? s_proposal with { State = ProposalState.Withdrawn } : s_proposal;
        var by = string.Concat(row.In("by").Words) switch { "" => default, "Ito" => s_ito, _ => s_suzuki };
        return ApproveCorrection.Decide(proposal, by, state, new EntryId(Guid.CreateVersion7()), s_now).Answer.Refusal;
    });
}
