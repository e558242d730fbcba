using System.Text.Json;
using Ensen.Formats;
using FsCheck;
using FsCheck.Fluent;

namespace Ensen.Tests.Formats;

public sealed class ShownCodeTests
{
    private const string Prefix = "9990";

    [Fact]
    public void A_new_number_has_nineteen_digits_the_prefix_and_a_good_check_digit()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var number = ShownCodeNumber.New(Prefix);
            number.Digits.Length.ShouldBe(19);
            number.Digits.ShouldStartWith(Prefix);
            ShownCodeNumber.TryParse(number.Digits, Prefix, out var read, out _).ShouldBeTrue();
            read.ShouldBe(number);
        }
    }

    [Fact]
    public void Every_place_behind_the_prefix_takes_every_digit_and_no_number_comes_twice()
    {
        var numbers = Enumerable.Range(0, 2_000).Select(_ => ShownCodeNumber.New(Prefix).Digits).ToHashSet();
        numbers.Count.ShouldBe(2_000);
        for (var place = Prefix.Length; place < 19; place++)
            numbers.Select(digits => digits[place]).Distinct().Count().ShouldBe(10, $"place {place}");
    }

    [Theory]
    [InlineData("7992739871", '3')]   // the worked example of the annex
    [InlineData("411111111111111", '1')]
    public void The_check_digit_is_the_one_that_cards_use(string start, char check)
    {
        var zeros = new string('0', 18 - start.Length);   // leading zeros do not change a Luhn sum
        ShownCodeNumber.TryParse(zeros + start + check, "0", out _, out var fault).ShouldBeTrue(fault.ToString());
    }

    [Fact]
    public void One_changed_digit_anywhere_is_found()
    {
        var digits = ShownCodeNumber.New(Prefix).Digits;
        for (var place = 0; place < 19; place++)
            for (var other = '0'; other <= '9'; other++)
                if (digits[place] != other)
                    FaultOf(digits[..place] + other + digits[(place + 1)..]).ShouldBe(ShownCodeFault.WrongCheckDigit);
    }

    [Fact]
    public void Spaces_between_the_digits_are_overlooked()
    {
        var number = ShownCodeNumber.New(Prefix);
        number.Grouped.Length.ShouldBe(23);
        ShownCodeNumber.TryParse($"  {number.Grouped} ", Prefix, out var read, out _).ShouldBeTrue();
        read.ShouldBe(number);
    }

    /// <summary>A scanner is a keyboard: what its keys make of a code on the way is taken back where nothing was lost.</summary>
    [Fact]
    public void What_scanners_and_keyboards_make_of_a_code_is_read()
    {
        for (var i = 0; i < 50; i++)
        {
            var number = ShownCodeNumber.New(Prefix);
            var (bars, qr) = (number.Digits, ConsumerQr.Write(number));
            foreach (var typed in new[]
            {
                "]C1" + bars, "[C1" + bars, "]c1" + bars, "]Q3" + qr, "\u0002" + bars + "\u0003\r\n", bars + "\t",
                    number.Grouped.Replace(' ', '-'),
                Wide(bars), Wide(qr), Wide("]C1" + bars), qr.Replace('=', '^').Replace('+', '~'), SwapCase(qr),
                SwapCase(qr.Replace('=', '^').Replace('+', '~')),
            })
            {
                ShownCodeNumber.TryScan(typed, Prefix, out var read, out var fault).ShouldBeTrue($"{typed}: {fault}");
                read.ShouldBe(number);
            }

            foreach (var lost in new[] { qr.ToUpperInvariant(), qr.ToLowerInvariant() })
            {
                ShownCodeNumber.TryScan(lost, Prefix, out _, out var fault).ShouldBeFalse();
                fault.ShouldBe(ShownCodeFault.CaseLost);
            }
        }

        static string Wide(string text) => string.Concat(text.Select(c => (char)(c - '!' + '！')));
        static string SwapCase(string text) =>
            string.Concat(text.Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)));
    }

    [Theory]
    [InlineData(null, ShownCodeFault.Empty)]
    [InlineData("", ShownCodeFault.Empty)]
    [InlineData("   ", ShownCodeFault.Empty)]
    [InlineData("123456789012345678", ShownCodeFault.NotACode)]
    [InlineData("12345678901234567890", ShownCodeFault.NotACode)]
    [InlineData("９９９００００００００００００００００", ShownCodeFault.WrongCheckDigit)]
    [InlineData("-990000000000000000", ShownCodeFault.NotACode)]
    [InlineData("4901234567894", ShownCodeFault.NotACode)]
    [InlineData("https://rail-pay.example.evil/t/1", ShownCodeFault.NotACode)]
    [InlineData("9990-0000-0000-0000-000", ShownCodeFault.WrongCheckDigit)]
    [InlineData("]C19990-0000", ShownCodeFault.NotACode)]
    [InlineData("0000000000000000000", ShownCodeFault.NotOurs)]
    [InlineData("hQ==", ShownCodeFault.BrokenField)]
    [InlineData("hQV", ShownCodeFault.NotACode)]
    [InlineData("hQVDUFYwMg==", ShownCodeFault.NotEmv)]
    public void What_is_not_a_shown_code_is_named(string? text, ShownCodeFault fault) => FaultOf(text).ShouldBe(fault);

    [Fact]
    public void A_number_in_a_log_line_shows_its_end_only()
    {
        var number = ShownCodeNumber.New(Prefix);
        $"{number}".ShouldBe($"shown code ending in {number.Digits[^4..]}");
    }

    [Theory, InlineData(""), InlineData("1234567"), InlineData("12a"), InlineData("９９")]
    public void A_prefix_leaves_enough_to_chance(string prefix) => Should.Throw<ArgumentException>(() => ShownCodeNumber.New(prefix));

    [Fact]
    public void The_QR_carries_the_number_of_the_bar_code()
    {
        var number = ShownCodeNumber.New(Prefix);
        var text = ConsumerQr.Write(number);
        ConsumerQr.TryRead(text, out var qr, out _).ShouldBeTrue();
        qr.OurAccount.ShouldBe(number.Digits);
        ShownCodeNumber.TryScan(text, Prefix, out var read, out _).ShouldBeTrue();
        read.ShouldBe(number);
        ShownCodeNumber.TryScan(number.Digits, Prefix, out read, out _).ShouldBeTrue();
        read.ShouldBe(number);
        ShownCodeNumber.TryScan(text, "8880", out _, out var fault).ShouldBeFalse();
        fault.ShouldBe(ShownCodeFault.NotOurs);
    }

    [Fact]
    public void Both_judges_read_the_QR_and_zbar_reads_the_bar_code()
    {
        var number = ShownCodeNumber.New(Prefix);
        var text = ConsumerQr.Write(number);
        Judges.JsQr(Picture.OfQr(text, 4)).ShouldBe(text);
        Judges.Zbar(Picture.OfQr(text, 4)).ShouldBe(text);
        Judges.Zbar(Picture.OfBars(Code128.Svg(number.Digits, "code"), 2)).ShouldBe(number.Digits);
    }

    [Fact]
    public void Every_published_code_is_read_to_the_last_field()
    {
        using var file = JsonDocument.Parse(Judges.Vectors("emv-consumer-presented.json"));
        var count = 0;
        foreach (var vector in file.RootElement.GetProperty("valid").EnumerateArray())
        {
            var payload = vector.GetProperty("payload").GetString()!;
            ConsumerQr.TryRead(payload, out var code, out var fault).ShouldBeTrue(fault.ToString());
            Convert.ToBase64String(BerTlv.Write(code.Objects)).ShouldBe(payload);
            System.Text.Encoding.ASCII.GetString(code.Objects[0].Value.Span).ShouldBe(vector.GetProperty("85").GetString());
            if (vector.TryGetProperty("61", out var applications))
                applications.EnumerateArray().Zip(code.Objects.Where(one => one.Tag == 0x61)).ToList()
                    .ForEach(pair => Same(pair.First, pair.Second));
            if (vector.TryGetProperty("62", out var common))
                Same(common, code.Objects.Single(one => one.Tag == 0x62));
            ShownCodeNumber.TryScan(payload, Prefix, out _, out fault).ShouldBeFalse();
            fault.ShouldBe(ShownCodeFault.NotOurs);
            count++;
        }

        count.ShouldBe(3);
    }

    [Fact]
    public void Our_number_in_the_application_of_another_network_is_not_ours()
    {
        var text = ConsumerQr.Write(ShownCodeNumber.New(Prefix));
        var bytes = Convert.FromBase64String(text);
        bytes[17] ^= 1;   // the last byte of the application identifier
        FaultOf(Convert.ToBase64String(bytes)).ShouldBe(ShownCodeFault.NotOurs);
    }

    [Fact]
    public void The_account_of_a_code_network_wallet_is_read()
    {
        ConsumerQr.TryRead("hQVDUFYwMWEfTwigAAAAZQOSAlcTMViZAAAAAAHUkSEhAAAAAAAADw==", out var code, out _).ShouldBeTrue();
        var application = code.Applications.ShouldHaveSingleItem();
        application.Aid.ShouldBe("A000000065039202");
        application.Account.ShouldBe("3158990000000001");
    }

    [Fact]
    public void Every_cut_of_a_good_QR_is_refused_and_no_changed_byte_throws()
    {
        var bytes = Convert.FromBase64String(ConsumerQr.Write(ShownCodeNumber.New(Prefix)));
        for (var length = 0; length < bytes.Length; length++)
            ConsumerQr.TryRead(Convert.ToBase64String(bytes[..length]), out _, out _).ShouldBeFalse($"cut to {length}");

        for (var place = 0; place < bytes.Length; place++)
            for (var value = 0; value <= 255; value++)
            {
                var changed = bytes.ToArray();
                changed[place] = (byte)value;
                ShownCodeNumber.TryScan(Convert.ToBase64String(changed), Prefix, out _, out _);
            }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000")]              // a filler where a tag belongs
    [InlineData("FF00")]
    [InlineData("61800000")]          // a length to be found later
    [InlineData("8A800003AA")]
    [InlineData("6183000001")]        // a length in three bytes
    [InlineData("6181")]              // lengths that break off
    [InlineData("618201")]
    [InlineData("6182FFFF")]
    [InlineData("5F")]                // tags that break off or go on
    [InlineData("5F81")]
    public void What_is_not_data_objects_is_refused(string behindTheBeginning)
    {
        var fault = FaultOf(Convert.ToBase64String(Convert.FromHexString("85054350563031" + behindTheBeginning)));
        fault.ShouldBe(behindTheBeginning.Length == 0 ? ShownCodeFault.NotEmv : ShownCodeFault.BrokenField);
    }

    [Theory]
    [InlineData("85054350563032" + "61094F07F0454E53454E01")]   // version 02
    [InlineData("86054350563031" + "61094F07F0454E53454E01")]   // does not begin with 85
    [InlineData("85054350563031" + "62094F07F0454E53454E01")]   // no application
    [InlineData("85054350563031" + "6103500141")]               // an application of nobody
    [InlineData("85054350563031" + "61064F04F0454E53")]         // an identifier of four bytes
    [InlineData("85054350563031" + "6100")]
    public void Each_demand_of_the_consumer_presented_mode_is_checked(string hex)
    {
        ConsumerQr.TryRead(Convert.ToBase64String(Convert.FromHexString(hex)), out _, out var fault).ShouldBeFalse();
        fault.ShouldBe(ShownCodeFault.NotEmv);
    }

    [Fact]
    public void Long_values_are_written_as_they_are_read()
    {
        foreach (var length in new[] { 0, 1, 127, 128, 255, 256, 300 })
        {
            var written = BerTlv.Write([BerTlv.Of(0x9F26, new byte[length])]);
            BerTlv.TryRead(written, out var read).ShouldBeTrue();
            read.ShouldHaveSingleItem().Value.Length.ShouldBe(length);
        }
    }

    [Fact]
    public void No_bytes_make_the_reader_throw() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
            FaultOf(Convert.ToBase64String([0x85, 0x05, .. "CPV01"u8, .. bytes])) != ShownCodeFault.None).QuickCheckThrowOnFailure();

    [Fact]
    public void Nesting_without_end_and_a_megabyte_are_refused_at_once()
    {
        byte[] nested = [];
        for (var depth = 0; depth < 60; depth++)
            nested = BerTlv.Write([BerTlv.Of(0x61, (ReadOnlyMemory<byte>)nested)]);

        FaultOf(Convert.ToBase64String(BerTlv.Write([BerTlv.Of(0x85, "CPV01"u8.ToArray())]).Concat(nested).ToArray()))
            .ShouldBe(ShownCodeFault.BrokenField);
        FaultOf("hQ" + new string('A', 1_000_000)).ShouldBe(ShownCodeFault.TooLong);
        FaultOf(new string('9', 1_000_000)).ShouldBe(ShownCodeFault.TooLong);
    }

    private static void Same(JsonElement expected, BerTlv actual)
    {
        foreach (var property in expected.EnumerateObject())
        {
            var inside = actual.Inside.Single(one => one.Tag == Convert.ToInt32(property.Name, 16));
            if (property.Value.ValueKind == JsonValueKind.Object)
                Same(property.Value, inside);
            else if (property.Name is "4F" or "57" or "5A" || property.Name.StartsWith("9F", StringComparison.Ordinal))
                inside.Hex.ShouldBe(property.Value.GetString());
            else
                System.Text.Encoding.ASCII.GetString(inside.Value.Span).ShouldBe(property.Value.GetString());
        }

        actual.Inside.Count.ShouldBe(expected.EnumerateObject().Count());
    }

    private static ShownCodeFault FaultOf(string? text)
    {
        ShownCodeNumber.TryScan(text, Prefix, out var number, out var fault).ShouldBe(fault == ShownCodeFault.None);
        (number is null).ShouldBe(fault != ShownCodeFault.None);
        return fault;
    }
}
