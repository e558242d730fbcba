using Ensen.Basics;
using Ensen.Web;

namespace Ensen.Tests.Web;

/// <summary>Mails and posters carry the address that the program is reached by.</summary>
public class ReachedAtTests
{
    [Theory]
    [InlineData("http://localhost:5080", "http://localhost:5080")]
    [InlineData("http://127.0.0.1:5090", "http://127.0.0.1:5090")]
    [InlineData("https://pay.example.jp;http://127.0.0.1:5080", "https://pay.example.jp")]
    [InlineData("http://[::1]:5090", "http://[::1]:5090")]
    [InlineData("http://127.0.0.1:0", Programme.DefaultOrigin)]
    public void A_programme_that_does_not_say_where_it_is_is_where_its_node_listens(string urls, string origin) =>
        Settings.ReachedAt(urls, new Programme()).Origin.ShouldBe(origin);

    [Theory]
    [InlineData("http://0.0.0.0:5090")]
    [InlineData("http://*:5090")]
    [InlineData("http://[::]:5090")]
    public void A_node_that_listens_everywhere_is_reached_under_an_address_that_a_phone_can_open(string urls)
    {
        var reached = new Uri(Settings.ReachedAt(urls, new Programme()).Origin);
        reached.Port.ShouldBe(5090);
        reached.Host.ShouldNotBeOneOf("0.0.0.0", "[::]", "*");
    }

    [Fact]
    public void What_the_programme_says_counts() =>
        Settings.ReachedAt("http://127.0.0.1:5090", new Programme { Origin = "https://pay.example.jp" })
            .Origin.ShouldBe("https://pay.example.jp");
}
