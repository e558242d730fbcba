using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>Amounts near the end of 64 bits ended <c>verify</c> on SQLite with an error of its sum, and no row was named.</summary>
public class AForgedFortuneIsNamed
{
    [Theory, BothEngines]
    public async Task Accounts_and_postings_beyond_any_sum_are_named(Engine engine)
    {
        await using var town = await Town.On(engine);
        foreach (var name in new[] { "Aoi", "Ren", "Mio" })
            await town.Member(name).With(1_000.Yen());
        await using var connection = await town.Db.Connect();

        await connection.ExecuteAsync("create table kept as select * from account");
        await connection.ExecuteAsync("update account set balance = @all where account_type = @accountType",
            new { all = long.MaxValue, accountType = AccountType.Money.Number });
        var complaints = await Auditor.Complaints(town.Db);
        complaints.Count(c => c.Contains($" money holds {long.MaxValue}", StringComparison.Ordinal))
            .ShouldBe(3, string.Join('\n', complaints));
        await connection.ExecuteAsync("delete from account; insert into account select * from kept; drop table kept");
    }
}
