using Ensen.Formats;

namespace Ensen.Tests.Formats;

/// <summary>Banks and branches by their codes.</summary>
public class ZenginBanksTests
{
    [Theory]
    [InlineData("0001", "001", "みずほ", "東京営業部")]
    [InlineData("0005", "001", "三菱UFJ", "本店")]
    [InlineData("9900", "418", "ゆうちょ", "四一八")]
    [InlineData("0005", "000", "三菱UFJ", null)]
    [InlineData("9990", "001", null, null)]
    [InlineData("", "", null, null)]
    public void A_code_has_its_name(string bank, string branch, string? bankName, string? branchName) =>
        (ZenginBanks.Bank(bank), ZenginBanks.Branch(bank, branch)).ShouldBe((bankName, branchName));

    [Fact]
    public void All_are_codes_of_banks_or_of_their_branches()
    {
        ZenginBanks.Codes.ShouldAllBe(c => (c.Length == 4 || c.Length == 7) && c.All(char.IsAsciiDigit));
        ZenginBanks.Codes.Count(c => c.Length == 4).ShouldBeGreaterThan(1_000);
        ZenginBanks.Codes.Count(c => c.Length == 7).ShouldBeGreaterThan(25_000);
    }
}
