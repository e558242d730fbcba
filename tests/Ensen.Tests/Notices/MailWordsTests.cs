using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Notices;
using Fluid;

namespace Ensen.Tests.Notices;

/// <summary>Every mail in every language, as it is sent.</summary>
public class MailWordsTests
{
    static readonly Programme s_programme = new() { Origin = "https://ensen.example" };

    public static TheoryData<NoticeKind, string> Mails =>
        [.. Enum.GetValues<NoticeKind>().SelectMany(what => Languages.Served.Select(l => (what, l.Tag)))];

    [Theory, MemberData(nameof(Mails))]
    public void A_mail_has_a_subject_its_link_on_a_line_of_its_own_and_no_place_left_open(NoticeKind what, string language)
    {
        var (subject, body) = MailWords.Of(Sample(what) with { Language = language }, s_programme);

        subject.ShouldContain(s_programme.Name);
        subject.ShouldNotContain("\n");
        body.Split('\n').ShouldContain(line => line.StartsWith("https://ensen.example/", StringComparison.Ordinal) && !line.Contains(' '));
        body.ShouldContain("Aoi");
        (subject + body).ShouldNotContain("{");
        (subject + body).ShouldNotContain("}");
        (subject + body).ShouldNotContain("\r");
    }

    [Fact]
    public void There_is_a_file_for_every_mail_and_language_and_no_other() =>
        MailTemplates.Names.ShouldBe(Enum.GetValues<NoticeKind>()
            .SelectMany(what => Languages.Served.Select(l => $"{MailWords.FileOf(what)}.{l.Tag}")), ignoreOrder: true);

    [Fact]
    public void The_link_that_confirms_an_address_carries_its_token_and_says_for_how_long()
    {
        var (subject, body) = MailWords.Of(Sample(NoticeKind.ConfirmMail) with { Token = "a+b/c=" }, s_programme);

        subject.ShouldBe($"【{s_programme.Name}】メールアドレスの確認");
        body.ShouldContain("https://ensen.example/confirm-mail?token=a%2Bb%2Fc%3D\n");
        body.ShouldContain($"{s_programme.Membership.MailLinkHours} 時間");
    }

    [Fact]
    public void When_a_device_signed_in_or_caps_are_raised_is_told_by_the_day_and_the_minute_in_Japan()
    {
        var (_, body) = MailWords.Of(Sample(NoticeKind.CapsRaised), s_programme);

        MailWords.Of(Sample(NoticeKind.SignedIn), s_programme).Body.ShouldContain("2026年6月2日(火) 08:30 に、");
        body.ShouldContain("2026年6月2日(火) 08:30");
        body.ShouldContain("\nhttps://ensen.example/account/limits\n");
    }

    [Fact]
    public void A_language_that_is_not_served_is_told_in_the_first() =>
        MailWords.Of(Sample(NoticeKind.SignedIn) with { Language = "xx" }, s_programme).ShouldBe(
            MailWords.Of(Sample(NoticeKind.SignedIn), s_programme));

    [Fact]
    public void A_name_is_written_as_it_is_and_on_one_line()
    {
        var (_, body) = MailWords.Of(
            Sample(NoticeKind.SignedIn) with
            {
                Name = "A & B <c> \"d\" {{ programme }}",
                Device = "Fire\r\nfox\u2028 on Linux",
                Language = "en"
            }, s_programme);

        body.ShouldStartWith("Dear A & B <c> \"d\" {{ programme }},\n");
        body.ShouldContain(", Fire  fox  on Linux signed in to ");
    }

    [Theory]
    [InlineData("Dear {{ nane }}", "nane")]
    [InlineData("Dear {{ name | shout }}", "shout")]
    public void A_place_that_the_mail_has_no_value_for_is_an_error(string text, string about) =>
        Should.Throw<Exception>(
            () => MailTemplates.Fill(MailTemplates.Parse("planted", text), new Dictionary<string, string> { ["name"] = "Aoi" }))
            .Message.ShouldContain(about);

    [Fact]
    public void A_template_that_cannot_be_read_is_named() =>
        Should.Throw<FormatException>(() => MailTemplates.Parse("planted", "Dear {{ name")).Message.ShouldContain("planted");

    static Notice Sample(NoticeKind what) => new(what, new MemberId(Guid.Empty), "aoi@example.jp", "Aoi", "ja", "token", "Firefox on Linux",
        new DateTimeOffset(2026, 6, 1, 23, 30, 0, TimeSpan.Zero), "My telephone", "Loop Line Bank ****1234", 120)
    { Yen = 3_000, Terms = new NoticedTerms(1_000, 5_000, 10_000) };
}
