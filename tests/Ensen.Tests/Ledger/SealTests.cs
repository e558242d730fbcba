using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Ledger;

/// <summary>History that is changed directly in the database does not stay unseen: verify names the first row.</summary>
public class SealTests
{
    [Theory, BothEngines]
    public async Task Whatever_is_changed_taken_out_or_put_in_is_named(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        var entries = await Post(test, 40);
        (await Auditor.Complaints(test.Database)).ShouldBeEmpty();
        var seals = await Column<long>(test, "select number from seal where lane = (select min(lane) from seal) order by number");
        seals.Count.ShouldBeGreaterThan(3);
        var lane = (await Column<long>(test, "select min(lane) from seal"))[0];

        async Task Names(string sql, params string[] named)
        {
            var complaints = await Tampered(test, sql, entries[7]);
            foreach (var words in named)
                complaints.ShouldContain(c => c.StartsWith("I6", StringComparison.Ordinal) && c.Contains(words, StringComparison.Ordinal),
                    sql + "\n" + string.Join('\n', complaints));
        }

        // A charge's entry without a charge: its kind says how it is called. Without its row nothing does.
        var seven = new ChargeId(entries[7]).ToString();
        var gone = new EntryId(entries[7]) + " is gone";
        await Names("update posting set amount = amount + 1 where entry_id = @entry and leg = 0", seven
            + " or one of its postings was changed");
        await Names($"update posting set amount = {long.MaxValue} where leg = 0", seven);
        await Names("update posting set balance_after = balance_after - 1 where entry_id = @entry and leg = 0", seven);
        await Names("update posting set leg = 2 where entry_id = @entry and leg = 0", seven);
        await Names("delete from posting where entry_id = @entry and leg = 1", seven);
        await Names("delete from posting where entry_id = @entry", seven);
        await Names("update entry set at_ms = at_ms + 1 where id = @entry", seven);
        await Names("update entry set initiator_id = id where id = @entry", seven);
        await Names("delete from entry where id = @entry", gone);
        await Names("delete from posting where entry_id = @entry; delete from entry where id = @entry", gone);
        await Names("update entry set seal = 999 where id = @entry", $"{seven} names seal 999");
        const string forged = "insert into entry (id, kind, at_ms, initiator_kind, initiator_id, owners, lane, seal) ";
        const string asSeven = ", kind, at_ms, initiator_kind, initiator_id, owners, lane, seal from entry where id = @entry";
        await Names(forged + "select (select owner from posting where entry_id = @entry order by owner limit 1)" + asSeven, "was added");
        await Names(forged + "select initiator_id" + asSeven, "which does not exist");
        await Names("delete from seal where number = 2", $"seal 3 of lane {lane} follows seal 1");
        await Names("delete from seal where number = 1", $"seal 2 of lane {lane} follows seal 0");
        // Two seals change places, each with its entries and a hash that fits: only the chain tells.
        await Names(
            """
            update seal set number = -2 where number = 2;
            update seal set number = 2 where number = 3;
            update seal set number = 3 where number = -2
            """, $"seal 2 of lane {lane}", $"seal 3 of lane {lane}");
        await Names("update seal set at_ms = at_ms + 1 where number = 2", $"seal 2 of lane {lane} was changed");
        await Names("update seal set root = previous where number = 2", $"seal 2 of lane {lane} was changed");
        await Names("update seal set leaves = previous where number = 2 and lane = (select min(lane) from seal); update posting set amount = amount + 1 where entry_id in (select id from entry where seal = 2) and leg = 0", "seal 2 of lane");

        (await Auditor.Complaints(test.Database)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task Every_entry_is_under_exactly_one_seal_whoever_wrote_it(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        await Task.WhenAll(Enumerable.Range(0, engine == Engine.Postgres ? 3 : 1).Select(_ => Post(test, 100)));

        (await Column<long>(test, "select sum(entries) from seal"))[0].ShouldBe(
            (await Column<long>(test, "select count(*) from entry"))[0]);
        (await Auditor.Complaints(test.Database)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task A_database_put_back_to_an_older_state_is_not_written_on(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        await using var ledger = new GeneralLedger(test.Database, TimeProvider.System, writers: 1);
        var (bank, aoi) = (Chart.Operator, Id.New(TimeProvider.System));
        Task Pay() => ledger.Post(Give(Id.New(TimeProvider.System), bank, aoi));
        await Pay();
        var entry = (await Column<Guid>(test, "select id from entry"))[0];
        await Pay();

        // The newest state is taken away, as a restored backup does, and another history went on: the writer looks at the end of its chain
        // again.
        await Execute(test,
            """
            delete from posting where entry_id <> @entry;
            delete from entry where id <> @entry;
            update account set balance = balance / 2;
            insert into seal (lane, number, at_ms, entries, root, previous, hash, leaves) select lane, 3, at_ms, 0, root, hash, root, leaves from seal where number = 2;
            delete from seal where number = 2
            """, entry);
        var failure = await Should.ThrowAsync<LedgerUnavailableException>(Pay);

        failure.InnerException.ShouldBeOfType<HistoryLostException>().Message.ShouldContain("Seal 2 of lane");
        (await Column<long>(test, "select count(*) from entry"))[0].ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task What_one_writer_of_a_node_committed_is_missed_by_another_in_another_lane(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        var own = new OwnSeals();
        LedgerStore Store(short lane) => test.Database switch
        {
            PostgresDatabase postgres => new PostgresStore(postgres, own),
            SqliteDatabase sqlite => new SqliteStore(sqlite, own, lane),
            _ => throw new NotSupportedException(),
        };
        await using var one = new GeneralLedger(test.Database, TimeProvider.System, [Store(3)]);
        await using var other = new GeneralLedger(test.Database, TimeProvider.System, [Store(4)]);
        var aoi = Id.New(TimeProvider.System);
        Task Pay(GeneralLedger ledger) => ledger.Post(Give(Id.New(TimeProvider.System), Chart.Operator, aoi));
        await Pay(one);
        await Execute(test, "delete from posting; delete from entry; delete from account; delete from seal", default);

        var failure = await Should.ThrowAsync<LedgerUnavailableException>(() => Pay(other));

        failure.InnerException.ShouldBeOfType<HistoryLostException>().Message.ShouldContain("Seal 1 of lane");
        (await Column<long>(test, "select count(*) from entry"))[0].ShouldBe(0);
    }

    static async Task<Guid[]> Post(TestDatabase test, int count)
    {
        await using var db = Database.Open(test.Address, SandboxModule.Catalogue);
        await using var ledger = new GeneralLedger(db, TimeProvider.System, writers: 1);
        var aoi = Id.New(TimeProvider.System);
        var ids = Enumerable.Range(0, count).Select(_ => Id.New(TimeProvider.System)).ToArray();
        foreach (var part in ids.Chunk(10))
        {
            // One by one first, so that there are many seals, then together.
            (await ledger.Post(Give(part[0], Chart.Operator, aoi))).Accepted.ShouldBeTrue();
            foreach (var answer in await Task.WhenAll(part.Skip(1).Select(id => ledger.Post(Give(id, Chart.Operator, aoi)))))
                answer.Accepted.ShouldBeTrue();
        }
        return ids;
    }

    static Move Give(Guid id, Guid from, Guid to) =>
        new(id, DateTimeOffset.UnixEpoch.AddYears(50), Leg.Of(to, AccountType.Money, new Yen(100)),
            Leg.Of(from, AccountType.BankClearing, new Yen(-100)));

    /// <summary>What verify says while the database is changed so; afterwards it is as it was.</summary>
    static async Task<IReadOnlyList<string>> Tampered(TestDatabase test, string sql, Guid entry)
    {
        await Execute(test,
            "create table kept_seal as select * from seal; create table kept_entry as select * from entry; create table kept_posting as select * from posting", entry);
        await Execute(test, sql, entry);
        var complaints = await Auditor.Complaints(test.Database);
        await Execute(test,
            """
            delete from seal; insert into seal select * from kept_seal; drop table kept_seal;
            delete from entry; insert into entry select * from kept_entry; drop table kept_entry;
            delete from posting; insert into posting select * from kept_posting; drop table kept_posting
            """, entry);
        return complaints;
    }

    static async Task Execute(TestDatabase test, string sql, Guid entry)
    {
        await using var connection = await test.Database.Connect();
        foreach (var statement in sql.Split(';'))
            await connection.ExecuteAsync(statement, new { entry });
    }

    static async Task<IReadOnlyList<T>> Column<T>(TestDatabase test, string sql)
    {
        await using var connection = await test.Database.Connect();
        return [.. await connection.QueryAsync<T>(sql)];
    }
}
