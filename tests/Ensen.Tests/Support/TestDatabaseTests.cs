using Dapper;
using Ensen.Sandbox;
using Ensen.Storage;

namespace Ensen.Tests.Support;

public class TestDatabaseTests
{
    [Theory, BothEngines]
    public async Task Each_test_has_a_migrated_database_of_its_own(Engine engine)
    {
        await using var first = await TestDatabase.Create(engine);
        await using var second = await TestDatabase.Create(engine);

        await first.Database.Transact(tx => Setting.Write(tx, "colour", "green"));

        first.Database.Engine.ShouldBe(engine);
        (await ColourIn(first)).ShouldBe("green");
        (await ColourIn(second)).ShouldBeNull();
    }

    [Theory, BothEngines]
    public async Task A_second_node_opens_the_same_database_by_its_address(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        await using var node = Database.Open(test.Address, SandboxModule.Catalogue);

        await node.Transact(tx => Setting.Write(tx, "colour", "green"));

        (await ColourIn(test)).ShouldBe("green");
    }

    [Theory, BothEngines]
    public async Task An_empty_database_has_no_table_until_it_is_migrated(Engine engine)
    {
        await using var test = await TestDatabase.CreateEmpty(engine);

        await Should.ThrowAsync<System.Data.Common.DbException>(() => ColourIn(test));
        await test.Database.Migrate();

        (await ColourIn(test)).ShouldBeNull();
    }

    [Theory, BothEngines("one", 1), BothEngines("two", 2)]
    public void A_theory_on_both_engines_may_have_arguments_of_its_own(Engine engine, string word, int number)
    {
        Enum.IsDefined(engine).ShouldBeTrue();
        word.ShouldBe(number == 1 ? "one" : "two");
    }

    static async Task<string?> ColourIn(TestDatabase test)
    {
        await using var connection = await test.Database.Connect();
        return await connection.QuerySingleOrDefaultAsync<string?>("select value from setting where name = 'colour'");
    }
}
