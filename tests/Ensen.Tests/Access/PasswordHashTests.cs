using System.Diagnostics;
using System.Security.Cryptography;
using Ensen.Access;
using Ensen.Tests.Members;
using Ensen.Tests.Support;
using Microsoft.AspNetCore.Identity;

namespace Ensen.Tests.Access;

public class PasswordHashTests
{
    [Fact]
    public void A_hash_is_of_its_password_alone_and_made_with_sha512_as_many_rounds_as_promised_and_its_own_salt()
    {
        // What a node in production stores is looked at in RealInstallationTests.
        var promised = PasswordHash.With(PasswordHash.Rounds);
        var hash = promised.HashPassword(new(), Club.Password);

        PasswordHash.Verify(hash, Club.Password).ShouldBe(PasswordVerificationResult.Success);
        PasswordHash.Verify(hash, Club.Password + "x").ShouldBe(PasswordVerificationResult.Failed);
        PasswordHash.Verify(hash, Club.Password.ToLowerInvariant()).ShouldBe(PasswordVerificationResult.Failed);
        promised.HashPassword(new(), Club.Password).ShouldNotBe(hash);

        // Marker, function (2 is SHA-512), rounds (210,000), length of the salt; computed again by the platform alone.
        var bytes = Convert.FromBase64String(hash);
        bytes[..13].ShouldBe([1, 0, 0, 0, 2, 0, 3, 0x34, 0x50, 0, 0, 0, 16]);
        bytes[29..].ShouldBe(Rfc2898DeriveBytes.Pbkdf2(Club.Password, bytes[13..29], 210_000, HashAlgorithmName.SHA512, bytes.Length - 29));
        bytes.Length.ShouldBe(13 + 16 + 32);
    }

    [Fact]
    public void Nobodys_password_is_never_right_and_takes_as_long()
    {
        PasswordHash.Verify(null, "").ShouldBe(PasswordVerificationResult.Failed);
        var mine = PasswordHash.Make(Club.Password);
        Least(() => PasswordHash.Verify(null, "x")).ShouldBeGreaterThan(Least(() => PasswordHash.Verify(mine, "x")) / 4);

        // A busy machine makes a try longer, never shorter.
        static TimeSpan Least(Action work) => Enumerable.Range(0, 20).Min(_ =>
        {
            var began = Stopwatch.GetTimestamp();
            work();
            return Stopwatch.GetElapsedTime(began);
        });
    }

    [Fact]
    public void The_same_letters_in_other_code_points_are_the_same_password() =>
        PasswordHash.Verify(PasswordHash.Make("パスフレーズが十五文字ある".Normalize(System.Text.NormalizationForm.FormD)), "パスフレーズが十五文字ある")
            .ShouldBe(PasswordVerificationResult.Success);

    [Theory]
    [InlineData("")]
    [InlineData("half of a character \ud83d")]
    [InlineData("\0")]
    public void What_is_not_text_is_wrong_and_breaks_nothing(string typed) =>
        PasswordHash.Verify(PasswordHash.Make(Club.Password), typed).ShouldBe(PasswordVerificationResult.Failed);

    [Fact]
    public void Fewer_rounds_than_today_are_right_and_old()
    {
        var old = PasswordHash.With(CheapHashes.Rounds / 2).HashPassword(new(), Club.Password);

        PasswordHash.Verify(old, Club.Password).ShouldBe(PasswordVerificationResult.SuccessRehashNeeded);
        PasswordHash.Verify(old, Club.Password + "x").ShouldBe(PasswordVerificationResult.Failed);
    }
}
