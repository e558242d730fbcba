using System.Text;
using Ensen.Formats;

namespace Ensen.Tests.Formats;

/// <summary>
/// Every picture of the product says the same to every reader: zbar, jsQR (the page's own), ZXing; whatever a store is called. What is
/// plain ASCII has no ECI, for readers that never heard of one, and what a reader in ECI mode sends in front is overlooked.
/// </summary>
public sealed class QrPictureTests
{
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("a key of the tests, 32 bytes long");
    private static readonly DateTimeOffset Now = new(2026, 4, 1, 9, 0, 0, TimeSpan.FromHours(9));

    /// <summary>Names that were misread without a mark, and one of each kind that a reader might guess wrongly.</summary>
    private static readonly string[] Names =
    [
        "Café Ünïcörn", "大正パン", "森鷗外記念館", "ℳ", "寿司ー", new('一', 25), "Tenma Bakery", "天満ベーカリー", "髙﨑 𠮷", "ｶﾌｪ ﾙｰﾌﾟ", "喫茶★☆", "Ŀ·ł",
        "Naïve—“Bar”",
        "注文☕1", "한국 식당", "小吃店", "مطعم", "हिन्दी", "Кафе Ö", "ไทย", "ÿÿÿÿ", "Ã©", "¥500均一", "花＊花", "葛󠄀城", "🍣🍺", "é", "〜ー−", "①②③", "㈱大阪",
        "ﾟﾞ", "ÄÖÜß", "表示十", "ソ能ポ", "è", "ぁ", "\\000026",
    ];

    public static IEnumerable<string> Printed() => Names.Select(name => MerchantQr.Static(Sign(name)));
    public static IEnumerable<string> Billed() =>
        Names.Select((name, i) => MerchantQr.Dynamic(Sign(name), new Bill(100 + i, $"ORDER-{i}", Now.AddMinutes(5)), Key));
    public static IEnumerable<string> Plain() =>
    [
        ConsumerQr.Write(ShownCodeNumber.New("99901")), "https://pay.example.jp/t/tag_01j9zq8v4m6t2k7x5n3c1b0d9f",
        "https://pay.example.jp/send?to=mbr_01j9zq8v4m6t2k7x5n3c1b0d9f", "A", "0123456789",
    ];

    [Fact]
    public void Every_reader_reads_what_was_written()
    {
        var texts = Printed().Concat(Billed()).Concat(Plain()).ToList();
        var read = Read(texts);
        for (var i = 0; i < texts.Count; i++)
        {
            read[i].Jsqr.ShouldBe(texts[i]);
            read[i].Zxing.ShouldBe(texts[i]);
            Judges.Zbar(Picture.OfQr(texts[i], 4)).ShouldBe(texts[i]);
        }
    }

    [Fact]
    public void Any_name_is_read_as_it_is()
    {
        var chance = new Random(20260401);
        int[][] blocks = [[0x20, 0x7e], [0xa0, 0xff], [0x100, 0x17f], [0x400, 0x4ff], [0x3041, 0x3096], [0x30a1, 0x30fa], [0x4e00, 0x9fa5],
            [0xff61, 0xff9f], [0xac00, 0xd7a3], [0x1f300, 0x1f5ff]];
        var texts = Enumerable.Range(0, 60).Select(_ =>
        {
            var block = blocks[chance.Next(blocks.Length)];
            return MerchantQr.Static(
                Sign(string.Concat(Enumerable.Range(0, chance.Next(1, 25))
                .Select(_ => char.ConvertFromUtf32(chance.Next(block[0], block[1] + 1))))));
        }).ToList();
        var read = Read(texts);
        for (var i = 0; i < texts.Count; i++)
        {
            read[i].Jsqr.ShouldBe(texts[i]);
            read[i].Zxing.ShouldBe(texts[i]);
            Judges.Zbar(Picture.OfQr(texts[i], 4)).ShouldBe(texts[i]);
        }
    }

    [Fact]
    public void Only_what_is_more_than_ASCII_is_marked()
    {
        var texts = Printed().Concat(Plain()).ToList();
        var read = Read(texts);
        for (var i = 0; i < texts.Count; i++)
            read[i].Eci.ShouldBe(!Ascii.IsValid(texts[i]), texts[i]);
    }

    [Fact]
    public void What_a_reader_in_ECI_mode_sends_in_front_is_overlooked()
    {
        var texts = Printed().ToList();
        foreach (var (read, text) in Read(texts).Zip(texts))
        {
            var sent = read.Sent!.Replace(@"\\", @"\", StringComparison.Ordinal); // the protocol doubles a backslash of the text
            sent.ShouldBe(Ascii.IsValid(text) ? $"]Q1{text}" : $@"]Q2\000026{text}");
            foreach (var form in (string[])[sent, sent[3..], text])
            {
                MerchantQr.TryRead(form, Key, Now, out var code, out var fault).ShouldBeTrue($"{form}: {fault}");
                code.StoreId.ShouldBe(Sign("").StoreId);
            }
        }
    }

    private static List<Answer> Read(List<string> texts) =>
        Judges.Ask<List<Answer>>("read-qrs.mjs", texts.Select(text => Convert.ToBase64String(Picture.OfQr(text, 4).Pgm())));

    private static StoreSign Sign(string name) => new("str_01j9zq8v4m6t2k7x5n3c1b0d9f", name, "Store", "Osaka", "530-0001", "5462");

    /// <summary>What the judges of one picture say.</summary>
    private sealed record Answer(
        [property: System.Text.Json.Serialization.JsonPropertyName("jsqr")] string? Jsqr,
        [property: System.Text.Json.Serialization.JsonPropertyName("zxing")] string? Zxing,
        [property: System.Text.Json.Serialization.JsonPropertyName("eci")] bool Eci,
        [property: System.Text.Json.Serialization.JsonPropertyName("sent")] string? Sent);
}
