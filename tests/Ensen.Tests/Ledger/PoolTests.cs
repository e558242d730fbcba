using System.Data.Common;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Ledger;

/// <summary>
/// A pool is taken from by everybody at once, on every node, down to the last yen and never beyond it (decision 0030).
/// </summary>
public class PoolTests
{
    static readonly AccountType s_pool = new(902, "TestPool", Unit.Yen) { IsGuarded = true, IsPool = true };
    static readonly Module s_module = new("Pools") { Declares = [s_pool] };

    [Theory]
    [BothEngines(0, 600)]
    [BothEngines(1, 600)]
    [BothEngines(7, 2)]
    [BothEngines(1_000, 7)]
    [BothEngines(100_000, 600)]
    [BothEngines(120_000, 600)]
    [BothEngines(120_001, 600)]
    public async Task Two_hundred_at_two_nodes_get_what_is_there_and_nothing_more(Engine engine, int budget, int each)
    {
        await using var town = await Town.On(engine, SandboxModule.Catalogue.With(s_module));
        await using var other = new Node(town, stores => stores);
        var (pool, crowd) = (await Filled(town, budget), await town.Crowd(200, Yen.Zero));

        var got = await Task.WhenAll(crowd.Select((who, i) => Task.Run(() =>
            Insistently(town, who.Id, pool, each, i % 2 == 0 ? town.Ledger : other.Ledger))));

        got.Sum().ShouldBe(Math.Min(budget, 200 * each));
        got.Count(g => g == each).ShouldBe(Math.Min(200, budget / each));
        got.Count(g => g > 0 && g < each).ShouldBe(budget < 200 * each && budget % each > 0 ? 1 : 0);
        (await town.Balance(pool, s_pool)).ShouldBe(Math.Max(0, budget - 200 * each));
    }

    // The second node dies in its n-th commit: before it, or after it and before anybody was told.
    [Theory]
    [BothEngines(1, false)]
    [BothEngines(1, true)]
    [BothEngines(2, false)]
    [BothEngines(2, true)]
    [BothEngines(4, true)]
    public async Task When_a_node_dies_in_between_it_is_as_if_it_had_been_there(Engine engine, int commit, bool arrived)
    {
        await using var town = await Town.On(engine, SandboxModule.Catalogue.With(s_module));
        await using var other = new Node(town, stores => [.. stores.Select(store => new DyingStore(store, commit, arrived))]);
        var (pool, crowd) = (await Filled(town, 50_000), await town.Crowd(200, Yen.Zero));

        var got = await Task.WhenAll(crowd.Select((who, i) => Task.Run(() =>
            Insistently(town, who.Id, pool, 600, i % 2 == 0 ? town.Ledger : other.Ledger))));

        got.Sum().ShouldBe(50_000);
        got.Count(g => g == 600).ShouldBe(83);
        (await town.Balance(pool, s_pool)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task Whoever_looked_before_somebody_else_took_looks_again(Engine engine)
    {
        await using var town = await Town.On(engine, SandboxModule.Catalogue.With(s_module));
        await using var other = new Node(town, stores => stores);
        var (pool, crowd) = (await Filled(town, 10), await town.Crowd(2, Yen.Zero));

        var looked = 0;
        var second = await town.Ledger.Post(new Draw(town, crowd[0].Id, pool, 6)
        {
            Meanwhile = () =>
            {
                if (++looked == 1)
                    other.Ledger.Post(new Draw(town, crowd[1].Id, pool, 6)).GetAwaiter().GetResult().Value!.Amount.ShouldBe(6);
            },
        });

        second.Value!.Amount.ShouldBe(4);
        looked.ShouldBe(2);
    }

    [Theory, BothEngines]
    public async Task Verify_says_when_a_pool_lies_where_nobody_looks_or_is_below_zero(Engine engine)
    {
        await using var town = await Town.On(engine, SandboxModule.Catalogue.With(s_module));
        var pool = await Filled(town, 10);
        await Change("update account set stripe = 16 where owner = @pool");
        (await town.Complaints()).ShouldContain(c => c.Contains("is in stripe 16", StringComparison.Ordinal));
        await Change("insert into account (owner, account_type, term, stripe, balance) values (@pool, 902, 0, 3, -4)");
        (await town.Complaints()).ShouldContain(c => c.Contains("holds -4", StringComparison.Ordinal));
        await Change("delete from account where owner = @pool and stripe = 3; update account set stripe = 15 where owner = @pool");

        async Task Change(string sql)
        {
            await using var connection = await town.Db.Connect();
            await connection.ExecuteAsync(sql, new { pool });
        }
    }

    [Fact]
    public void A_writer_takes_from_its_own_stripe_and_when_that_is_short_from_the_fullest_and_half_of_its_rest()
    {
        var pool = Loaded(own: 1, (0, 100), (1, 10), (2, 40));

        pool.Apply(Take(10)).ShouldBeTrue();
        Changes(pool).ShouldBe("1: 10 → 0");
        pool.Apply(Take(20)).ShouldBeTrue();
        Changes(pool).ShouldBe("0: 100 → 40, 1: 10 → 40");
        pool.Apply(Take(121)).ShouldBeFalse();
        pool.Apply(Take(120)).ShouldBeTrue();
        Changes(pool).ShouldBe("0: 100 → 0, 1: 10 → 0, 2: 40 → 0");
        pool.Apply(Take(1)).ShouldBeFalse();
    }

    [Fact]
    public void What_is_undone_is_in_the_pool_again()
    {
        var pool = Loaded(own: 1, (0, 100));

        pool.Apply(Take(-5)).ShouldBeTrue();
        pool.Apply(Take(30)).ShouldBeTrue();
        pool.Undo(Take(30));
        pool.Undo(Take(-5));

        pool.Balance(s_pool).ShouldBe(100);
    }

    static PoolState Loaded(short own, params (short Stripe, long Balance)[] rows)
    {
        var pool = new PoolState(Guid.Empty, own);
        foreach (var (stripe, balance) in rows)
            pool.Load(s_pool, 0, stripe, balance);
        return pool;
    }

    static Leg Take(long amount) => new(Guid.Empty, s_pool, 0, -amount);

    static string Changes(PoolState pool)
    {
        var writes = new WriteSet();
        pool.CollectInto(writes);
        return string.Join(", ", writes.Guarded.Select(g => FormattableString.Invariant($"{g.Stripe}: {g.Before} → {g.After}")));
    }

    static async Task<Guid> Filled(Town town, long budget)
    {
        var pool = Id.New(town.Clock);
        if (budget > 0)
            (await town.Ledger.Post(new Draw(town, Chart.Operator, pool, budget, fills: true))).Accepted.ShouldBeTrue();
        return pool;
    }

    /// <summary>Asks again with the same key until it is told, at the first node when the second is dead.</summary>
    static async Task<long> Insistently(Town town, Guid who, Guid pool, long amount, GeneralLedger node)
    {
        for (var (draw, ledger) = (new Draw(town, who, pool, amount), node); ; ledger = town.Ledger)
        {
            try
            {
                return (await ledger.Post(draw)).Value!.Amount;
            }
            catch (LedgerUnavailableException)
            {
                await Task.Delay(Random.Shared.Next(10, 60));
            }
        }
    }

    /// <summary>Takes an amount out of a pool, or what is left of it; or fills it.</summary>
    sealed class Draw(Town town, Guid who, Guid pool, long amount, bool fills = false) : Draft<Moved, MoveRefusal>
    {
        readonly DateTimeOffset _at = town.Clock.GetUtcNow();

        public Action? Meanwhile { get; init; }
        public override Guid Id { get; } = Ensen.Basics.Id.New(town.Clock);
        public override IReadOnlyList<Guid> Owners { get; } = fills ? [] : [who];
        public override IReadOnlyList<Guid> Pools { get; } = [pool];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys { get; } = [Town.Key(who, null)];
        public override JsonTypeInfo<Moved> Json => MoveJson.Default.Moved;
        public override MoveRefusal Reused(IdempotencyKey key) => MoveRefusal.KeyReused;

        public override Decision<Moved, MoveRefusal> Decide(AccountState state)
        {
            Meanwhile?.Invoke();
            var gets = fills ? -amount : Math.Min(amount, state.Pool(pool).Balance(s_pool));
            var moved = new Decision<Moved, MoveRefusal>(new Moved(Id, gets));
            return gets == 0 ? moved : moved with
            {
                Entry = new Entry(Id, EntryKind.Charge, _at, Initiator.Job("draw"),
                    [new Leg(pool, s_pool, 0, -gets), new Leg(who, fills ? AccountType.Suspense : AccountType.Money, 0, gets)]),
            };
        }
    }

    /// <summary>In its n-th commit the program dies, and does nothing from then on.</summary>
    sealed class DyingStore(LedgerStore real, int commit, bool arrived) : LedgerStore(real.Catalogue)
    {
        int _commits;

        public override Task<LoadedState> Load(ReadSet reads, CancellationToken ct) =>
            _commits >= commit ? throw new IOException("The program is dead.") : real.Load(reads, ct);

        public override async Task Commit(WriteSet writes, Func<DbTransaction, CancellationToken, Task>? alongside, CancellationToken ct)
        {
            if (++_commits >= commit && !(arrived && _commits == commit))
                throw new IOException("The program is dead.");
            await real.Commit(writes, alongside, ct);
            if (_commits >= commit)
                throw new IOException("The program died and told nobody.");
        }

        public override ValueTask DisposeAsync() => real.DisposeAsync();
    }

    sealed class Node : IAsyncDisposable
    {
        readonly Database? _own;

        public Node(Town town, Func<IReadOnlyList<LedgerStore>, IReadOnlyList<LedgerStore>> twist)
        {
            _own = town.Db.Engine == Engine.Postgres ? Database.Open(town.Address, town.Db.Catalogue) : null;
            var own = new OwnSeals();
            Ledger = new GeneralLedger(_own ?? town.Db, TimeProvider.System, twist(_own is PostgresDatabase postgres
                ? [new PostgresStore(postgres, own), new PostgresStore(postgres, own)]
                : [new SqliteStore((SqliteDatabase)town.Db, own)]));
        }

        public GeneralLedger Ledger { get; }

        public async ValueTask DisposeAsync()
        {
            await Ledger.DisposeAsync();
            if (_own is not null)
                await _own.DisposeAsync();
        }
    }
}
