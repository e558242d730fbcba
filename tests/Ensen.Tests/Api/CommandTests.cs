using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Sandbox;
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
        Id.TryParse(member.Id, out MemberId owner).ShouldBeTrue();
        await app.Kill();

        var good = await WebApp.Command("verify", "--database", app.DatabaseAddress);
        good.ExitCode.ShouldBe(0, good.Output + good.Error);
        good.Output.ShouldContain("Everything holds.");
        good.Output.ShouldContain("\n2 entries, ");
        var tags = good.Output.Split('\n').Where(l => l.StartsWith("holds ", StringComparison.Ordinal)).Select(
            l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]).ToList();
        tags.ShouldBe(tags.Order(StringComparer.Ordinal));
        tags.Distinct().ShouldBe(["I1", "I10", "I11", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9"]);

        await using (var db = Database.Open(app.DatabaseAddress, SandboxModule.Catalogue))
            await db.Transact(async tx =>
                (await tx.Connection!.ExecuteAsync("update account set balance = balance + 1 where owner = @owner and account_type = 1", new { owner }, tx)).ShouldBe(1));

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
    public async Task A_misspelt_command_names_the_one_that_is_meant()
    {
        await using var database = await TestDatabase.CreateEmpty(Engine.Sqlite);

        var (exitCode, output, error) = await WebApp.Command("verifi", "--database", database.Address);

        exitCode.ShouldBe(2, output + error);
        output.ShouldBeEmpty();
        error.ShouldContain("Unrecognized command or argument 'verifi'");
        error.ShouldMatch("Did you mean one of the following\\?\\s+verify\\s");
        error.ShouldContain("--help");
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
        error.ShouldContain("Unrecognized command or argument '--roots'");

        (exitCode, output, error) = await WebApp.Command("months", "begin", "--database", database.Address);
        exitCode.ShouldBe(1, output + error);
        error.ShouldContain("Only PostgreSQL");
    }

    [Theory, BothEngines]
    public async Task What_is_judged_stays_as_it_is_and_is_migrated_only_when_asked(Engine engine)
    {
        await using var database = await TestDatabase.Create(engine);
        async Task Execute(string sql) => await database.Database.Transact(tx => tx.Connection!.ExecuteAsync(sql, transaction: tx));
        async Task<long> Tables()
        {
            await using var connection = await database.Database.Connect();
            return await connection.ExecuteScalarAsync<long>(engine == Engine.Sqlite
                ? "select count(*) from sqlite_master where type = 'table'"
                : "select count(*) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace");
        }

        // As an older program left it.
        await Execute("drop table detached_month; drop table carried; delete from migration where module = 'Ledger' and number = 3");
        var before = await Tables();
        foreach (var command in (string[])["verify", "roots", "months"])
        {
            var (exitCode, output, error) = await WebApp.Command(command, "--database", database.Address);
            exitCode.ShouldBe(2, output + error);
            error.ShouldContain("lacks Ledger/3-months");
            error.ShouldContain("'migrate'");
            output.ShouldBeEmpty();
        }
        (await Tables()).ShouldBe(before);

        (await WebApp.Command("migrate", "--database", database.Address)).ExitCode.ShouldBe(0);
        (await Tables()).ShouldBe(before + 2);
        (await WebApp.Command("verify", "--database", database.Address)).ExitCode.ShouldBe(0);

        // As a newer one left it.
        await Execute("insert into migration (module, number, name) values ('Ledger', 9999, 'tomorrow')");
        var newer = await WebApp.Command("verify", "--database", database.Address);
        newer.ExitCode.ShouldBe(2, newer.Output + newer.Error);
        newer.Error.ShouldContain("newer");
        newer.Error.ShouldContain("Ledger/9999-tomorrow");

        // As somebody else's.
        await using var other = await TestDatabase.CreateEmpty(engine);
        if (engine == Engine.Sqlite)
            await other.Database.Transact(tx => tx.Connection!.ExecuteAsync("create table somebody (id integer)", transaction: tx));
        var foreign = await WebApp.Command("verify", "--database", other.Address);
        foreign.ExitCode.ShouldBe(2, foreign.Output + foreign.Error);
        foreign.Error.ShouldContain("no books");
    }

    [Theory, BothEngines]
    public async Task What_is_opened_to_be_read_cannot_be_written(Engine engine)
    {
        await using var database = await TestDatabase.Create(engine);
        await using var db = Database.OpenToRead(database.Address, SandboxModule.Catalogue);

        await Should.ThrowAsync<System.Data.Common.DbException>(
            () => db.Transact(tx => tx.Connection!.ExecuteAsync("delete from setting", transaction: tx)));
        await using var connection = await db.Connect();
        await Should.ThrowAsync<System.Data.Common.DbException>(() => connection.ExecuteAsync("create table mine (id integer)"));
        (await new Ensen.Operations.Verify(db).Run()).Holds.ShouldBeTrue();
    }

    [Fact]
    public async Task Verifying_a_file_leaves_every_byte_and_its_journal_as_they_were()
    {
        await using var database = await TestDatabase.Create(Engine.Sqlite);
        var file = Path.Combine(Path.GetDirectoryName(database.Address["sqlite:".Length..])!, "copy.db");
        await using (var connection = await database.Database.Connect())
            await connection.ExecuteAsync("vacuum into @file", new { file }); // Without the write-ahead log that a node would give it.
        var before = await File.ReadAllBytesAsync(file);

        (await WebApp.Command("verify", "--database", "sqlite:" + file)).ExitCode.ShouldBe(0);

        (await File.ReadAllBytesAsync(file)).ShouldBe(before);
    }

    [Fact]
    public async Task Asked_for_help_it_tells_and_starts_nothing()
    {
        string[] names = ["verify", "migrate", "months", "roots", "check-receipt"];
        foreach (var asking in (string[][])[["--help"], ["-h"], ["help"], ["--database", "sqlite:/proc/no/such/place.db", "--help"]])
        {
            var (exitCode, output, error) = await WebApp.Command(asking);
            exitCode.ShouldBe(0, output + error);
            error.ShouldBeEmpty();
            foreach (var word in (string[])[.. names, "--database", "--urls", "--Ensen:NAME=VALUE"])
                output.ShouldContain(word);
        }
        foreach (var name in names)
            foreach (var asking in (string[][])[[name, "--help"], [name, "-h"], ["help", name]])
            {
                var (exitCode, output, error) = await WebApp.Command(asking);
                exitCode.ShouldBe(0, output + error);
                output.ShouldContain($"Usage:\n  Ensen.Web {name} ");
                output.ShouldNotContain("Without a command the server starts");
            }
        foreach (var (name, option) in ((string, string)[])[("verify", "--root <DAY=HEX>"), ("roots", "--since <DAY>"), ("months", "detach <MONTH>"), ("check-receipt", "--root <HEX>")])
            (await WebApp.Command(name, "--help")).Output.ShouldContain(option);
    }

    [Theory]
    [InlineData("Unrecognized command or argument 'ensen.db'", "verify", "ensen.db")]
    [InlineData("Unrecognized command or argument '--since'", "verify", "--since", "2026-11-21")]
    [InlineData("Unrecognized command or argument '--root=2026-11-21=00'", "roots", "--root=2026-11-21=00")]
    [InlineData("Required argument missing for option: '--root'", "verify", "--root")]
    [InlineData("Unrecognized command or argument '--force'", "migrate", "--force")]
    [InlineData("After --Ensen:Writers its value is missing", "verify", "--Ensen:Writers")]
    [InlineData("Unrecognized command or argument '--Urls'", "--Urls", "http://127.0.0.1:0")]
    [InlineData("'2025' is no month", "months", "detach", "2025")]
    [InlineData("A day is written --since 2026-11-21", "roots", "--since", "tomorrow")]
    [InlineData("There is no database at", "--database", "sqlite:/proc/there-is-none.db", "verify")]
    public async Task A_word_that_a_command_does_not_take_is_said(string words, params string[] arguments)
    {
        var (exitCode, output, error) = await WebApp.Command(arguments);

        exitCode.ShouldBe(2, output + error);
        output.ShouldBeEmpty();
        error.ShouldContain(words);
    }

    [Fact]
    public async Task Every_setting_may_stand_before_a_command_or_behind_it_and_a_command_reads_no_file_of_words()
    {
        await using var database = await TestDatabase.Create(Engine.Sqlite);
        string[] settings = ["--Ensen:Writers", "3", "--Logging:LogLevel:Default=Warning", "--environment=Production", "--database="
            + database.Address];

        (await WebApp.Command([.. settings, "verify"])).ExitCode.ShouldBe(0);
        (await WebApp.Command(["verify", .. settings])).ExitCode.ShouldBe(0);
        var (exitCode, _, error) = await WebApp.Command(["verify", .. settings, "--Ensen:Writers=many"]);
        exitCode.ShouldBe(2, error);
        error.ShouldContain("Ensen:Writers is 'many'");
        (exitCode, _, error) = await WebApp.Command("verify", "@words");
        exitCode.ShouldBe(2, error);
        error.ShouldContain("Unrecognized command or argument '@words'");
    }

    [Theory]
    [InlineData("oracle:nowhere", "sqlite:PATH or postgres:CONNECTION")]
    [InlineData("ensen.db", "sqlite:PATH or postgres:CONNECTION")]
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
