using System.Text;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Gateways;
using Ensen.Tests.Support;

namespace Ensen.Tests.Gateways;

public class DeliveryReportTests
{
    static readonly MailIds s_ids = new([.. Enumerable.Repeat((byte)7, 32)]);
    static readonly Guid s_mail = Id.New(new DateTimeOffset(2026, 11, 28, 6, 30, 0, TimeSpan.Zero));

    static string Name => s_ids.Of(s_mail, "Aoi@Example.jp");

    static ReturnedMail? Read(string letter) => DeliveryReport.Read(new MemoryStream(Encoding.UTF8.GetBytes(letter)), s_ids);

    [Theory]
    [InlineData(false, "text/rfc822-headers")]
    [InlineData(false, "message/rfc822")]
    [InlineData(true, "text/rfc822-headers")]
    public void A_mail_that_came_back_is_known_by_its_own_name(bool envelope, string returned)
    {
        var read = Read(Letters.Report(Name, envelope: envelope, returned: returned)).ShouldNotBeNull();

        read.Code.ShouldBe("5.1.1");
        read.Mail.Id.ShouldBe(s_mail);
        read.Mail.AddressHash.ShouldBe(AddressHash.Of("aoi@example.jp"));
    }

    [Theory]
    [InlineData("Final-Recipient: rfc822; other@forwarded.example\nAction: failed\nStatus: 5.2.2 (mailbox full)", "5.2.2")]
    [InlineData("Final-Recipient: rfc822; aoi@example.jp\nAction: Failed\nStatus: 4.4.7", "4.4.7")]
    [InlineData("Final-Recipient: rfc822; aoi@example.jp\nAction: failed\nStatus: aoi@example.jp is unknown", "5.0.0")]
    [InlineData("Final-Recipient: rfc822; aoi@example.jp\nAction: failed", "5.0.0")]
    public void Its_code_is_kept_and_nothing_else(string group, string code) => Read(Letters.Report(Name, group))!.Code.ShouldBe(code);

    [Theory]
    [InlineData("Final-Recipient: rfc822; aoi@example.jp\nAction: delayed\nStatus: 4.4.1")]
    [InlineData("Final-Recipient: rfc822; aoi@example.jp\nAction: delivered\nStatus: 2.0.0")]
    [InlineData("Final-Recipient: rfc822; aoi@example.jp")]
    public void What_is_being_tried_or_was_delivered_did_not_come_back(string group) => Read(Letters.Report(Name, group)).ShouldBeNull();

    [Fact]
    public void Whoever_makes_a_name_up_is_not_believed()
    {
        var parts = Name.Split('.');
        var others = new MailIds(new byte[32]).Of(s_mail, "aoi@example.jp");
        var ofAnother = s_ids.Of(s_mail, "ren@example.jp").Split('.')[1];

        Read(Letters.Report(others)).ShouldBeNull("another installation's");
        Read(Letters.Report($"{parts[0]}.{ofAnother}.{parts[2]}")).ShouldBeNull("a mail that one got, said of another's address");
        Read(Letters.Report($"{Id.Bare(Guid.NewGuid())}.{parts[1]}.{parts[2]}")).ShouldBeNull();
        Read(Letters.Report($"{parts[0]}.{parts[1]}")).ShouldBeNull();
        Read(Letters.Report("")).ShouldBeNull();
        Read(Letters.Report(Name)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(Letters.HolidayReply)]
    [InlineData("")]
    [InlineData("\0\0\0nonsense")]
    [InlineData("Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x--\r\n")]
    public void Other_letters_say_nothing(string letter) => Read(letter).ShouldBeNull();
}
