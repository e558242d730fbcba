using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>A PostgreSQL database in LATIN1 or EUC_JP was taken, and the first 髙﨑 𠮷 or ☕ was an error in the middle of a payment.</summary>
public class ADatabaseInAnotherEncoding
{
    [Theory]
    [InlineData("LATIN1")]
    [InlineData("EUC_JP")]
    [InlineData("SQL_ASCII")]
    public async Task Is_refused_before_anything_is_written(string encoding)
    {
        await using var other = await TestDatabase.CreateEncoded(encoding);

        var refused = await Should.ThrowAsync<UnusableDatabaseException>(other.Database.Migrate(TestContext.Current.CancellationToken));

        refused.Message.ShouldContain(encoding);
        refused.Message.ShouldContain("allowed is UTF8");
        (await other.Database.CompareSchema(TestContext.Current.CancellationToken)).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task The_commands_say_so_in_a_line()
    {
        await using var other = await TestDatabase.CreateEncoded("LATIN1");
        foreach (var command in (string[])["migrate", "--Ensen:DemoTown=false"])
        {
            var (exitCode, output, error) = await WebApp.Command(command, "--urls", "http://127.0.0.1:0", "--database", other.Address);

            exitCode.ShouldBe(2, output + error);
            error.ShouldContain("is LATIN1; allowed is UTF8");
            error.ShouldNotContain("   at ");
        }
    }
}
