using Ensen.Access;
using Ensen.Basics;

namespace Ensen.Tests.Access;

public class PasswordRuleTests
{
    static readonly MembershipRules s_composed = new();
    static readonly MembershipRules s_nist = new() { Password = PasswordPolicy.Nist };

    [Theory]
    [InlineData("Loop-line-09", "")]
    [InlineData("Kanjo7!x", "")]
    [InlineData("Kanjo7!", "TooShort")]
    [InlineData("", "TooShort NoDigit NoUpperCase NoLowerCase NoSymbol Common")]
    [InlineData(" Loop-line-09", "SpaceBefore")]
    [InlineData("Loop-line-09 ", "SpaceAfter")]
    [InlineData("\u3000Loop-line-09", "SpaceBefore NotHalfWidth")]
    [InlineData("Loop line-09", "SymbolNotListed")]
    [InlineData("Loop-line-０９", "NotHalfWidth NoDigit")]
    [InlineData("loop-line-09", "NoUpperCase")]
    [InlineData("LOOP-LINE-09", "NoLowerCase")]
    [InlineData("Loop-line-xy", "NoDigit")]
    [InlineData("Loopline0909", "NoSymbol")]
    [InlineData("Loop-line\n09", "NotText")]
    [InlineData("P@ssw0rd1!", "Common")]
    [InlineData("Password123!", "Common")]
    [InlineData("Qwerty123!", "Common")]
    [InlineData("Aa123456!", "Common")]
    [InlineData("Abcd1234!", "Common")]
    [InlineData("Sakura2026!", "Common")]
    [InlineData("Aoi.nishikawa-09", "LikeAddress")]
    public void The_programmes_rule_tells_every_fault_at_once(string password, string faults) =>
        string.Join(' ', PasswordRule.Faults(s_composed, password, "aoi.nishikawa@example.jp")).ShouldBe(faults);

    [Theory]
    [InlineData("correct horse battery", "")]
    [InlineData("環状線の駅は十九あります覚えた", "")]
    [InlineData("Kanjo7!x", "TooShort")]
    [InlineData("passwordpasswordpassword", "Common")]
    [InlineData("aaaaaaaaaaaaaaaa", "Common")]
    [InlineData("correct horse battery ", "SpaceAfter")]
    public void The_other_rule_asks_for_length_alone(string password, string faults) =>
        string.Join(' ', PasswordRule.Faults(s_nist, password)).ShouldBe(faults);

    [Theory]
    [InlineData("", "Missing")]
    [InlineData("Kanjo7!", "TooShort")]
    [InlineData("        ", "SpaceBefore SpaceAfter NoDigit NoUpperCase NoLowerCase NoSymbol Common")]
    public void A_form_says_of_an_empty_one_that_it_is_missing(string password, string told) =>
        string.Join(' ', PasswordRule.Told(s_composed, password)).ShouldBe(told);

    [Fact]
    public void Sixty_four_characters_are_allowed_and_sixty_five_are_not()
    {
        var longest = "Loop-line-09" + string.Concat(Enumerable.Repeat("kq", 26));
        longest.Length.ShouldBe(64);

        PasswordRule.Faults(s_composed, longest).ShouldBeEmpty();
        PasswordRule.Faults(s_composed, longest + "k").ShouldBe([PasswordFault.TooLong]);
        PasswordRule.Faults(s_composed, new string('k', 1_000_000)).ShouldBe([PasswordFault.TooLong]);
    }

    [Fact]
    public void Half_a_character_is_no_text() => PasswordRule.Faults(s_composed, "Loop-line-09\ud83d").ShouldBe([PasswordFault.NotText]);

    [Fact]
    public void The_policy_is_chosen_in_the_programmes_file()
    {
        Programme.Read("""{ "membership": { "password": "nist" } }""").Membership.Password.ShouldBe(PasswordPolicy.Nist);
        Should.Throw<InvalidSettingException>(() => Programme.Read("""{ "membership": { "password": "none" } }"""));
        Should.Throw<InvalidSettingException>(() => Programme.Read("""{ "membership": { "triesMinutes": 0 } }"""))
            .Message.ShouldContain("membership.triesMinutes");
    }
}
