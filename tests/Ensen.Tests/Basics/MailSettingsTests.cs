using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Web;
using Microsoft.Extensions.Configuration;

namespace Ensen.Tests.Basics;

public class MailSettingsTests
{
    const string Host = "Host=smtp.example.jp";
    const string From = "From=pay@example.jp";

    static IConfiguration Given(string settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=', 2))
            .Select(s => KeyValuePair.Create($"Ensen:Mail:{s[0]}", (string?)s[1])))
        .Build();

    [Theory]
    [InlineData("", null)]
    [InlineData($"{Host} {From}", null)]
    [InlineData($"{Host} {From} User=a Password=b Security=tls Port=465 BouncesTo=b@example.jp", null)]
    [InlineData($"Host=127.0.0.1 {From} Security=none", null)]
    [InlineData($"Host=::1 {From} Security=none", null)]
    [InlineData("From=pay@example.jp", "Ensen:Mail:From is set, and Ensen:Mail:Host is not")]
    [InlineData("Password=secret", "Ensen:Mail:Password is set, and Ensen:Mail:Host is not")]
    [InlineData(Host, "Ensen:Mail:From is not set")]
    [InlineData($"{Host} {From} User=a", "one is set")]
    [InlineData($"{Host} {From} Password=secret", "one is set")]
    [InlineData($"{Host} {From} Security=none", "allowed is localhost")]
    [InlineData($"Host=127.0.0.1.example.jp {From} Security=none", "allowed is localhost")]
    public void Only_what_goes_together_is_taken(string settings, string? fault)
    {
        var said = string.Join('\n', MailSettings.Contradictions(Given(settings), sandbox: false));

        if (fault is null)
            said.ShouldBeEmpty();
        else
            said.ShouldContain(fault);
        said.ShouldNotContain("secret");
    }

    [Fact]
    public void The_sandbox_writes_to_nobody() =>
        MailSettings.Contradictions(Given($"{Host} {From}"), sandbox: true).ShouldHaveSingleItem().ShouldContain("made up");

    [Fact]
    public void What_is_not_said_has_its_default()
    {
        MailSettings.Read(Given(""), new Programme()).ShouldBeNull();
        MailSettings.Read(Given($"{Host} {From}"), new Programme()).ShouldBe(new SmtpSettings(
            "smtp.example.jp", 587, MailSecurity.StartTls, null, null, "pay@example.jp", "Ensen", "pay@example.jp", TimeSpan.FromSeconds(5),
            TimeSpan.FromSeconds(10)));
    }
}
