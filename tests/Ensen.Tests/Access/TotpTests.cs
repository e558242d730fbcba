using System.Security.Cryptography;
using System.Text;
using Ensen.Access;

namespace Ensen.Tests.Access;

/// <summary>Codes of authenticators, by the vectors of RFC 6238 and by its rules for what is late, early or used.</summary>
public class TotpTests
{
    static readonly byte[] s_rfc = Encoding.ASCII.GetBytes("12345678901234567890");
    static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(1_234_567_890);

    // Appendix B of RFC 6238, SHA-1; its codes have eight digits, and six are the last of them.
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1_111_111_109, "07081804")]
    [InlineData(1_111_111_111, "14050471")]
    [InlineData(1_234_567_890, "89005924")]
    [InlineData(2_000_000_000, "69279037")]
    [InlineData(20_000_000_000, "65353130")]
    public void The_vectors_of_the_standard_hold(long seconds, string eight)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);

        Totp.CodeAt(s_rfc, at).ShouldBe(eight[2..]);
        Totp.StepOf(s_rfc, eight[2..], at, lastUsed: 0).ShouldBe(seconds / 30);
    }

    [Fact]
    public void A_code_is_good_once_and_an_older_one_is_not_good_after_it()
    {
        var before = Totp.CodeAt(s_rfc, s_now.AddSeconds(-30));
        var used = Totp.StepOf(s_rfc, Totp.CodeAt(s_rfc, s_now), s_now, lastUsed: 0)!.Value;

        Totp.StepOf(s_rfc, Totp.CodeAt(s_rfc, s_now), s_now, used).ShouldBeNull();
        Totp.StepOf(s_rfc, before, s_now, used).ShouldBeNull();
        Totp.StepOf(s_rfc, before, s_now, lastUsed: 0).ShouldBe(used - 1);
        Totp.StepOf(s_rfc, Totp.CodeAt(s_rfc, s_now.AddSeconds(30)), s_now.AddSeconds(30), used).ShouldBe(used + 1);
    }

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void A_step_early_or_late_is_taken_and_no_more(int seconds, bool taken) =>
        Totp.StepOf(s_rfc, Totp.CodeAt(s_rfc, s_now.AddSeconds(seconds)), s_now, lastUsed: 0).HasValue.ShouldBe(taken);

    [Theory]
    [InlineData("005 924", true)]
    [InlineData("００５９２４", true)]
    [InlineData("005924 ", true)]
    [InlineData("05924", false)]
    [InlineData("0059240", false)]
    [InlineData("89005924", false)]
    [InlineData("00592a", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void What_is_typed_is_six_digits_however_they_are_written(string? typed, bool taken) =>
        Totp.StepOf(s_rfc, typed, s_now, lastUsed: 0).HasValue.ShouldBe(taken);

    [Fact]
    public void A_secret_is_160_random_bits_and_reads_as_authenticators_want_it()
    {
        var secret = Totp.NewSecret();

        secret.Length.ShouldBe(20);
        Totp.NewSecret().ShouldNotBe(secret);
        Totp.Text(secret).ShouldMatch("^[A-Z2-7]{32}$");
        Totp.Text(s_rfc).ShouldBe("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        var address = new Uri(Totp.Address(s_rfc, "Ensen", "葵 sato@example.jp"));
        address.Scheme.ShouldBe("otpauth");
        address.Host.ShouldBe("totp");
        Uri.UnescapeDataString(address.AbsolutePath).ShouldBe("/Ensen:葵 sato@example.jp");
        address.Query.ShouldContain("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        address.Query.ShouldContain("issuer=Ensen");
        address.Query.ShouldContain("digits=6");
        address.Query.ShouldContain("period=30");
    }

    [Fact]
    public void Codes_are_those_of_the_platforms_hmac()
    {
        var secret = Totp.NewSecret();
        Span<byte> counter = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(counter, s_now.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // The standard's own hash: authenticators know no other.
        var hash = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        var number = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xF, 4)) & 0x7FFF_FFFF;

        Totp.CodeAt(secret, s_now).ShouldBe((number % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture));
    }
}
