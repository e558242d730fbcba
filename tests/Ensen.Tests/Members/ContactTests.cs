using Ensen.Basics;
using Ensen.Members;

namespace Ensen.Tests.Members;

public class ContactTests
{
    [Theory]
    [InlineData("aoi@example.jp", "aoi@example.jp")]
    [InlineData(" Aoi.N+pay@Example.JP ", "aoi.n+pay@example.jp")]
    [InlineData("aoi..n.@docomo.ne.jp", "aoi..n.@docomo.ne.jp")]
    [InlineData("ａｏｉ＋１＠ｅｘａｍｐｌｅ．ｊｐ", "aoi+1@example.jp")]
    [InlineData("aoi＠example。jp", "aoi@example.jp")]
    [InlineData("\u3000aoi@example.jp\u200b", "aoi@example.jp")]
    [InlineData("aoi", null)]
    [InlineData("aoi＠＠example.jp", null)]
    [InlineData("aoi\u3000n@example.jp", null)]
    [InlineData("アオイ＠example.jp", null)]
    [InlineData("aoi@example.jp\ud83d", null)]
    [InlineData("aoi@", null)]
    [InlineData("@example.jp", null)]
    [InlineData("aoi@example", null)]
    [InlineData("aoi@@example.jp", null)]
    [InlineData("aoi n@example.jp", null)]
    [InlineData("aoi@example.jp\r\nBcc: all@example.jp", null)]
    [InlineData("aoi@-example.jp", null)]
    [InlineData("aoi@127.0.0.1", null)]
    [InlineData("葵@example.jp", null)]
    [InlineData(null, null)]
    public void Addresses(string? typed, string? key)
    {
        EmailAddress.TryParse(typed, out _, out var parsed).ShouldBe(key is not null);
        parsed.ShouldBe(key);
    }

    [Theory]
    [InlineData("090-1234-5678", "+819012345678")]
    [InlineData("０９０－１２３４－５６７８", "+819012345678")]
    [InlineData("０９０ー１２３４ー５６７８", "+819012345678")]
    [InlineData("＋８１　９０　１２３４　５６７８", "+819012345678")]
    [InlineData("ｔｅｌ：０９０（１２３４）５６７８", "+819012345678")]
    [InlineData("(06) 6345 0001", "+81663450001")]
    [InlineData("+81 90 1234 5678", "+819012345678")]
    [InlineData("+81-(0)90-1234-5678", "+819012345678")]
    [InlineData("+44 20 7946 0018", "+442079460018")]
    [InlineData("010-44-20-7946-0018", "+442079460018")]
    [InlineData("050-3123-4567", "+815031234567")]
    [InlineData("060-1234-5678", "+816012345678")]
    [InlineData("0742-27-5001", "+81742275001")]
    [InlineData("0120-444-444", "+81120444444")]
    [InlineData("9012345678", null)]
    [InlineData("090-1234-5678 / 080-1234-5678", null)]
    [InlineData("090-1234-5678;ext=5", null)]
    [InlineData("090-CALL-NOW", null)]
    [InlineData("090-1234-567", null)]
    [InlineData("090-1234-56789", null)]
    [InlineData("110", null)]
    [InlineData("+0 12345678", null)]
    [InlineData("090-1234-5678 x5", null)]
    [InlineData("\ud83d0901234567", null)]
    public void Telephones(string typed, string? number)
    {
        TelephoneNumber.TryParse(typed, out var parsed).ShouldBe(number is not null);
        parsed.ShouldBe(number);
    }

    [Theory]
    [InlineData("西川 葵", true)]
    [InlineData("O'Brien-Østergaard", true)]
    [InlineData("", false)]
    [InlineData("   ", false)]
    [InlineData("Aoi\nBcc", false)]
    [InlineData("Aoi\u202e", false)]
    [InlineData("Aoi\0", false)]
    [InlineData("Aoi\ud83d", false)]
    [InlineData("4111 1111 1111 1111", false)]
    [InlineData("Aoi ４１１１-１１１１-１１１１-１１１１", false)]
    [InlineData("Aoi 123456789012", true)]
    public void Names(string typed, bool good) => OneLineName.TryParse(typed, out _).ShouldBe(good);

    [Fact]
    public void A_name_has_at_most_sixty_characters_as_people_count_them()
    {
        OneLineName.TryParse(string.Concat(Enumerable.Repeat("𠮷", 60)), out _).ShouldBeTrue();
        OneLineName.TryParse(string.Concat(Enumerable.Repeat("𠮷", 61)), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("378282246310005", true)]
    [InlineData("my card is 5555-5555-5555-4444, thanks", true)]
    [InlineData("090-1234-5678", false)]
    [InlineData("1763765432123", false)]
    [InlineData("000000000000000", false)]
    [InlineData("4111 1111 and later 1111 1111", false)]
    public void Card_numbers_are_seen_wherever_they_stand(string text, bool seen) => CardDigits.In(text).ShouldBe(seen);
}
