using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Ensen.Basics;
using Ensen.Codes;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Ledger;
using Ensen.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Ensen.Tests.Bugs;

/// <summary>
/// One hiccup of the database ended the business days, or the following of the clock, for ever and in silence: each loop had its own list
/// of what it survives, and each list was too short. All of them run in one way now, which survives everything.
/// </summary>
public class LoopsThatDied
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>What the database, the ledger, a gateway and our own mistakes throw.</summary>
    static Exception[] Everything() =>
    [
        new LedgerUnavailableException(null), new LedgerBusyException(), new PostgresException("", "FATAL", "FATAL", "57P01"),
        new PostgresException("", "ERROR", "ERROR", "42P01"),
        new NpgsqlException("", new IOException()), new SqliteException("", 5), new SqliteException("", 11), new IOException(),
        new TimeoutException(), new HttpRequestException(),
        new OperationCanceledException(), new ObjectDisposedException("connection"), new InvalidOperationException(),
        new KeyNotFoundException(), new OverflowException(),
        new AggregateException(new IOException()),
    ];

    [Fact]
    public async Task A_loop_goes_on_whatever_its_turns_throw_and_ends_when_it_is_told_to()
    {
        using var loops = Impatient();
        using var stop = new CancellationTokenSource();
        var faults = new Queue<Exception>(Everything());
        var wentWell = new TaskCompletionSource();

        var running = loops.Run("test", "a test is run", async (_, ct) =>
        {
            if (faults.TryDequeue(out var fault))
                throw fault;
            wentWell.TrySetResult();
            await Task.Delay(Timeout.Infinite, ct);
        }, stop.Token);

        await wentWell.Task.WaitAsync(s_patience);
        running.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await running.WaitAsync(s_patience);
        running.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task How_often_it_failed_and_with_what_is_seen_until_it_goes_well()
    {
        using var loops = Impatient();
        using var stop = new CancellationTokenSource();
        var failing = true;
        var turns = 0;
        var running = loops.Run("test", "a test is run", async (_, ct) =>
        {
            Interlocked.Increment(ref turns);
            await Task.Delay(1, ct);
            if (Volatile.Read(ref failing))
                throw new LedgerUnavailableException(null);
        }, stop.Token);

        await Until(() => loops.All.Single() is { Failures: >= 3, Error: nameof(LedgerUnavailableException) });
        Volatile.Write(ref failing, false);
        await Until(() => loops.All.Single() is { Failures: 0, Error: null });

        await stop.CancelAsync();
        await running.WaitAsync(s_patience);
    }

    [Theory, BothEngines]
    public async Task A_business_day_is_opened_after_all_that_its_database_may_throw(Engine engine)
    {
        await using var town = await Town.On(engine);
        await town.Member("Aoi").With(10.Points(), "2026-05-31");
        var db = new FaultyDatabase(town.Db);
        db.Fail(Everything());

        await Lapses(town, db, town.Ledger);
        db.Left.ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task A_business_day_is_opened_after_the_ledger_was_not_available(Engine engine)
    {
        await using var town = await Town.On(engine);
        await town.Member("Aoi").With(10.Points(), "2026-05-31");
        var store = new StalledStore(StalledStore.Real(town.Db));
        // Five tries are one batch that is given up: twice the day is told that the ledger is not available.
        store.Fail(Enumerable.Range(0, 10).Select(_ => new IOException()));
        await using var ledger = new GeneralLedger(town.Db, town.Clock, [store]);

        await Lapses(town, town.Db, ledger);
        store.Tries.ShouldBeGreaterThan(10);
    }

    static async Task Lapses(Town town, Database db, GeneralLedger ledger)
    {
        using var loops = Impatient();
        using var stop = new CancellationTokenSource();
        var days = new CloseDays(db, new ReleasePoints(db, ledger, town.Clock), new Expire(db, ledger, town.Clock),
            new CloseSeals(db, new RootFolder(null), town.Clock),
            new Months(db, town.Programme, town.Clock),
            town.Clock, NullLogger<CloseDays>.Instance);
        var services = new ServiceCollection().AddSingleton(days).BuildServiceProvider();
        var catalogue = new Catalogue(
            [new Module("Days") { Declares = [Job.Of<CloseDays>("close days", "", TimeSpan.Zero, TimeSpan.FromMinutes(1), (d, ct) =>
            d.Run(ct))] }]);

        var watching = new Jobs(db, catalogue, services, TimeProvider.System, NullLogger<Jobs>.Instance)
        { Look = TimeSpan.FromMilliseconds(20) }.Run(loops, stop.Token);
        await Until(async () => await town.Balance(Chart.Operator, AccountType.Breakage) == 10);

        await stop.CancelAsync();
        await watching.WaitAsync(s_patience);
    }

    [Theory, BothEngines]
    public async Task The_clock_of_other_nodes_is_followed_after_all_that_its_database_may_throw(Engine engine)
    {
        await using var town = await Town.On(engine);
        var db = new FaultyDatabase(town.Db);
        var (here, there) = (new MovableClock(town.Clock), new MovableClock(town.Clock));
        using var loops = Impatient();
        using var stop = new CancellationTokenSource();
        db.Fail(Everything());
        var following = here.Follow(loops, db, stop.Token);

        await Until(async () =>
        {
            await there.Move(town.Db, TimeSpan.FromMinutes(1));
            return db.Left == 0 && here.GetUtcNow() >= town.Clock.GetUtcNow().AddMinutes(1);
        });

        await stop.CancelAsync();
        await following.WaitAsync(s_patience);
    }

    [Theory, BothEngines]
    public async Task The_outbox_does_its_work_after_all_that_its_database_may_throw(Engine engine)
    {
        await using var town = await Town.On(engine);
        var db = new FaultyDatabase(town.Db);
        var outbox = new Outbox(db, town.Clock, NullLogger<Outbox>.Instance);
        var done = new TaskCompletionSource();
        outbox.On("test", (_, _) =>
        {
            done.TrySetResult();
            return Task.FromResult(OutboxResult.Done);
        });
        db.Fail(Everything());
        using var loops = Impatient();
        using var stop = new CancellationTokenSource();
        var dispatching = outbox.Dispatch(loops, stop.Token);

        await town.Db.Transact(tx => outbox.Add(tx, Id.New(town.Clock), "test", ""));
        outbox.Wake();
        await done.Task.WaitAsync(s_patience);

        await stop.CancelAsync();
        await dispatching.WaitAsync(s_patience);
    }

    [Fact]
    public async Task News_are_heard_again_after_the_wire_was_cut_and_after_somebody_who_follows_them_failed()
    {
        await using var test = await TestDatabase.Create(Engine.Postgres);
        await using var other = Database.Open(test.Address, SandboxModule.Catalogue);
        using var loops = Impatient();
        var bad = true;
        other.Notifications.Follow("test", _ => throw (bad ? new InvalidOperationException() : new OperationCanceledException()));
        var heard = new TaskCompletionSource();
        other.Notifications.Follow("good", s => _ = s is null || heard.TrySetResult());
        test.Database.Notifications.Start(loops);
        other.Notifications.Start(loops);
        await Until(() => other.Notifications.Behind < TimeSpan.FromSeconds(1) || loops.All.Any(l => l.Failures > 0));

        await test.Database.Transact(tx => test.Database.Notifications.Announce(tx, "test:1"));
        bad = false;
        await using (var connection = await test.Database.Connect())
            await connection.ExecuteAsync(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

        await Until(async () =>
        {
            await test.Database.Transact(tx => test.Database.Notifications.Announce(tx, "test:2", "good:1"));
            return heard.Task.IsCompleted;
        });
    }

    static Loops Impatient() => new() { FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(5) };

    static Task Until(Func<bool> holds) => Until(() => Task.FromResult(holds()));

    static async Task Until(Func<Task<bool>> holds)
    {
        var from = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                if (await holds())
                    return;
            }
            catch (DbException)
            {
                // The test's own wire was cut with the others.
            }
            TimeProvider.System.GetElapsedTime(from).ShouldBeLessThan(s_patience);
            await Task.Delay(10);
        }
    }
}
