using System.Globalization;
using System.Text;
using System.Text.Json;
using Ensen.Formats;
using FsCheck;
using FsCheck.Fluent;

namespace Ensen.Tests.Formats;

public sealed class StoreCodeTests
{
    private static readonly JsonElement File = JsonDocument.Parse(Judges.Vectors("emv-merchant-presented.json")).RootElement;
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("a key of the tests, 32 bytes long");
    private static readonly DateTimeOffset Now = new(2026, 4, 1, 9, 0, 0, TimeSpan.FromHours(9));
    private static readonly StoreSign Bakery = new("str_01j9zq8v4m6t2k7x5n3c1b0d9f", "天満ベーカリー", "Tenma Bakery", "Osaka", "530-0001",
        "5462");
    private static readonly Bill Order = new(1_200, "ORDER-000123", Now.AddMinutes(5));

    [Fact]
    public void The_checksum_is_the_published_one()
    {
        foreach (var one in File.GetProperty("crc").EnumerateObject().Where(one => one.Name != "name"))
            Crc16.Of(Encoding.ASCII.GetBytes(one.Name)).ToString("X4", CultureInfo.InvariantCulture).ShouldBe(one.Value.GetString());
    }

    [Fact]
    public void Every_published_code_is_read_and_written_again_as_it_was()
    {
        foreach (var vector in Vectors("valid"))
        {
            EmvFields.TryRead(Payload(vector), out var fields, out var fault).ShouldBeTrue($"{vector.GetProperty("name")}: {fault}");
            EmvFields.Write(fields.All.Skip(1).SkipLast(1)).ShouldBe(Payload(vector));
            fields[63].ShouldBe(vector.GetProperty("crc").GetString());
        }

        Vectors("valid").Count.ShouldBe(4);
    }

    [Fact]
    public void Every_published_wrong_code_is_refused_for_its_reason()
    {
        Vectors("invalid").Select(Payload).Select(FaultOf).ShouldBe([StoreCodeFault.WrongChecksum, StoreCodeFault.NotEmv]);
    }

    [Fact]
    public void Lengths_count_characters_not_bytes()
    {
        EmvFields.TryRead(Payload(Vectors("valid")[0]), out var fields, out _).ShouldBeTrue();
        fields.Template(64).ShouldNotBeNull()[1].ShouldBe("最佳运输");
        EmvFields.WriteTemplate([new(1, "𠮷野家")]).ShouldBe("0103𠮷野家");
    }

    [Fact]
    public void JPQR_codes_are_read_field_by_field()
    {
        var codes = Vectors("valid").Where(vector => vector.TryGetProperty("jpqr", out _)).Select(Payload).Select(Shape).ToList();
        codes.Count.ShouldBe(2);
        codes[0].ShouldBe(new Jpqr
        {
            IsDynamic = false,
            Levels = new JpqrLevels("1234567890123", "0001", "000001", "000001"),
            Category = "5411",
            LatinName = "TEST SHOP",
            LatinCity = "OSAKA",
            PostalCode = "5300001",
            Name = "テスト商店",
        });
        codes[1].ShouldBe(codes[0] with
        {
            IsDynamic = true,
            AmountYen = 1234,
            BillNumber = "ORDER-0001",
            ReferenceLabel = "0123456789ABCDEF",
            TerminalLabel = "POS01",
        });
    }

    [Fact]
    public void A_published_code_is_no_payment_code_of_ours() =>
        Vectors("valid").Select(Payload).Select(FaultOf).ShouldBe(
            [StoreCodeFault.NotJapanese, StoreCodeFault.NotJapanese, StoreCodeFault.NotOurs, StoreCodeFault.NotOurs]);

    [Fact]
    public void The_printed_code_of_a_store_leads_to_the_store()
    {
        MerchantQr.TryRead(MerchantQr.Static(Bakery), Key, Now, out var code, out var fault).ShouldBeTrue(fault.ToString());
        code.StoreId.ShouldBe(Bakery.StoreId);
        code.Bill.ShouldBeNull();
        code.Shape.Name.ShouldBe("天満ベーカリー");
        code.Shape.PostalCode.ShouldBe("5300001");
        code.Shape.Levels.ShouldBe(JpqrLevels.Sandbox(Bakery.StoreId));
    }

    [Fact]
    public void A_dynamic_code_brings_amount_order_and_expiry()
    {
        MerchantQr.TryRead(MerchantQr.Dynamic(Bakery, Order, Key), Key, Now, out var code, out var fault).ShouldBeTrue(fault.ToString());
        code.StoreId.ShouldBe(Bakery.StoreId);
        code.Bill.ShouldBe(Order);
    }

    [Fact]
    public void A_dynamic_code_lapses_at_its_instant()
    {
        var text = MerchantQr.Dynamic(Bakery, Order, Key);
        FaultOf(text, Order.ExpiresAt.AddMilliseconds(-1)).ShouldBe(StoreCodeFault.None);
        FaultOf(text, Order.ExpiresAt).ShouldBe(StoreCodeFault.Lapsed);
    }

    [Theory]
    [InlineData("54041200", "54041201")]                        // the amount
    [InlineData("54041200", "54031200")]                        // its length, which breaks what follows
    [InlineData("ORDER-000123", "ORDER-000124")]                // the order
    [InlineData("010212", "010211")]                            // dynamic made static, so that the amount could be typed
    [InlineData("str_01j9zq8v4m6t2k7x5n3c1b0d9f", "str_01j9zq8v4m6t2k7x5n3c1b0d9g")]   // whom the money goes to
    [InlineData("54041200", "")]                                // no amount at all
    public void What_was_altered_is_refused_though_the_checksum_fits(string was, string becomes)
    {
        var text = MerchantQr.Dynamic(Bakery, Order, Key);
        text.ShouldContain(was);
        var fault = FaultOf(Resealed(text.Replace(was, becomes, StringComparison.Ordinal)));
        fault.ShouldBeOneOf(StoreCodeFault.Altered, StoreCodeFault.BrokenField);
    }

    [Fact]
    public void A_later_expiry_or_another_key_is_refused()
    {
        var text = MerchantQr.Dynamic(Bakery, Order, Key);
        var expiry = Order.ExpiresAt.ToUnixTimeSeconds();
        FaultOf(Resealed(text.Replace($"{expiry}", $"{expiry + 600}", StringComparison.Ordinal))).ShouldBe(StoreCodeFault.Altered);
        FaultOf(MerchantQr.Dynamic(Bakery, Order, new byte[32])).ShouldBe(StoreCodeFault.Altered);
    }

    [Fact]
    public void A_printed_code_with_an_amount_added_is_refused()
    {
        var text = MerchantQr.Static(Bakery);
        FaultOf(Resealed(text.Replace("5802JP", "540499995802JP", StringComparison.Ordinal))).ShouldBe(StoreCodeFault.Altered);
    }

    [Theory]
    [InlineData("5303392", "5303840", StoreCodeFault.NotJapanese)]
    [InlineData("5802JP", "5802US", StoreCodeFault.NotJapanese)]
    [InlineData("jp.or.paymentsjapan", "jp.or.paymentsjapam", StoreCodeFault.Incomplete)]
    [InlineData("5802JP", "5802JP5802JP", StoreCodeFault.RepeatedField)]
    [InlineData("5802JP", "54011A5802JP", StoreCodeFault.BrokenField)]
    [InlineData("5802JP", "54010" + "5802JP", StoreCodeFault.WrongAmount)]
    [InlineData("5802JP", "5402-1" + "5802JP", StoreCodeFault.WrongAmount)]
    [InlineData("5802JP", "54031.5" + "5802JP", StoreCodeFault.WrongAmount)]
    [InlineData("5802JP", "5405１，０００" + "5802JP", StoreCodeFault.WrongAmount)]
    [InlineData("5802JP", "541400000000000001" + "5802JP", StoreCodeFault.WrongAmount)]
    [InlineData("example.ensen", "example.ensem", StoreCodeFault.NotOurs)]
    [InlineData("61075300001", "", StoreCodeFault.Incomplete)]
    [InlineData("61075300001", "6107530000A", StoreCodeFault.Incomplete)]
    [InlineData("0002JA", "0002EN", StoreCodeFault.Incomplete)]
    [InlineData("010211", "010213", StoreCodeFault.Incomplete)]
    [InlineData("010211", "", StoreCodeFault.Incomplete)]
    [InlineData("52045462", "5200", StoreCodeFault.BrokenField)]
    [InlineData("52045462", "５２045462", StoreCodeFault.BrokenField)]
    [InlineData("52045462", "5204546２", StoreCodeFault.Incomplete)]
    public void Each_demand_on_the_shape_is_checked(string was, string becomes, StoreCodeFault fault)
    {
        var text = MerchantQr.Static(Bakery);
        text.ShouldContain(was);
        FaultOf(Resealed(text.Replace(was, becomes, StringComparison.Ordinal))).ShouldBe(fault);
    }

    [Theory]
    [InlineData(26, "0019jp.or.paymentsjapan01129999900000010204000103060000010406000001", StoreCodeFault.Incomplete)]   // twelve digits where thirteen belong
    [InlineData(26, "0019jp.or.paymentsjapan0113999990000000102040001030600000104060000０1", StoreCodeFault.Incomplete)]
    [InlineData(59, "A NAME OF TWENTY-SIX SIGNS", StoreCodeFault.Incomplete)]
    [InlineData(60, "SIXTEEN LETTERS.", StoreCodeFault.Incomplete)]
    [InlineData(64, "0002JA", StoreCodeFault.Incomplete)]
    [InlineData(64, "0002JA0101あ0101い", StoreCodeFault.Incomplete)]      // two names: two readers could show different ones
    [InlineData(27, "0013example.ensen", StoreCodeFault.NotOurs)]
    [InlineData(27, "0013example.ensen0107str|001", StoreCodeFault.NotOurs)]
    [InlineData(27, "0013example.ensen0107str_0010107str_002", StoreCodeFault.NotOurs)]
    [InlineData(54, "", StoreCodeFault.None)]
    [InlineData(54, "10000000000000", StoreCodeFault.WrongAmount)]        // fourteen digits
    [InlineData(80, "0013example.ensen", StoreCodeFault.Altered)]         // a bill on a printed code
    [InlineData(80, "0011example.org", StoreCodeFault.Altered)]
    public void Each_demand_on_a_single_field_is_checked(int tag, string value, StoreCodeFault fault) =>
        FaultOf(With(MerchantQr.Static(Bakery), tag, value)).ShouldBe(fault);

    [Fact]
    public void A_bill_of_another_network_is_not_believed()
    {
        var text = MerchantQr.Dynamic(Bakery, Order, Key);
        EmvFields.TryRead(text, out var fields, out _).ShouldBeTrue();
        FaultOf(With(text, 80, fields[80]!.Replace("example.ensen", "example.ensem", StringComparison.Ordinal)))
            .ShouldBe(StoreCodeFault.Altered);
    }

    [Fact]
    public void A_signature_cut_short_is_refused_even_where_only_zeros_were_cut()
    {
        var ending = Enumerable.Range(0, 10_000)
            .Select(number => MerchantQr.Dynamic(Bakery, Order with { OrderId = $"ORDER-{number}" }, Key))
            .First(text => Bill(text).EndsWith("00", StringComparison.Ordinal));
        FaultOf(ending).ShouldBe(StoreCodeFault.None);
        FaultOf(With(ending, 80, Bill(ending).Replace("0324", "0322", StringComparison.Ordinal)[..^2])).ShouldBe(StoreCodeFault.Altered);

        static string Bill(string text) => EmvFields.TryRead(text, out var fields, out _) ? fields[80]! : "";
    }

    [Fact]
    public void The_checksum_stands_in_the_checksum_field()
    {
        var text = MerchantQr.Static(Bakery);
        FaultOf(Resealed(text[..^8] + "99040000")).ShouldBe(StoreCodeFault.NoChecksum);
    }

    [Theory]
    [InlineData(null, StoreCodeFault.Empty)]
    [InlineData("", StoreCodeFault.Empty)]
    [InlineData("https://rail-pay.example.evil/t/tag_01j9zq8v4m6t2k7x5n3c1b0d9f", StoreCodeFault.NotEmv)]
    [InlineData("000201", StoreCodeFault.NoChecksum)]
    [InlineData("0002016304", StoreCodeFault.BrokenField)]
    [InlineData("00020163040000", StoreCodeFault.WrongChecksum)]
    [InlineData("0002015902𠮷", StoreCodeFault.BrokenField)]
    [InlineData("０００２０１", StoreCodeFault.NotEmv)]
    public void What_is_no_code_is_named(string? text, StoreCodeFault fault) => FaultOf(text).ShouldBe(fault);

    [Fact]
    public void Half_a_surrogate_pair_is_no_text()
    {
        FaultOf("000201\uD800").ShouldBe(StoreCodeFault.NotUnicode);
        FaultOf("0002015901\uDFB763040000").ShouldBe(StoreCodeFault.NotUnicode);
    }

    [Fact]
    public void A_megabyte_is_refused_at_once()
    {
        FaultOf("000201" + new string('9', 1_000_000)).ShouldBe(StoreCodeFault.TooLong);
        FaultOf(new string('h', 1_000_000)).ShouldBe(StoreCodeFault.TooLong);
        FaultOf("000201" + string.Concat(Enumerable.Repeat("590199", 100))).ShouldBe(StoreCodeFault.TooLong);
    }

    [Fact]
    public void Every_cut_and_every_changed_character_of_a_good_code_is_refused()
    {
        var text = MerchantQr.Dynamic(Bakery, Order, Key);
        for (var length = 0; length < text.Length; length++)
            FaultOf(text[..length]).ShouldNotBe(StoreCodeFault.None);

        for (var place = 0; place < text.Length; place++)
            foreach (var other in "09AZ\u0000\uD800\uDC00店")
                if (text[place] != other)
                    FaultOf(text[..place] + other + text[(place + 1)..]).ShouldNotBe(StoreCodeFault.None);
    }

    [Fact]
    public void No_text_makes_the_reader_throw() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text =>
            FaultOf(text) != StoreCodeFault.None && FaultOf("000201" + text) != StoreCodeFault.None).QuickCheckThrowOnFailure();

    [Fact]
    public void No_fields_under_a_good_checksum_make_the_reader_throw() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Tag, string? Value)[]>(), fields =>
        {
            var written = string.Concat(fields.Select(field => $"{field.Tag % 100:D2}{(field.Value?.Length ?? 0) % 100:D2}{field.Value}"));
            return FaultOf(Resealed("000201" + written + "63040000")) != StoreCodeFault.None;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_a_store_is_called_its_code_is_read_back() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>().Filter(name => name is not null), ArbMap.Default.ArbFor<PositiveInt>(),
            (name, amount) =>
        {
            var bill = Order with { AmountYen = amount.Get };
            var text = MerchantQr.Dynamic(Bakery with { Name = name, LatinName = name, LatinCity = name }, bill, Key);
            MerchantQr.TryRead(text, Key, Now, out var code, out _).ShouldBeTrue();
            return code.Bill == bill && code.StoreId == Bakery.StoreId && text.Length <= EmvFields.LongestPayload;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Long_and_strange_names_are_cut_to_fit()
    {
        var shape = Shape(MerchantQr.Static(Bakery with { Name = string.Concat(Enumerable.Repeat("𠮷", 40)), LatinName = "Ｃａｆé 喫茶", LatinCity = "大阪" }));
        shape.Name.EnumerateRunes().Count().ShouldBe(25);
        shape.LatinName.ShouldBe("Cafe");
        shape.LatinCity.ShouldBe("JAPAN");
    }

    [Fact]
    public void A_store_or_a_bill_that_does_not_fit_is_an_error_of_the_program()
    {
        Should.Throw<ArgumentException>(() => MerchantQr.Static(Bakery with { PostalCode = "530" }));
        Should.Throw<ArgumentException>(() => MerchantQr.Static(Bakery with { StoreId = "str|1" }));
        Should.Throw<ArgumentException>(() => MerchantQr.Dynamic(Bakery, Order with { AmountYen = 0 }, Key));
        Should.Throw<ArgumentException>(() => MerchantQr.Dynamic(Bakery, Order with { OrderId = "a|b" }, Key));
        Should.Throw<ArgumentException>(() => MerchantQr.Dynamic(Bakery, Order, Key.AsSpan(0, 15)));
    }

    [Fact]
    public void Another_decoder_reads_the_same_fields()
    {
        var texts = Vectors("valid").Select(Payload).Append(MerchantQr.Static(Bakery)).Append(
            MerchantQr.Dynamic(Bakery, Order, Key)).ToList();
        var answers = Judges.Ask<JsonElement[]>("merchant-qr.mjs", texts);
        foreach (var (text, answer) in texts.Zip(answers))
        {
            EmvFields.TryRead(text, out var fields, out _).ShouldBeTrue();
            answer.EnumerateObject().Count().ShouldBe(fields.All.Count);
            // of the additional data it knows only a part, and drops the rest
            foreach (var (tag, value) in fields.All.Where(one => one.Tag != 62))
                Written(answer.GetProperty(tag.ToString("D2", CultureInfo.InvariantCulture))).ShouldBe(value);
        }

        answers[^1].GetProperty("27").GetProperty("01").GetString().ShouldBe(Bakery.StoreId);
        answers[^1].GetProperty("54").GetString().ShouldBe("1200");
    }

    [Fact]
    public void The_other_decoder_refuses_what_has_a_wrong_checksum() =>
        Judges.Ask<JsonElement[]>("merchant-qr.mjs", new[] { Payload(Vectors("invalid")[0]) })[0].GetProperty("error").GetString()
            .ShouldNotBeNull();

    [Fact]
    public void Both_judges_read_the_pictures()
    {
        foreach (var text in new[] { MerchantQr.Static(Bakery), MerchantQr.Dynamic(Bakery, Order, Key) })
        {
            Judges.JsQr(Picture.OfQr(text, 4)).ShouldBe(text);
            Judges.Zbar(Picture.OfQr(text, 4)).ShouldBe(text);
        }
    }

    /// <summary>What the other decoder took apart, put together again.</summary>
    private static string Written(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : EmvFields.WriteTemplate(value.EnumerateObject()
                .Select(one => new EmvField(int.Parse(one.Name, CultureInfo.InvariantCulture), Written(one.Value)))
                .OrderBy(one => one.Tag));

    /// <summary>The same code with one field changed, added or (empty) left out, under a good checksum.</summary>
    private static string With(string text, int tag, string value)
    {
        EmvFields.TryRead(text, out var fields, out _).ShouldBeTrue();
        return EmvFields.Write([.. fields.All.Where(one => one.Tag is not (0 or 63) && one.Tag != tag), new(tag, value)]);
    }

    /// <summary>The forger's step: whatever was changed, the checksum fits again.</summary>
    private static string Resealed(string text)
    {
        var head = text[..^4];
        return head + Crc16.Of(Encoding.UTF8.GetBytes(head)).ToString("X4", CultureInfo.InvariantCulture);
    }

    private static Jpqr Shape(string text)
    {
        EmvFields.TryRead(text, out var fields, out var fault).ShouldBeTrue(fault.ToString());
        Jpqr.TryRead(fields, out var shape, out fault).ShouldBeTrue(fault.ToString());
        return shape;
    }

    private static StoreCodeFault FaultOf(string? text) => FaultOf(text, Now);

    private static StoreCodeFault FaultOf(string? text, DateTimeOffset now)
    {
        var read = MerchantQr.TryRead(text, Key, now, out var code, out var fault);
        (read, code is not null).ShouldBe((fault == StoreCodeFault.None, fault == StoreCodeFault.None));
        return fault;
    }

    private static List<JsonElement> Vectors(string group) => [.. File.GetProperty(group).EnumerateArray()];

    private static string Payload(JsonElement vector) => vector.GetProperty("payload").GetString()!;
}
