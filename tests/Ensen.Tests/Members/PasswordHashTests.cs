using System.Security.Cryptography;
using System.Text;
using Ensen.Members;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Ensen.Tests.Members;

public class PasswordHashTests
{
    // Identity's own implementation judges ours, and ours judges Identity's.
    static readonly PasswordHasher<object> s_identity = new(Options.Create(new PasswordHasherOptions { IterationCount = PasswordHash.Rounds }));

    [Fact]
    public void Identity_reads_what_we_hash_and_we_read_what_it_hashes()
    {
        var ours = PasswordHash.Make(Club.Password);
        s_identity.VerifyHashedPassword(new(), ours, Club.Password).ShouldBe(PasswordVerificationResult.Success);
        s_identity.VerifyHashedPassword(new(), ours, Club.Password + "x").ShouldBe(PasswordVerificationResult.Failed);

        var theirs = s_identity.HashPassword(new(), Club.Password);
        PasswordHash.Matches(theirs, Club.Password).ShouldBeTrue();
        PasswordHash.Matches(theirs, Club.Password.ToLowerInvariant()).ShouldBeFalse();
    }

    // Published test vector of PBKDF2-HMAC-SHA512 (password, salt, 1 round; the first 32 bytes), in the stored layout.
    [Fact]
    public void A_published_vector_is_matched()
    {
        var stored = Convert.ToBase64String(
            [1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4, .. "salt"u8, .. Convert.FromHexString("867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252")]);
        // Salts under 8 bytes are refused, as Identity refuses salts under 16 bytes for what it makes itself.
        PasswordHash.Matches(stored, "password").ShouldBeFalse();

        byte[] salt = [.. "saltSALTsaltSALT"u8];
        var key = Rfc2898DeriveBytes.Pbkdf2("passwordPASSWORD"u8, salt, 4096, HashAlgorithmName.SHA512, 32);
        PasswordHash.Matches(Convert.ToBase64String([1, 0, 0, 0, 2, 0, 0, 16, 0, 0, 0, 0, 16, .. salt, .. key]), "passwordPASSWORD").ShouldBeTrue();
    }

    [Fact]
    public void Nobodys_password_is_never_right_and_takes_as_long()
    {
        PasswordHash.Matches(null, "").ShouldBeFalse();
        var mine = PasswordHash.Make(Club.Password);
        Time(() => PasswordHash.Matches(null, "x")).ShouldBeGreaterThan(Time(() => PasswordHash.Matches(mine, "x")) / 4);

        static TimeSpan Time(Action work)
        {
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            work();
            return System.Diagnostics.Stopwatch.GetElapsedTime(began);
        }
    }

    [Fact]
    public void The_same_letters_in_other_code_points_are_the_same_password() =>
        PasswordHash.Matches(PasswordHash.Make("パスフレーズが十五文字ある".Normalize(NormalizationForm.FormD)), "パスフレーズが十五文字ある").ShouldBeTrue();

    [Fact]
    public void Fewer_rounds_than_today_are_old()
    {
        PasswordHash.IsOld(PasswordHash.Make("x")).ShouldBeFalse();
        PasswordHash.IsOld(new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 100_000 })).HashPassword(new(), "x")).ShouldBeTrue();
    }
}
