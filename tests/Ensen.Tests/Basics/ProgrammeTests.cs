using System.Text.Json;
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
    [InlineData("""{ "nmae": "x" }""", "line 1: There is no setting 'nmae'")]
    [InlineData("""{ "codes": { "life": 5 } }""", "There is no setting 'codes.life'")]
    [InlineData("{\n\"balanceCap\": \"much\" }", "line 2: balanceCap is the text 'much'; allowed is a whole number from 1 to 999,999,999 yen")]
    [InlineData("{ // what\n\n\"balanceCap\": 1.5 }", "line 3: balanceCap is '1.5'")]
    [InlineData("""{ "balanceCap": null }""", "balanceCap is null")]
    [InlineData("""{ "balanceCap": {"a": {"b": 1}}, "name": "" }""", "balanceCap is {…}")]
    [InlineData("""{ "balanceCap": {"a": {"b": 1}}, "name": "" }""", "name is empty")]
    [InlineData("""{ "balanceCap": 100000, "balanceCap": 100000 }""", "balanceCap is there twice")]
    [InlineData("""{ "payments": null }""", "payments is null")]
    [InlineData("""{ "payments": [1] }""", "payments is […]")]
    [InlineData("""{ "payments": { "verified": { "perPayment": 1 } } }""", "perDay")]
    [InlineData("""{ "membership": { "password": 2 } }""", "membership.password is 2; allowed is composed or nist")]
    [InlineData("", "programme.json")]
    [InlineData("null", "programme.json is empty")]
    [InlineData("{\n\n\"name\" }", "line 3")]
    public void A_file_that_cannot_be_used_is_told_where(string json, string where) => Refused(json).ShouldContain(where);

    [Theory]
    [InlineData("\"codes\": { \"prefix\": \"99901234\" }", "codes.prefix is '99901234'; allowed is 1 to 6 digits.")]
    [InlineData("\"charges\": { \"card\": { \"least\": 2000, \"most\": 50000, \"perDay\": 50000, \"step\": 0 } }", "charges.card.step is '0'; allowed is a whole number from 1")]
    [InlineData("\"charges\": { \"atm\": { \"least\": 1500, \"most\": 1900, \"perDay\": 1900, \"step\": 1000 } }", "charges.atm.step is 1000")]
    [InlineData("\"charges\": { \"atm\": { \"least\": 2000, \"most\": 1000, \"perDay\": 1900, \"step\": 1000 } }", "charges.atm.least is 2000; allowed is at most charges.atm.most")]
    [InlineData("\"balanceCapUnverified\": 0", "balanceCapUnverified is '0'")]
    [InlineData("\"balanceCapUnverified\": 2000000", "balanceCapUnverified is 2000000; allowed is at most balanceCap, which is 1000000")]
    [InlineData("\"payments\": { \"unverified\": { \"perPayment\": 5, \"perDay\": 4, \"perMonth\": 9 } }", "payments.unverified.perPayment is 5")]
    [InlineData("\"transfers\": { \"perMonth\": 5 }", "transfers.perDay is 100000; allowed is at most transfers.perMonth, which is 5")]
    [InlineData("\"codes\": { \"renewAfterSeconds\": 300 }", "codes.renewAfterSeconds is 300; allowed is less than codes.lifeSeconds, which is 300")]
    [InlineData("\"codes\": { \"dynamicQrSeconds\": -1 }", "codes.dynamicQrSeconds is '-1'")]
    [InlineData("\"charges\": { \"atmMinutes\": 0 }", "charges.atmMinutes is '0'")]
    public void What_the_code_would_refuse_later_is_refused_when_the_file_is_read(string setting, string why) =>
        Refused($"{{ {setting} }}").ShouldContain(why);

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once() =>
        Refused("""
            {
              "codes": { "prefix": "x" },
              "balanceCap": -1,
              "speed": 3
            }
            """).Split('\n').Length.ShouldBe(3);

    /// <summary>Each bound as the file has it, the others as they are.</summary>
    [Fact]
    public void No_setting_is_taken_from_the_file_beyond_its_bounds()
    {
        foreach (var setting in ProgrammeSettings.All)
            foreach (var value in setting.Allowed.Beyond)
                Refused(FileWith(setting, value)).ShouldContain(setting.Name);
    }

    static string FileWith(BoundedSetting setting, string value)
    {
        var parts = setting.Name.Split('.');
        var written = setting.Allowed is WholeNumbers && !value.Any(char.IsAsciiLetter) ? value : JsonSerializer.Serialize(value);
        return string.Concat(parts.Select(p => $"{{ \"{p}\": ")) + written + new string('}', parts.Length);
    }

    static string Refused(string json) => Should.Throw<InvalidSettingException>(() => Programme.Read(json)).Message;
}
