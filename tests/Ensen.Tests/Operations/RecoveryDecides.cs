using Ensen.Members;
using Ensen.Operations;
using Ensen.Staff;
using Ensen.Tests.Support;

namespace Ensen.Tests.Operations;

/// <summary>What is decided about the way back of a member who has lost everything.</summary>
public class RecoveryDecides
{
    internal static RefusalTable<ProposeRecoveryRefusal> Proposing { get; } = new("""
        refusal          says     number  member  reached  calls  papers   changing
        None             licence  own     there   yes      yes    same     -
        None             licence  own     there   yes      yes    nothing  -
        None             licence  new     there   yes      yes    same     -
        InvalidRequest   -        own     -       -        -      other    -
        InvalidRequest   licence  wrong   there   yes      yes    same     -
        NotFound         licence  own     -       -        -      nothing  -
        NotAvailable     licence  own     there   -        yes    same     -
        NotAvailable     licence  own     there   yes      -      nothing  yes
        NotVerified      licence  new     there   yes      yes    nothing  yes
        Held             licence  own     there   yes      yes    other    yes
        DifferentPerson  licence  own     there   yes      yes    other    -
        InProgress       before   RecoveryTests.Two_accounts_of_one_person_open_nothing_and_of_forty_at_once_one_does
        Forbidden        before   RecoveryTests.Who_may_not_opens_and_takes_back_nothing
        TooManyRequests  before   RecoveryTests.Both_persons_have_seen_the_papers_and_nobody_guesses_a_day_of_birth
        """);

    internal static RefusalTable<ApproveRecoveryRefusal> Approving { get; } = new("""
        refusal          recovery  state     by      number  member  reached  calls  papers   changing
        None             there     proposed  Ito     own     there   yes      yes    same     -
        None             there     proposed  Ito     own     there   yes      yes    nothing  -
        NotFound         -         proposed  Ito     own     there   yes      yes    same     -
        NotFound         there     proposed  Ito     own     -       -        -      nothing  -
        SamePerson       there     proposed  Suzuki  own     there   yes      yes    other    -
        SamePerson       there     ended     Suzuki  own     there   yes      yes    same     -
        Lapsed           there     approved  Ito     own     there   yes      yes    same     -
        Lapsed           there     ended     Ito     own     there   -        yes    other    -
        NotAvailable     there     proposed  Ito     own     there   -        yes    same     -
        NotAvailable     there     proposed  Ito     own     there   yes      -      same     yes
        NotAvailable     there     proposed  Ito     new     there   yes      yes    nothing  -
        Held             there     proposed  Ito     own     there   yes      yes    other    yes
        DifferentPerson  there     proposed  Ito     new     there   yes      yes    other    -
        Forbidden        before    RecoveryTests.Who_may_not_opens_and_takes_back_nothing
        TooManyRequests  before    RecoveryTests.Both_persons_have_seen_the_papers_and_nobody_guesses_a_day_of_birth
        """);

    internal static RefusalTable<WithdrawRecoveryRefusal> Withdrawing { get; } = new("""
        refusal         says     recovery  state
        None            mistake  there     proposed
        None            mistake  there     approved
        InvalidRequest  -        there     proposed
        NotFound        mistake  -         proposed
        Lapsed          mistake  there     ended
        Forbidden       before   RecoveryTests.Who_may_not_opens_and_takes_back_nothing
        """);

    static readonly PersonId s_suzuki = new(Guid.Parse("00000000-0000-7000-8000-00000000000d"));
    static readonly PersonId s_ito = new(Guid.Parse("00000000-0000-7000-8000-00000000000e"));

    [Fact]
    public void Proposing_is_decided_as_the_table_says() => Proposing.ShouldHold(row => ProposeRecovery.Decide(
        new ProposeRecoveryRequest(default, string.Concat(row.In("says").Words), default),
        row.In("number").Say("new") ? "+819000000009" : row.In("number").Say("wrong") ? "" : null, Facts(row)));

    [Fact]
    public void Approving_is_decided_as_the_table_says() => Approving.ShouldHold(row => ApproveRecovery.Decide(
        Found(row, row.In("number").Say("new") ? "+819000000009" : null), row.In("by").Say("Ito") ? s_ito : s_suzuki, Facts(row)));

    [Fact]
    public void Taking_back_is_decided_as_the_table_says() => Withdrawing.ShouldHold(row => WithdrawRecovery.Decide(
        new WithdrawRecoveryRequest(default, string.Concat(row.In("says").Words), default), Found(row, null)));

    static Recovery? Found(TableRow row, string? telephone) => !row.In("recovery").Say("there") ? null : new Recovery
    {
        ProposedBy = FourEyes.Kept(s_suzuki),
        Telephone = telephone,
        ApprovedBy = row.In("state").Say("approved") ? FourEyes.Kept(s_ito) : null,
        EndedMs = row.In("state").Say("ended") ? 2 : null,
    };

    static RecoveryFacts Facts(TableRow row) => new(
        row.In("member").Say("there"), row.In("reached").Say("yes"), row.In("calls").Say("yes"), row.In("changing").Say("yes"),
        row.In("papers").Say("same") ? PapersSay.SamePerson
            : row.In("papers").Say("other") ? PapersSay.DifferentPerson : PapersSay.Nothing);
}
