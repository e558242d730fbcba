using System.Security.Cryptography;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Ledger;

/// <summary>The roots of the days: what they cover, that they are made once, and that what is changed under them is named.</summary>
public class CloseSealsTests
{
    [Theory, BothEngines]
    public async Task Each_day_with_seals_gets_a_root_that_names_the_one_before(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, shop) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Bakery"));
        await town.Paid(aoi, shop, 100.Yen());
        town.Clock.Set("2026-06-02 23:59:59.999");
        await town.Paid(aoi, shop, 200.Yen());
        (await Close(town)).Select(d => d.Day).ShouldBe([20260601]);
        town.Clock.Set("2026-06-03 00:00");
        await town.Paid(aoi, shop, 300.Yen());
        town.Clock.Set("2026-06-07 09:00"); // Nothing is sealed from the 4th to the 6th.
        await town.Paid(aoi, shop, 400.Yen());

        (await Close(town)).Select(d => d.Day).ShouldBe([20260602, 20260603]);
        (await Close(town)).ShouldBeEmpty();

        var days = await Days(town.Db);
        days.Select(d => (d.Day, d.Seals)).ShouldBe([(20260601, 2L), (20260602, 1L), (20260603, 1L)]);
        days[0].Previous.ShouldBe(new byte[32]);
        days[1].Previous.ShouldBe(days[0].Root);
        days[2].Previous.ShouldBe(days[1].Root);
        foreach (var day in days)
            day.Root.ShouldBe(RecordOfDay(day));
    }

    [Theory, BothEngines]
    public async Task A_seal_that_comes_after_its_day_was_closed_is_in_the_next_one(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        var lanes = new Lanes(test.Database);
        await lanes.Add(3, 2, "2026-06-01 10:00");
        await Close(test.Database, "2026-06-02");
        await lanes.Add(3, 1, "2026-06-01 23:59:59");
        await lanes.Add(7, 1, "2026-06-01 22:00");

        (await Close(test.Database, "2026-06-02")).ShouldBeEmpty();
        (await Close(test.Database, "2026-06-03")).Select(d => (d.Day, d.Seals)).ShouldBe([(20260602, 2L)]);

        await lanes.Add(3, 1, "2026-06-05 12:00");
        await lanes.Add(7, 1, "2026-06-04 12:00");
        (await Close(test.Database, "2026-06-06")).Select(d => (d.Day, d.Seals)).ShouldBe([(20260604, 1L), (20260605, 1L)]);
        (await DayChecks.Broken(test.Database)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task A_day_of_many_seals_is_one_tree_and_each_of_its_proofs_leads_to_it(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        var lanes = new Lanes(test.Database);
        await lanes.Add(0, 10, "2026-06-01 12:00");
        await Close(test.Database, "2026-06-02");
        foreach (var (lane, seals) in ((short, int)[])[(0, 2_500), (1, 4_096), (5, 3_000)])
            await lanes.Add(lane, seals, "2026-06-02 12:00");

        var day = (await Close(test.Database, "2026-06-03")).Single();

        day.Seals.ShouldBe(9_596);
        await using var connection = await test.Database.Connect();
        var hashes =
            (await connection.QueryAsync<byte[]>("select hash from seal where not (lane = 0 and number <= 10) order by lane, number")).ToList();
        day.Tree.ShouldBe(MerkleTree.Root([.. hashes.SelectMany(h => h)]));
        (await connection.ExecuteScalarAsync<long>("select count(*) from day_span where day = 20260602")).ShouldBe(3);
        foreach (var (lane, number, place) in ((short, long, int)[])[
            (0, 11, 0), (0, 2_510, 2_499), (1, 1, 2_500), (1, 1_596, 4_095), (1, 1_597, 4_096), (1, 4_096, 6_595), (5, 1, 6_596),
            (5, 1_596, 8_191), (5, 1_597, 8_192), (5, 3_000, 9_595)])
        {
            var path = await DayRoots.Path(connection, day, lane, number);
            path.ShouldSatisfyAllConditions(() => path.Index.ShouldBe(place), () => path.Size.ShouldBe(9_596));
            MerkleTree.Climb(hashes[place], path).ShouldBe(day.Tree, $"seal {number} of lane {lane}");
        }
        (await DayChecks.Broken(test.Database)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task Two_nodes_at_once_close_each_day_once(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        var lanes = new Lanes(test.Database);
        for (var day = 1; day <= 20; day++)
            foreach (var lane in (short[])[0, 1, 2])
                await lanes.Add(lane, 3, FormattableString.Invariant($"2026-06-{day:00} 12:00"));
        await using var other = Database.Open(test.Address, SandboxModule.Catalogue);

        var closed = (await Task.WhenAll(((Database[])[test.Database, other, test.Database, other]).Select(db => Close(db, "2026-07-01"))))
            .SelectMany(d => d).ToList();

        closed.Select(d => d.Day).Order().ShouldBe(Enumerable.Range(20260601, 20));
        (await Days(test.Database)).ShouldAllBe(d => d.Seals == 9);
        (await DayChecks.Broken(test.Database)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task A_node_that_dies_half_way_leaves_nothing_and_the_next_one_ends_in_the_same_state(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        var lanes = new Lanes(test.Database);
        await lanes.Add(0, 4, "2026-06-01 12:00");
        await lanes.Add(0, 4, "2026-06-02 12:00");
        await Execute(test.Database, engine == Engine.Sqlite
            ? "create trigger power_cut before insert on day_span when new.day = 20260602 begin select raise(abort, 'power cut'); end"
            : """
              create function power_cut() returns trigger as $$ begin if new.day = 20260602 then raise 'power cut'; end if; return new; end $$ language plpgsql;
              create trigger power_cut before insert on day_span for each row execute function power_cut()
              """);

        (await Should.ThrowAsync<System.Data.Common.DbException>(() => Close(test.Database, "2026-06-03")))
            .Message.ShouldContain("power cut");
        (await Days(test.Database)).Select(d => d.Day).ShouldBe([20260601]);
        (await Count(test.Database, "select count(*) from day_lane")).ShouldBe(1);
        await Execute(test.Database, engine == Engine.Sqlite ? "drop trigger power_cut" : "drop trigger power_cut on day_span");

        (await Close(test.Database, "2026-06-03")).Select(d => d.Day).ShouldBe([20260602]);
        (await DayChecks.Broken(test.Database)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task Days_that_passed_while_the_clock_was_moved_are_closed_when_it_stops(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, shop) = (await town.Member("Aoi").With(50_000.Yen()), await town.Store("Bakery"));
        for (var month = 0; month < 4; month++, town.Clock.Move(TimeSpan.FromDays(31)))
            await town.Paid(aoi, shop, 1_000.Yen());

        (await Close(town)).Count.ShouldBe(4);
        town.Clock.Move(TimeSpan.FromDays(800));
        (await Close(town)).ShouldBeEmpty();
        await town.Expire(town.Today);
        town.Clock.Move(TimeSpan.FromDays(1));
        (await Close(town)).Count.ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task Verify_names_the_day_whose_root_or_seals_were_changed(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        var lanes = new Lanes(test.Database);
        foreach (var day in (string[])["2026-06-01", "2026-06-02", "2026-06-03"])
        {
            await lanes.Add(2, 5, day + " 12:00");
            await lanes.Add(4, 5, day + " 12:00");
        }
        await Close(test.Database, "2026-06-04");

        async Task Names(string sql, string words)
        {
            foreach (var table in Kept)
                await Execute(test.Database, $"create table kept_{table} as select * from {table}");
            await Execute(test.Database, sql);
            (await DayChecks.Broken(test.Database)).ShouldContain(line => line.Contains(words, StringComparison.Ordinal), sql);
            foreach (var table in Kept)
                await Execute(test.Database,
                    $"delete from {table}; insert into {table} select * from kept_{table}; drop table kept_{table}");
        }

        await Names("update day_root set root = tree where day = 20260602", "2026-06-02 was changed");
        await Names("update day_root set seals = 11 where day = 20260602", "2026-06-02 was changed");
        await Names("delete from day_root where day = 20260602", "2026-06-03 does not name the root of the day before");
        await Names("update seal set hash = root where lane = 4 and number = 7",
            "2026-06-02 covers other seals than there are: one was changed after the day was closed (among seals 6 to 10 of lane 2, seals 6 to 10 of lane 4)");
        await Names("delete from seal where lane = 4 and number = 7", "2026-06-02 covers seal 7 of lane 4, which is gone");
        await Names("delete from seal where lane = 4 and number = 15", "2026-06-03 covers seal 15 of lane 4, which is gone");
        await Names("update day_lane set last_number = 9 where day = 20260602 and lane = 2", "2026-06-02 covers other seals");
        await Names("update day_lane set first_number = 7 where day = 20260602 and lane = 2",
            "2026-06-02 covers lane 2 from seal 7, but the days before it end at 5");
        await Names("update day_lane set first_number = 5 where day = 20260602 and lane = 2", "2026-06-02 covers lane 2 from seal 5");
        await Names("update seal set at_ms = at_ms + 86400000 where lane = 2 and number = 10",
            "2026-06-02 covers seal 10 of lane 2, which is from a later day");
        await Names("update day_span set root = (select root from day_root where day = 20260602) where day = 20260602",
            "2026-06-02 does not agree with the roots of its spans");
        (await DayChecks.Broken(test.Database)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task Whoever_kept_a_root_finds_the_backup_that_was_put_back_and_the_history_that_was_written_anew(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        var folder = Directory.CreateTempSubdirectory("ensen-roots-").FullName;
        var (lanes, kept) = (new Lanes(test.Database), new RootFolder(folder));
        foreach (var day in (string[])["2026-06-01", "2026-06-02"])
            await lanes.Add(0, 2, day + " 12:00");
        var days = await new CloseSeals(test.Database, kept, TimeProvider.System).Run(JapanDay.Parse("2026-06-03"));
        Directory.GetFiles(folder).Select(Path.GetFileName).Order().ShouldBe(["2026-06-01.root", "2026-06-02.root"]);
        (await File.ReadAllTextAsync(Path.Combine(folder, "2026-06-02.root"))).ShouldBe($"2026-06-02 {days[1].Hex}\n");
        kept.Read().ShouldBe([new PublishedRoot(days[0].Date, days[0].Hex), new PublishedRoot(days[1].Date, days[1].Hex)]);
        await new RootFolder(folder).Begin(test.Database);

        // The newest day is taken away, seals and all, as an old backup has it: the chains alone show nothing.
        await Execute(test.Database,
            "delete from day_root where day = 20260602; delete from day_lane where day = 20260602; delete from day_span where day = 20260602; delete from seal where number > 2");
        (await DayChecks.Broken(test.Database)).ShouldBeEmpty();
        (await Should.ThrowAsync<RootsDifferException>(() => new RootFolder(folder).Begin(test.Database))).Message.ShouldContain(
            "root of 2026-06-02 was published, but this database has none");

        // Another history is written in its place.
        await lanes.Forget(0, 2).Add(0, 3, "2026-06-02 18:00");
        await Close(test.Database, "2026-06-03");
        (await DayChecks.Broken(test.Database)).ShouldBeEmpty();
        (await Should.ThrowAsync<RootsDifferException>(() => new RootFolder(folder).Begin(test.Database)))
            .Message.ShouldContain(days[1].Hex);

        await File.WriteAllTextAsync(Path.Combine(folder, "2026-06-01.root"), "nothing");
        (await Should.ThrowAsync<RootsDifferException>(() => new RootFolder(folder).Begin(test.Database)))
            .Message.ShouldContain("2026-06-01.root does not hold");
        Directory.Delete(folder, recursive: true);
    }

    static readonly string[] Kept = ["seal", "day_root", "day_lane", "day_span"];

    static Task<IReadOnlyList<DayRoot>> Close(Town town) => new CloseSeals(town.Db, new RootFolder(null), town.Clock).Run(town.Today);

    static Task<IReadOnlyList<DayRoot>> Close(Database db, string today) =>
        new CloseSeals(db, new RootFolder(null), TimeProvider.System).Run(JapanDay.Parse(today));

    static async Task<IReadOnlyList<DayRoot>> Days(Database db)
    {
        await using var connection = await db.Connect();
        return await DayRoots.Since(connection, JapanDay.Parse("2000-01-01"), 1_000);
    }

    static byte[] RecordOfDay(DayRoot day)
    {
        var numbers = new byte[12];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(numbers, day.Day);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(numbers.AsSpan(4), day.Seals);
        return SHA256.HashData([0, (byte)'D', .. numbers, .. day.Tree, .. day.Previous]);
    }

    static async Task Execute(Database db, string sql)
    {
        await using var connection = await db.Connect();
        await connection.ExecuteAsync(sql);
    }

    static async Task<long> Count(Database db, string sql)
    {
        await using var connection = await db.Connect();
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    /// <summary>Writes seals as the writers would, without entries: as many as a day may have.</summary>
    sealed class Lanes(Database db)
    {
        readonly Dictionary<short, SealHead> _heads = [];
        readonly Dictionary<(short, long), SealHead> _past = [];

        public async Task Add(short lane, int count, string tokyo)
        {
            var seals = new List<Seal>();
            for (var head = _heads.GetValueOrDefault(lane, SealHead.None); count > 0; count--, head = seals[^1].Head)
                seals.Add(Seal.Of(lane, head, TownClock.At(tokyo), [], []));
            _heads[lane] = seals[^1].Head;
            foreach (var seal in seals)
                _past[(lane, seal.Number)] = seal.Head;
            await db.Transact(tx => tx.Connection!.ExecuteAsync(
                "insert into seal (lane, number, at_ms, entries, root, previous, hash, leaves) values (@Lane, @Number, @AtMs, @Count, @Root, @Previous, @Hash, @Leaves)", seals, tx));
        }

        /// <summary>Goes on after an older seal.</summary>
        public Lanes Forget(short lane, long after)
        {
            _heads[lane] = _past[(lane, after)];
            return this;
        }
    }
}
