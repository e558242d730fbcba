using Ensen.Basics;

namespace Ensen.Tests.Basics;

public class ProgrammeTests
{
    [Fact]
    public void What_the_file_does_not_say_keeps_its_default()
    {
        Programme.Read("{}").ShouldBe(new Programme());
        var programme = Programme.Read("""{ "name": "Hankai", "codes": { "lifeSeconds": 600 }, "points": { "yenPerPoint": 100 } }""");

        programme.ShouldBe(new Programme
        {
            Name = "Hankai",
            Codes = new CodeRules { LifeSeconds = 600 },
            Points = new PointRules { YenPerPoint = 100 },
        });
    }

    [Theory]
    [InlineData("""{ "nmae": "x" }""", "line 1")]
    [InlineData("{\n\"balanceCap\": \"much\" }", "line 2, $.balanceCap")]
    [InlineData("""{ "payments": null }""", "payments")]
    [InlineData("""{ "payments": { "verified": { "perPayment": 1 } } }""", "perDay")]
    [InlineData("""{ "balanceCap": 0 }""", "balanceCap")]
    [InlineData("""{ "origin": "https://pay.example/" }""", "origin")]
    [InlineData("""{ "membership": { "passwordSymbols": "ａ" } }""", "membership.passwordSymbols")]
    [InlineData("", "programme.json")]
    public void A_file_that_cannot_be_used_is_told_where(string json, string where) =>
        Should.Throw<InvalidProgrammeException>(() => Programme.Read(json)).Message.ShouldContain(where);
}
