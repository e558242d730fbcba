using Dapper;
using Ensen.Operations;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Staff;

/// <summary>The log is one chain, whoever adds to it at once, and whoever changes a row of it is named by verify (attack 95).</summary>
public class OperatorLogTests
{
    [Theory, BothEngines]
    public async Task Forty_at_once_make_one_chain(Engine engine)
    {
        await using var town = await Town.On(engine);
        var suzuki = (await town.Get<Operators>().Find(await town.Operator("Suzuki"), Ct))!;
        await using var node = Database.Open(town.Address, town.Db.Catalogue);
        var logs = new[] { (town.Db, town.Get<OperatorLog>()), (node, new OperatorLog(node, town.Clock)) };

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            var (db, log) = logs[i % 2];
            await db.Transact(tx => log.Append(tx, OperatorAct.ViewedMember, suzuki, suzuki.Id, $"mbr_{i}", "asked"), Ct);
        })));

        var rows = await town.Get<OperatorLog>().List(100, ct: Ct);
        rows.Select(r => r.Number).ShouldBe(Enumerable.Range(1, 41).Select(n => (long)n).Reverse());
        rows.Select(r => r.Subject).Where(s => s!.StartsWith("mbr_", StringComparison.Ordinal)).Distinct().Count().ShouldBe(40);
        (await town.Complaints()).ShouldBeEmpty();
        (await town.Get<OperatorLog>().Head(Ct))!.Number.ShouldBe(41);
    }

    [Theory, BothEngines]
    public async Task A_row_that_is_rolled_back_leaves_no_gap(Engine engine)
    {
        await using var town = await Town.On(engine);
        var suzuki = (await town.Get<Operators>().Find(await town.Operator("Suzuki"), Ct))!;

        await Should.ThrowAsync<InvalidOperationException>(() => town.Db.Transact<bool>(async tx =>
        {
            await Add(town, tx, suzuki, "lost");
            throw new InvalidOperationException("the change failed");
        }, Ct));
        await town.Db.Transact(tx => Add(town, tx, suzuki, "kept"), Ct);

        (await town.Get<OperatorLog>().List(10, ct: Ct)).Select(r => (r.Number, r.Subject)).First().ShouldBe((2, "kept"));
    }

    [Theory, BothEngines]
    public async Task Verify_names_the_row_that_was_changed_or_deleted(Engine engine)
    {
        await using var town = await Town.On(engine);
        var suzuki = (await town.Get<Operators>().Find(await town.Operator("Suzuki"), Ct))!;
        for (var i = 2; i <= 6; i++)
            await town.Db.Transact(tx => Add(town, tx, suzuki, $"mbr_{i}"), Ct);
        var head = (await town.Get<OperatorLog>().Head(Ct))!;
        await using var connection = await town.Db.Connect(Ct);
        await connection.ExecuteAsync("create table log_before as select * from operator_log");

        await Planted("update operator_log set reason = 'curious' where number = 3", "row 3 of the log is not as it was written");
        await Planted("delete from operator_log where number = 4", "row 4 of the log is not there");
        await Planted("delete from operator_log where number in (2, 3)", "rows 2 to 3 of the log are not there");
        await Planted("delete from operator_log where number = 6", "the log ends with row 5, and its head says row 6");
        await Planted("delete from operator_log where number = 1", "row 1 of the log is not there");
        // A row that was written anew with its hash: the next names another.
        var row = (await town.Get<OperatorLog>().List(10, ct: Ct)).Single(r => r.Number == 3);
        var previous = await connection.QuerySingleAsync<byte[]>("select previous from operator_log where number = 3");
        var forged = row with { Reason = "curious" };
        await Planted("update operator_log set reason = 'curious', hash = @hash where number = 3",
            "row 3 of the log is not the one that row 4 names", forged.Hash(previous));
        // All after it written anew as well, and the head: whoever kept a row elsewhere knows.
        var hash = previous;
        foreach (var each in (await town.Get<OperatorLog>().List(10, ct: Ct)).OrderBy(r => r.Number).Where(r => r.Number >= 3))
        {
            var written = each.Number == 3 ? forged : each;
            var next = written.Hash(hash);
            await connection.ExecuteAsync(
                "update operator_log set reason = @Reason, previous = @hash, hash = @next where number = @Number",
                new { written.Reason, hash, next, written.Number });
            hash = next;
        }
        await connection.ExecuteAsync("update operator_log_head set hash = @hash", new { hash });
        (await town.Complaints()).ShouldBeEmpty("whoever writes all of it anew is found by what was kept elsewhere alone");
        (await Found(town, head)).ShouldContain(c => c.Contains("row 6 of the log is another than the one that was kept", StringComparison.Ordinal));
        await connection.ExecuteAsync("delete from operator_log; delete from operator_log_head");
        (await Found(town, head)).ShouldContain(c => c.Contains("row 6 of the log was kept, and is not there", StringComparison.Ordinal));
        await connection.ExecuteAsync("drop table log_before");

        async Task Planted(string sql, string named, byte[]? hash = null)
        {
            await connection.ExecuteAsync(sql, new { hash });
            (await town.Complaints()).ShouldContain(c => c.Contains(named, StringComparison.Ordinal), named);
            await connection.ExecuteAsync("delete from operator_log");
            await connection.ExecuteAsync("insert into operator_log select * from log_before");
            (await town.Complaints()).ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_row_that_was_kept_is_read_as_verify_prints_it()
    {
        var hex = string.Concat(Enumerable.Repeat("0aF1", 16));
        LogHead.Parse($"42={hex}").ShouldBe(new LogHead(42, hex.ToLowerInvariant()));
        foreach (var wrong in (string[])["", "42", $"0={hex}", $"-1={hex}", $"42={hex}0", $"x={hex}", $"42={hex[1..]}g"])
            LogHead.Parse(wrong).ShouldBeNull(wrong);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static Task Add(Town town, System.Data.Common.DbTransaction tx, Operator who, string subject) =>
        town.Get<OperatorLog>().Append(tx, OperatorAct.ViewedMember, who, who.Id, subject, "asked");

    static async Task<IEnumerable<string>> Found(Town town, LogHead kept) =>
        (await new Verify(town.Db, town.Clock).Run([], kept: [kept], ct: Ct)).Checks.SelectMany(c => c.Broken);
}
