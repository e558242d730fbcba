using Dapper;
using Ensen.Basics;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>The program at the command line: <c>-- verify</c>, <c>-- migrate</c>, and what is none of its commands.</summary>
public class CommandTests
{
    [Theory, BothEngines]
    public async Task Verify_finds_the_account_that_somebody_changed(Engine engine)
    {
        await using var app = await WebApp.Start(engine);
        var scene = new Scene(app);
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        (await member.Pay(shop, 1_200)).Created();
        Id.TryParse(Id.Member, member.Id, out var owner).ShouldBeTrue();
        await app.Kill();

        var good = await WebApp.Command("verify", "--database", app.DatabaseAddress);
        good.ExitCode.ShouldBe(0, good.Output + good.Error);
        good.Output.ShouldContain("Everything holds.");
        good.Output.ShouldContain("\n2 entries, ");
        var tags = good.Output.Split('\n').Where(l => l.StartsWith("holds ", StringComparison.Ordinal)).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]).ToList();
        tags.ShouldBe(tags.Order(StringComparer.Ordinal));
        tags.Distinct().ShouldBe(["I1", "I2", "I3", "I4", "I5", "I6", "I8", "I9"]);

        await using (var db = Database.Open(app.DatabaseAddress))
            await db.Transact(async tx =>
                (await tx.Connection!.ExecuteAsync("update account set balance = balance + 1 where owner = @owner and book = 1", new { owner }, tx)).ShouldBe(1));

        var bad = await WebApp.Command("verify", "--database", app.DatabaseAddress);
        bad.ExitCode.ShouldBe(1, bad.Output + bad.Error);
        bad.Output.ShouldContain("Not everything holds.");
        bad.Output.ShouldContain("BROKEN  I3 each balance is the sum of its postings\n");
        bad.Output.ShouldContain($"{member.Id} money holds 3801, its postings say 3800\n");
        bad.Output.ShouldMatch(@"\n {11}they sum to 1 yen\n");
        bad.Output.ShouldMatch(@"\nmoney +3,801 yen +1 account\n");
    }

    [Theory, BothEngines]
    public async Task Migrate_brings_an_empty_database_up_to_date_and_may_be_repeated(Engine engine)
    {
        await using var database = await TestDatabase.CreateEmpty(engine);

        for (var times = 1; times <= 2; times++)
        {
            var (exitCode, output, error) = await WebApp.Command("migrate", "--database", database.Address);
            exitCode.ShouldBe(0, output + error);
            output.ShouldContain("up to date");
        }

        (await WebApp.Command("verify", "--database", database.Address)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task An_unknown_command_names_those_that_there_are()
    {
        await using var database = await TestDatabase.CreateEmpty(Engine.Sqlite);

        var (exitCode, output, error) = await WebApp.Command("verifi", "--database", database.Address);

        exitCode.ShouldBe(2, output + error);
        error.ShouldContain("'verifi' is no command");
        error.ShouldContain("verify, migrate, months, roots, check-receipt");
    }

    [Fact]
    public async Task A_slip_of_the_pen_does_not_verify_something_else()
    {
        await using var database = await TestDatabase.Create(Engine.Sqlite);
        var missing = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".db");

        var (exitCode, output, error) = await WebApp.Command("verify", "--database", "sqlite:" + missing);
        exitCode.ShouldBe(2, output + error);
        error.ShouldContain("There is no database");
        File.Exists(missing).ShouldBeFalse();

        (exitCode, output, error) = await WebApp.Command("verify", "--database", database.Address, "--roots", "2026-11-21=00");
        exitCode.ShouldBe(2, output + error);
        error.ShouldContain("'--roots' is no option");

        (exitCode, output, error) = await WebApp.Command("months", "begin", "--database", database.Address);
        exitCode.ShouldBe(1, output + error);
        error.ShouldContain("Only PostgreSQL");
    }

    [Theory]
    [InlineData("oracle:nowhere", "A database is sqlite:PATH or postgres:CONNECTION")]
    [InlineData("ensen.db", "A database is sqlite:PATH or postgres:CONNECTION")]
    [InlineData("sqlite:/proc/no/such/place.db", "/proc/no")]
    [InlineData("postgres:Host=127.0.0.1;Port=1;Username=ensen;Password=secret", "127.0.0.1")]
    [InlineData("postgres:Hots=127.0.0.1", "hots")]
    public async Task A_database_that_cannot_be_opened_is_said_in_a_line(string address, string words)
    {
        foreach (var command in (string[])["verify", "migrate", "--urls=http://127.0.0.1:0"])
        {
            var (exitCode, output, error) = await WebApp.Command(command, "--database", address);

            exitCode.ShouldBe(2, output + error);
            error.ShouldContain(words, Case.Insensitive);
            error.ShouldNotContain("   at ");
            error.ShouldNotContain("secret");
        }
    }
}
