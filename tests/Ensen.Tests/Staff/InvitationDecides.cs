using Ensen.Staff;
using Ensen.Tests.Support;

namespace Ensen.Tests.Staff;

/// <summary>What is decided about whom to invite, by whom an invitation is approved, who joins and who is dismissed.</summary>
public class InvitationDecides
{
    internal static RefusalTable<InviteOperatorRefusal> Inviting { get; } = new("""
        refusal         name   sign-in  roles    person   taken
        None            Mori   mori     support  new      -
        None            -      mori     support  known    -
        InvalidRequest  -      mori     support  new      -
        InvalidRequest  Mori   m        support  new      -
        InvalidRequest  Mori   森       support  new      -
        InvalidRequest  Mori   mori     -        new      taken
        InvalidRequest  Mori   mori     strange  new      -
        NotFound        -      mori     support  missing  taken
        NameTaken       Mori   mori     support  new      taken
        Forbidden       before  StaffTests.Who_may_not_invites_approves_and_dismisses_nobody
        """);

    internal static RefusalTable<ApproveInvitationRefusal> Approving { get; } = new("""
        refusal     account  state      by
        None        there    Waiting    Ito
        NotFound    missing  Waiting    Ito
        SamePerson  there    Waiting    Suzuki
        SamePerson  there    Waiting    Mori
        SamePerson  there    Dismissed  Suzuki
        Ended       there    Invited    Ito
        Ended       there    Active     Ito
        Ended       there    Dismissed  Ito
        Forbidden   before   StaffTests.Who_may_not_invites_approves_and_dismisses_nobody
        """);

    internal static RefusalTable<JoinStaffRefusal> Joining { get; } = new("""
        refusal          link    password  code
        None             opens   good      right
        NotFound         closed  good      right
        NotFound         closed  bad       wrong
        InvalidPassword  opens   bad       wrong
        InvalidCode      opens   good      wrong
        TooManyRequests  before  HashLineTests.Where_too_many_wait_the_one_who_has_most_of_them_gives_way
        """);

    internal static RefusalTable<DismissOperatorRefusal> Dismissing { get; } = new("""
        refusal         says  state
        None            left  Active
        None            left  Waiting
        InvalidRequest  -     Active
        InvalidRequest  -     -
        NotFound        left  -
        Ended           left  Dismissed
        Forbidden       before  StaffTests.Who_may_not_invites_approves_and_dismisses_nobody
        """);

    static readonly PersonId s_suzuki = new(Guid.Parse("00000000-0000-7000-8000-00000000000d"));
    static readonly PersonId s_ito = new(Guid.Parse("00000000-0000-7000-8000-00000000000e"));
    static readonly PersonId s_mori = new(Guid.Parse("00000000-0000-7000-8000-00000000000f"));

    [Fact]
    public void Inviting_is_decided_as_the_table_says() => Inviting.ShouldHold(row =>
    {
        var roles = row.In("roles");
        return InviteOperator.Decide(new InviteOperatorRequest(
            string.Concat(row.In("name").Words), string.Concat(row.In("sign-in").Words),
            roles.Say("strange") ? (OperatorRoles)(1 << 20) : roles.Say("support") ? OperatorRoles.Support : OperatorRoles.None,
            row.In("person").Say("new") ? null : s_mori, null), !row.In("person").Say("missing"), row.In("taken").Say("taken"));
    });

    [Fact]
    public void Approving_is_decided_as_the_table_says() => Approving.ShouldHold(row => ApproveInvitation.Decide(
        row.In("account").Say("there") ? Account(row.In("state")) : null,
        row.In("by").Say("Ito") ? s_ito : row.In("by").Say("Mori") ? s_mori : s_suzuki));

    [Fact]
    public void Joining_is_decided_as_the_table_says() => Joining.ShouldHold(row =>
        JoinStaff.Decide(row.In("link").Say("opens"), row.In("password").Say("good"), row.In("code").Say("right")));

    [Fact]
    public void Dismissing_is_decided_as_the_table_says() => Dismissing.ShouldHold(row => DismissOperator.Decide(
        new DismissOperatorRequest(default, string.Concat(row.In("says").Words), null),
        row.In("state").Words.Count == 0 ? null : Account(row.In("state"))));

    static Operator Account(CellWords state) =>
        new() { Person = s_mori, InvitedBy = s_suzuki, State = Enum.Parse<OperatorState>(state.Words[0]) };
}
