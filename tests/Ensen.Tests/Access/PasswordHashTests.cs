using System.Diagnostics;
using System.Text;
using Ensen.Access;
using Ensen.Tests.Members;
using Ensen.Tests.Support;
using Konscious.Security.Cryptography;

namespace Ensen.Tests.Access;

public class PasswordHashTests
{
    [Fact]
    public void A_hash_is_of_its_password_alone_with_its_own_salt_and_somebody_elses_argon2id_makes_the_same()
    {
        // What a node in production stores is looked at in RealInstallationTests.
        var hash = PasswordHash.Make(Club.Password, HashCost.Today);

        PasswordHash.Verify(hash, Club.Password).ShouldBe(PasswordVerdict.Right);
        PasswordHash.Verify(hash, Club.Password + "x").ShouldBe(PasswordVerdict.Wrong);
        PasswordHash.Verify(hash, Club.Password.ToLowerInvariant()).ShouldBe(PasswordVerdict.Wrong);
        PasswordHash.Make(Club.Password, HashCost.Today).ShouldNotBe(hash);

        var parts = hash.Split('$');
        parts[..4].ShouldBe(["", "argon2id", "v=19", "m=9216,t=4,p=1"]);
        (parts[4].Length, parts[5].Length).ShouldBe((22, 43), "16 and 32 bytes, without padding");
        using var theirs = new Argon2id(Encoding.UTF8.GetBytes(Club.Password))
        {
            Salt = Convert.FromBase64String(parts[4] + "=="),
            MemorySize = 9_216,
            Iterations = 4,
            DegreeOfParallelism = 1,
        };
        Convert.ToBase64String(theirs.GetBytes(32)).TrimEnd('=').ShouldBe(parts[5]);
    }

    [Theory]
    [InlineData("AQAAAAIAAzRQAAAAEA==")]
    [InlineData("$argon2i$v=19$m=64,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA")]
    [InlineData("")]
    public void What_is_no_hash_of_ours_is_no_wrong_password(string kept) =>
        Should.Throw<FormatException>(() => PasswordHash.Verify(kept, Club.Password));

    [Fact]
    public void Nobodys_password_is_never_right_and_takes_as_long()
    {
        PasswordHash.Verify(null, "").ShouldBe(PasswordVerdict.Wrong);
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
            .ShouldBe(PasswordVerdict.Right);

    [Theory]
    [InlineData("")]
    [InlineData("half of a character \ud83d")]
    [InlineData("\0")]
    public void What_is_not_text_is_wrong_and_breaks_nothing(string typed) =>
        PasswordHash.Verify(PasswordHash.Make(Club.Password), typed).ShouldBe(PasswordVerdict.Wrong);

    [Fact]
    public void A_cheaper_hash_is_right_and_outdated()
    {
        var old = PasswordHash.Make(Club.Password, CheapHashes.Weaker);

        PasswordHash.Verify(old, Club.Password).ShouldBe(PasswordVerdict.RightAndOutdated);
        PasswordHash.Verify(old, Club.Password + "x").ShouldBe(PasswordVerdict.Wrong);
    }
}
