using Ensen.Access;
using Ensen.Basics;
using Ensen.Identity;
using Ensen.Members;
using Ensen.Staff;
using Ensen.Tests.Support;

namespace Ensen.Tests.Identity;

/// <summary>What the verbs of verifications decide, without a database.</summary>
public class IdentityDecides
{
    static readonly DateTimeOffset s_now = TownClock.At("2026-06-01 12:00");
    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    static readonly PersonId s_suzuki = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));
    static readonly PersonId s_sato = new(Guid.Parse("00000000-0000-7000-8000-000000000003"));

    internal static RefusalTable<BeginVerificationRefusal> Begin { get; } = new("""
        refusal           method   typed            standing        gateway
        None              ic_chip  -                -               there
        None              image    -                -               away
        None              jpki     -                due:29          there
        None              ic_chip  foreign latin    -               there
        InvalidRequest    other    name kana        open            away
        InvalidName       ic_chip  name kana        open            away
        InvalidKana       ic_chip  kana born        open            away
        InvalidKana       ic_chip  latin            -               there
        InvalidKana       ic_chip  mixed            -               there
        InvalidBirthDate  ic_chip  born address     open            away
        InvalidBirthDate  ic_chip  tomorrow         -               there
        InvalidBirthDate  ic_chip  ancient          -               there
        InvalidAddress    ic_chip  address          open            away
        MethodEnded       image    ended            open due:31     away
        NotAvailable      jpki     -                open due:31     away
        AlreadyVerified   jpki     -                open due:31     there
        InProgress        jpki     -                open            there
        TooManyRequests   before   VerificationTests.So_many_are_begun_in_a_day
        KeyReused         before   VerificationTests.One_key_begins_one
        """);

    internal static RefusalTable<AddEvidenceRefusal> Add { get; } = new("""
        refusal       image  verification
        None          jpeg   image Collecting
        None          png    image Collecting
        InvalidImage  text   none
        InvalidImage  empty  image Collecting
        InvalidImage  large  image Collecting
        NotFound      jpeg   none
        NotFound      jpeg   chip Asked
        Lapsed        jpeg   image InReview
        Lapsed        jpeg   image Lapsed
        """);

    internal static RefusalTable<DecideVerificationRefusal> DecideTable { get; } = new("""
        refusal         says         verification              by
        None            yes          image InReview            suzuki
        None            no           image InReview ended      suzuki
        None            yes          image InReview first      sato
        InvalidRequest  yes silent   none                      suzuki
        NotFound        yes          none                      suzuki
        NotFound        yes          image Collecting          suzuki
        NotFound        yes          chip Asked                suzuki
        Lapsed          yes          image Accepted first ended  suzuki
        Lapsed          yes          image InReview late first ended  suzuki
        SamePerson      yes          image InReview first ended  suzuki
        MethodEnded     yes          image InReview ended      suzuki
        Forbidden       before       VerificationQueueTests.Whoever_looks_has_the_role_and_a_reason_and_stands_in_the_log
        """);

    internal static RefusalTable<ViewVerificationRefusal> View { get; } = new("""
        refusal         reason  verification
        None            why     image InReview
        InvalidRequest  -       none
        NotFound        why     none
        Forbidden       before  VerificationQueueTests.Whoever_looks_has_the_role_and_a_reason_and_stands_in_the_log
        """);

    [Fact]
    public void Beginning_is_decided_as_the_table_says() => Begin.ShouldHold(row =>
    {
        var typed = row.In("typed");
        var details = new PersonalDetails(
            typed.Say("name") ? "" : typed.Say("foreign") ? "Daniel Okafor" : "青井 美咲",
            typed.Say("kana") ? "青井" : typed.Say("latin") ? "okafor daniel" : typed.Say("mixed") ? "アオイ Misaki" : "あおい みさき",
            typed.Say("born") ? "1990-02-30" : typed.Say("tomorrow") ? "2026-06-02" : typed.Say("ancient") ? "1890-01-01" : "1990-04-01",
            typed.Say("address") ? " " : "大阪市北区1-1");
        var programme = new Programme
        {
            Identity = typed.Say("ended") ? new() { Image = new("image", "2026-06-01") } : new(),
        };
        var due = row.In("standing").Named("due") is { } days ? JapanDay.Of(s_now.AddDays(days)) : (JapanDay?)null;
        return BeginVerification.Decide(
            new BeginVerificationRequest(s_member, row.Cells["method"], details, Town.Key(s_member, "k")),
            new VerificationStanding(row.In("standing").Say("open"), due), row.In("gateway").Say("there"), s_now, programme);
    });

    [Fact]
    public void A_picture_is_decided_as_the_table_says() => Add.ShouldHold(row => AddEvidence.Decide(new AddEvidenceRequest(
        s_member, default, EvidenceSide.Front, row.Cells["image"] switch
        {
            "jpeg" => IdentityDesk.Jpeg,
            "png" => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1],
            "large" => [.. IdentityDesk.Jpeg, .. new byte[AddEvidence.MostBytes]],
            "empty" => [],
            _ => "<svg onload=alert(1)>"u8.ToArray(),
        }), Of(row.In("verification"))));

    [Fact]
    public void A_decision_is_decided_as_the_table_says() => DecideTable.ShouldHold(row => DecideVerification.Decide(
        new DecideVerificationRequest(default, row.In("says").Say("yes"), row.In("says").Say("silent") ? " " : "why", default),
        Of(row.In("verification")), row.In("by").Say("suzuki") ? s_suzuki : s_sato, s_now,
        new Programme { Identity = row.In("verification").Say("ended") ? new() { Image = new("image", "2026-06-01") } : new() }));

    [Fact]
    public void A_view_is_decided_as_the_table_says() =>
        View.ShouldHold(row => VerificationQueue.Decide(row.In("reason").Say("why") ? "why" : "", Of(row.In("verification"))));

    static Verification? Of(CellWords words) => words.Say("none") ? null : new Verification(
        default, s_member, words.Say("image") ? IdentityMethod.Image : IdentityMethod.IcChip,
        Enum.GetValues<VerificationState>().Single(state => words.Say(state.ToString())), null, 0,
        s_now.AddHours(words.Say("late") ? -1 : 1).ToUnixTimeMilliseconds(), null, null,
        words.Say("first") ? FourEyes.Kept(s_suzuki) : null, null, null, null);
}
