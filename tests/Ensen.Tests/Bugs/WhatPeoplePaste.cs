using Ensen.Basics;
using Ensen.Members;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A telephone number out of an address book comes with marks of direction and dashes of every kind, and was refused; one with a digit
/// missing was taken. Names that nobody can see were taken, and Persian, Hindi and emoji names refused for being too long. Article numbers
/// were refused as cards, and cards taken that had a comma in them.
/// </summary>
public class WhatPeoplePaste
{
    [Theory]
    [InlineData("\u202d090-1234-5678\u202c")]
    [InlineData("\u200e090-1234-5678")]
    [InlineData("\u2066+81 90-1234-5678\u2069")]
    [InlineData("\ufeff090\u200b1234\u20605678\u200f")]
    [InlineData("090–1234–5678")]
    [InlineData("090—1234—5678")]
    [InlineData("090―1234―5678")]
    [InlineData("090ｰ1234ｰ5678")]
    [InlineData("090ー1234ー5678")]
    [InlineData("090‒1234‐5678")]
    [InlineData("090−1234－5678")]
    [InlineData("090〜1234〜5678")]
    [InlineData("090\u00a01234\u202f5678")]
    [InlineData("０９０（１２３４）５６７８")]
    [InlineData("٠٩٠١٢٣٤٥٦٧٨")]
    [InlineData("０９０．１２３４．５６７８\t")]
    [InlineData("tel:+81-90-1234-5678")]
    [InlineData("＋８１　９０　１２３４　５６７８")]
    public void A_telephone_number_is_understood_as_it_is_pasted(string pasted)
    {
        TelephoneNumber.TryParse(pasted, out var number).ShouldBeTrue(pasted);
        number.ShouldBe("+819012345678");
    }

    [Theory]
    [InlineData("090-123-4567")]
    [InlineData("090-1234-567")]
    [InlineData("+81 90 1234 567")]
    [InlineData("06-6345-000")]
    [InlineData("06-6345-00011")]
    [InlineData("+81 (00)90 1234 5678")]
    [InlineData("+1 212 555 01")]
    [InlineData("+44 20 79")]
    [InlineData("+999 1234 5678")]
    [InlineData("090-1234-5678 内線5")]
    [InlineData("090+1234+5678")]
    [InlineData("")]
    public void A_telephone_number_that_lacks_or_has_too_many_digits_is_refused(string typed) =>
        TelephoneNumber.TryParse(typed, out _).ShouldBeFalse(typed);

    [Theory]
    [InlineData("\u3164", NameFault.Empty)]
    [InlineData("\u2800\u2800", NameFault.Empty)]
    [InlineData("\uffa0", NameFault.Empty)]
    [InlineData("\u115f\u1160", NameFault.Empty)]
    [InlineData("\u200b\u200d", NameFault.Empty)]
    [InlineData("\u00a0\u3000", NameFault.Empty)]
    [InlineData("\u0301\ufe0f", NameFault.Empty)]
    [InlineData("\U000e0041", NameFault.Empty)]
    [InlineData("Aoi\u3164", NameFault.Unreadable)]
    [InlineData("Aoi\u202e", NameFault.Unreadable)]
    [InlineData("A\u200boi", NameFault.Unreadable)]
    [InlineData("Aoi\u200d", NameFault.Unreadable)]
    [InlineData("A\u200d\u200doi", NameFault.Unreadable)]
    [InlineData("\u200dAoi", NameFault.Unreadable)]
    [InlineData("Aoi\U000e0041", NameFault.Unreadable)]
    [InlineData("Aoi 4111,1111,1111,1111", NameFault.CardNumber)]
    [InlineData("علی\u200cرضا", NameFault.None)]
    [InlineData("श्री\u200dराम क\u094d\u200dष", NameFault.None)]
    [InlineData("👩\u200d💻 さくら", NameFault.None)]
    [InlineData("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", NameFault.None)]
    [InlineData("❤\ufe0f", NameFault.None)]
    [InlineData("葛\U000e0100城", NameFault.None)]
    [InlineData("髙﨑 𠮷", NameFault.None)]
    [InlineData("Nguyễn Thị", NameFault.None)]
    public void A_name_is_one_that_can_be_seen(string typed, NameFault fault) => OneLineName.FaultOf(typed).ShouldBe(fault);

    [Theory]
    [InlineData("4111_1111_1111_1111")]
    [InlineData("4111/1111/1111/1111")]
    [InlineData("4111,1111,1111,1111")]
    [InlineData("4111, 1111, 1111, 1111")]
    [InlineData("4111・1111・1111・1111")]
    [InlineData("4\u200b1\u200b1\u200b1111111111111")]
    [InlineData("41111111\u206011111111")]
    [InlineData("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1")]
    [InlineData("٤١١١١١١١١١١١١١١١")]
    [InlineData("４１１１－１１１１－１１１１－１１１１")]
    [InlineData("④①①①①①①①①①①①①①①①")]
    [InlineData("no.4111111111111111です")]
    [InlineData("3782 822463 10005")]
    [InlineData("5555555555554444")]
    [InlineData("2223003122003222")]
    [InlineData("3530111333300000")]
    [InlineData("6011111111111117")]
    [InlineData("36227206271667")]
    [InlineData("6200000000000005")]
    [InlineData("4222222222222")]
    [InlineData("100円 4111 1111 1111 1111")]
    public void A_card_number_is_seen_however_it_is_written(string text) => CardDigits.In(text).ShouldBeTrue(text);

    [Theory]
    [InlineData("JAN 4901234567894 返品")]
    [InlineData("4512345678906, 4901234567894")]
    [InlineData("090-1234-5678 06-6345-0001")]
    [InlineData("1763765432123")]
    [InlineData("2026-11-28 21:41:02")]
    [InlineData("9784101010014")]
    [InlineData("99901 2345 6789 0123 45")]
    [InlineData("411111111111111")]
    public void What_is_no_card_number_is_kept(string text) => CardDigits.In(text).ShouldBeFalse(text);

    [Fact]
    public void No_Japanese_article_number_is_a_card()
    {
        for (var i = 0L; i < 2_000; i++)
        {
            var body = (i % 2 == 0 ? 490_000_000_000 : 450_000_000_000) + i * 4_999_979 % 10_000_000_000;
            var digits = body.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var sum = digits.Select((d, at) => (d - '0') * (at % 2 == 0 ? 1 : 3)).Sum();
            CardDigits.In($"JAN {digits}{(10 - sum % 10) % 10}").ShouldBeFalse(digits);
        }
    }
}
