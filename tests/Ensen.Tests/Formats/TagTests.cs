using System.Text;
using System.Text.Json;
using Ensen.Formats;

namespace Ensen.Tests.Formats;

public sealed class TagTests
{
    private static readonly JsonElement File = JsonDocument.Parse(Judges.Vectors("tag-sun.json")).RootElement;
    private static readonly TagKeys Ours = TagKeys.FromMaster(Convert.FromHexString("00112233445566778899AABBCCDDEEFF"));

    [Fact]
    public void AES_CMAC_gives_the_published_MACs()
    {
        var key = Bytes(File.GetProperty("aesCmac"), "key");
        foreach (var one in File.GetProperty("aesCmac").GetProperty("of").EnumerateArray())
            Convert.ToHexStringLower(AesCmac.Of(key, Bytes(one, "message"))).ShouldBe(Text(one, "mac"));

        // RFC 4493 section 4, examples 3 and 4: a last block that is not whole, and four whole ones.
        var message = Convert.FromHexString(
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
        Convert.ToHexStringLower(AesCmac.Of(key, message.AsSpan(0, 40))).ShouldBe("dfa66747de9ae63030ca32611497c827");
        Convert.ToHexStringLower(AesCmac.Of(key, message)).ShouldBe("51f0bebf7e3b9d92fc49741779363cfe");
    }

    [Fact]
    public void Another_implementation_finds_the_same_MACs()
    {
        var random = new Random(20260401);
        var questions = Enumerable.Range(0, 100).Select(length =>
        {
            var key = new byte[16];
            var message = new byte[length];
            random.NextBytes(key);
            random.NextBytes(message);
            return (Key: key, Message: message);
        }).ToList();

        var asked = questions.Select(one => new { key = Convert.ToHexString(one.Key), message = Convert.ToHexString(one.Message) });
        Judges.Ask<string[]>("aes-cmac.mjs", asked).ShouldBe(
            questions.Select(one => Convert.ToHexStringLower(AesCmac.Of(one.Key, one.Message))));
    }

    [Fact]
    public void The_key_of_a_card_is_the_one_that_AN10922_publishes() =>
        Convert.ToHexString(TagKeys.Diversify(
            Convert.FromHexString("00112233445566778899AABBCCDDEEFF"),
            Convert.FromHexString("04782E21801D80" + "3042F5" + "4E585020416275")))
        .ShouldBe("A8DD63A3B89D54B37CA802473FDA9175");

    [Fact]
    public void Every_published_message_is_opened_and_proven()
    {
        var count = 0;
        foreach (var one in File.GetProperty("encrypted").EnumerateArray())
        {
            var keys = TagKeys.Same(Bytes(one, "metaReadKey"), Bytes(one, "fileReadKey"));
            var counter = one.GetProperty("counter").GetInt32();
            var mirrored = one.TryGetProperty("macInput", out var input) ? input.GetString()! : "";

            SunMessage.TryRead(Text(one, "piccData"), Text(one, "cmac"), keys, out var touch, mirrored).ShouldBeTrue();
            touch.ShouldBe(new TagTouch(Text(one, "uid"), counter));
            byte[] written = [(byte)counter, 0, 0];
            Convert.ToHexString(SunMessage.SessionMacKey(Bytes(one, "fileReadKey"), Bytes(one, "uid"), written))
                .ShouldBe(Text(one, "sessionMacKey"));
            count++;
        }

        count.ShouldBe(2);
    }

    [Fact]
    public void The_published_wrong_proof_is_refused()
    {
        var zeros = TagKeys.Same(new byte[16], new byte[16]);
        foreach (var one in File.GetProperty("invalid").EnumerateArray())
            SunMessage.TryRead(Text(one, "piccData"), Text(one, "cmac"), zeros, out _, Text(one, "enc") + "&cmac=").ShouldBeFalse();
    }

    [Theory, InlineData(0), InlineData(1), InlineData(0x0000FF), InlineData(0x000100), InlineData(0xABCDEF), InlineData(0xFFFFFF)]
    public void What_the_sandbox_tag_says_is_read_back(int counter)
    {
        var touch = new TagTouch("04A1B2C3D4E5F6", counter);
        var said = SunMessage.Make(touch, Ours);
        SunMessage.TryRead(said.PiccData, said.Cmac, Ours, out var read).ShouldBeTrue();
        read.ShouldBe(touch);
        SunMessage.TryRead(said.PiccData.ToLowerInvariant(), said.Cmac.ToLowerInvariant(), Ours, out read).ShouldBeTrue();
        read.ShouldBe(touch);
    }

    [Fact]
    public void One_changed_digit_anywhere_is_refused()
    {
        var said = SunMessage.Make(new TagTouch("04A1B2C3D4E5F6", 7), Ours);
        for (var place = 0; place < 32; place++)
            SunMessage.TryRead(Changed(said.PiccData, place), said.Cmac, Ours, out var touch)
                .ShouldBeFalse($"picc_data at {place} read as {touch}");

        for (var place = 0; place < 16; place++)
            SunMessage.TryRead(said.PiccData, Changed(said.Cmac, place), Ours, out _).ShouldBeFalse($"cmac at {place}");
    }

    [Fact]
    public void The_proof_of_one_touch_or_tag_is_none_for_another()
    {
        var first = SunMessage.Make(new TagTouch("04A1B2C3D4E5F6", 7), Ours);
        var next = SunMessage.Make(new TagTouch("04A1B2C3D4E5F6", 8), Ours);
        var other = SunMessage.Make(new TagTouch("04A1B2C3D4E5F7", 7), Ours);
        SunMessage.TryRead(next.PiccData, first.Cmac, Ours, out _).ShouldBeFalse();
        SunMessage.TryRead(other.PiccData, first.Cmac, Ours, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_tag_of_another_operator_is_refused()
    {
        var said = SunMessage.Make(new TagTouch("04A1B2C3D4E5F6", 7), TagKeys.FromMaster(new byte[16]));
        SunMessage.TryRead(said.PiccData, said.Cmac, Ours, out _).ShouldBeFalse();
    }

    [Fact]
    public void Each_tag_has_its_own_key_and_none_is_the_shared_one()
    {
        var one = Ours.FileRead(Convert.FromHexString("04A1B2C3D4E5F6")).ToArray();
        one.ShouldNotBe(Ours.FileRead(Convert.FromHexString("04A1B2C3D4E5F7")).ToArray());
        one.ShouldNotBe(Ours.MetaRead.ToArray());
        Ours.FileRead(new byte[7]).ToArray().ShouldNotBe(Ours.MetaRead.ToArray());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData("EF963FF7828658A599F3041510671E88", null)]
    [InlineData("EF963FF7828658A599F3041510671E88", "94EED9EE6533708")]
    [InlineData("EF963FF7828658A599F3041510671E88", "94EED9EE653370866")]
    [InlineData("EF963FF7828658A599F3041510671E8", "94EED9EE65337086")]
    [InlineData("EF963FF7828658A599F3041510671EZZ", "94EED9EE65337086")]
    [InlineData("ＥＦ963FF7828658A599F3041510671E88", "94EED9EE65337086")]
    [InlineData("00000000000000000000000000000000", "0000000000000000")]
    public void A_missing_or_misshapen_message_is_refused(string? piccData, string? cmac) =>
        SunMessage.TryRead(piccData, cmac, TagKeys.Same(new byte[16], new byte[16]), out _).ShouldBeFalse();

    [Fact]
    public void A_tag_that_does_not_tell_both_who_it_is_and_its_counter_is_refused()
    {
        var keys = TagKeys.Same(new byte[16], new byte[16]);
        foreach (var (first, good) in new[] { (0xC7, true), (0x87, false), (0x47, false), (0xC4, false), (0xCA, false) })
        {
            byte[] uid = [4, 1, 2, 3, 4, 5, 6], counter = [9, 0, 0];
            using var aes = System.Security.Cryptography.Aes.Create();
            aes.SetKey(new byte[16]);
            byte[] plain = [(byte)first, .. uid, .. counter, 0, 0, 0, 0, 0];
            var piccData = aes.EncryptCbc(plain, new byte[16], System.Security.Cryptography.PaddingMode.None);
            var whole = AesCmac.Of(SunMessage.SessionMacKey(new byte[16], uid, counter), []);
            byte[] cmac = [.. whole.Where((_, position) => position % 2 == 1)];
            SunMessage.TryRead(Convert.ToHexString(piccData), Convert.ToHexString(cmac), keys, out _).ShouldBe(good, $"{first:X2}");
        }
    }

    [Fact]
    public void A_proof_cut_short_is_refused_even_where_only_zeros_were_cut()
    {
        var said = Enumerable.Range(0, 10_000)
            .Select(counter => SunMessage.Make(new TagTouch("04A1B2C3D4E5F6", counter), Ours))
            .First(one => one.Cmac.EndsWith("00", StringComparison.Ordinal));
        SunMessage.TryRead(said.PiccData, said.Cmac, Ours, out _).ShouldBeTrue();
        SunMessage.TryRead(said.PiccData, said.Cmac[..^2], Ours, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_megabyte_is_refused() =>
        SunMessage.TryRead(new string('0', 1_000_000), new string('0', 1_000_000), Ours, out _).ShouldBeFalse();

    private static string Changed(string hex, int place) => new StringBuilder(hex) { [place] = hex[place] == '0' ? '1' : '0' }.ToString();

    private static string Text(JsonElement one, string name) => one.GetProperty(name).GetString()!;

    private static byte[] Bytes(JsonElement one, string name) => Convert.FromHexString(Text(one, name));
}
