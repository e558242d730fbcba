using Ensen.Formats;

namespace Ensen.Tests.Formats;

public sealed class Code128Tests
{
    [Fact]
    public void Nineteen_digits_take_nine_pairs_and_one_digit()
    {
        // Start C, 9 pairs, change to B, 1 digit, check symbol: 13 symbols of 11 modules; stop: 13 modules.
        Code128.Widths("9990123456789012345").Sum().ShouldBe(13 * 11 + 13);
    }

    // By hand from table 1 and annex A of the standard: start C, 12, 34, check symbol (105 + 12 + 2 · 34) modulo 103 = 82, stop.
    [Fact]
    public void The_bars_are_those_of_the_standard() =>
        string.Concat(Code128.Widths("1234")).ShouldBe("211232" + "112232" + "131123" + "121241" + "2331112");

    [Theory]
    [InlineData("12", 4)]         // also two, where there is nothing else
    [InlineData("1234", 5)]       // start C, 2 pairs, check, stop
    [InlineData("A123", 7)]       // three digits are not worth two changes
    [InlineData("A1234", 7)]      // four are, at the end: A, change, 2 pairs
    public void Digits_are_packed_where_it_makes_the_code_shorter(string text, int symbols) =>
        Code128.Widths(text).Count.ShouldBe(6 * symbols + 1);

    [Theory]
    [InlineData("9990123456789012345")]
    [InlineData("0000000000000000000")]
    [InlineData("12")]
    [InlineData("7")]
    [InlineData("ABC-abc 12345 x1234y 99")]
    [InlineData(" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")]
    public void Zbar_reads_the_picture(string text) => Judges.Zbar(Picture.OfBars(Code128.Svg(text, "bar code"), 3)).ShouldBe(text);

    [Fact]
    public void Zbar_reads_every_pair_of_digits_and_every_letter()
    {
        var pairs = string.Concat(
            Enumerable.Range(0, 100).Select(pair => pair.ToString("D2", System.Globalization.CultureInfo.InvariantCulture)));
        foreach (var part in pairs.Chunk(50).Select(part => new string(part)))
            Judges.Zbar(Picture.OfBars(Code128.Svg(part, "pairs"), 2)).ShouldBe(part);

        var letters = string.Concat(Enumerable.Range('!', 94).Select(letter => (char)letter));
        foreach (var part in letters.Chunk(24).Select(part => new string(part)))
            Judges.Zbar(Picture.OfBars(Code128.Svg(part, "letters"), 2)).ShouldBe(part);
    }

    [Fact]
    public void Bars_cover_an_even_number_of_modules_in_each_symbol()
    {
        var widths = Code128.Widths("Ensen 0123456789");
        foreach (var symbol in widths.Take(widths.Count - 7).Chunk(6))
        {
            symbol.Sum().ShouldBe(11);
            // ISO/IEC 15417: the parity by which readers find a misread symbol
            (symbol[0] + symbol[2] + symbol[4]).ShouldBeOneOf(4, 6, 8);
        }
    }

    [Fact]
    public void The_quiet_zones_are_inside_the_picture()
    {
        var svg = Code128.Svg("1234", "bar code");
        svg.ShouldContain("viewBox=\"0 0 77 50\"");   // 10 + start 11 + 2 pairs 22 + check 11 + stop 13 + 10
        svg.ShouldContain("d=\"M10 0h");
    }

    [Fact]
    public void What_a_screen_reader_says_cannot_break_out_of_the_markup() =>
        Code128.Svg("1234", "\"><script>").ShouldContain("aria-label=\"&quot;&gt;&lt;script&gt;\"");

    [Theory, InlineData(""), InlineData("１２３４"), InlineData("a\nb")]
    public void What_a_bar_code_cannot_hold_is_an_error_of_the_program(string text) =>
        Should.Throw<ArgumentException>(() => Code128.Widths(text));
}
