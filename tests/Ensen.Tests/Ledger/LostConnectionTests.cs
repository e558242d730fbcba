using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Ledger;

/// <summary>
/// PostgreSQL goes away at the worst moments: what was answered is there, nothing is there twice, and what became of a lost commit is
/// looked up, not assumed.
/// </summary>
public class LostConnectionTests
{
    [Theory]
    [InlineData(Cut.BeforeCommit)]
    [InlineData(Cut.AfterCommit)]
    [InlineData(Cut.AfterCommit, Cut.BeforeCommit)]
    [InlineData(Cut.BeforeCommit, Cut.AfterCommit, Cut.BeforeCommit)]
    internal async Task A_payment_of_everything_is_made_once_when_the_wire_is_cut_at_its_commit(params Cut[] cuts)
    {
        await using var town = await Town.On(Engine.Postgres);
        await using var wire = new CutWire(town.Address);
        await using var db = Database.Open(wire.Address, SandboxModule.Catalogue);
        await using var node = new GeneralLedger(db, town.Clock, writers: 1);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");
        var request = Town.Payment(aoi, cafe, 1_000.Yen(), key: "k");

        await Greet(db);
        wire.Plan(cuts);
        var answer = await town.Pay(request, node);
        var again = await town.Pay(request, node);

        wire.Done.ShouldBe(cuts.Contains(Cut.AfterCommit) ? Array.IndexOf(cuts, Cut.AfterCommit) + 1 : cuts.Length);
        answer.Value.ShouldNotBeNull();
        (again.Replayed, again.Value).ShouldBe((true, answer.Value));
        (await town.Entries(EntryKind.Payment)).ShouldBe(1);
        (await town.Balance(aoi.Id, AccountType.Money)).ShouldBe(0);
    }

    [Fact]
    public async Task Refusals_are_resolved_as_well_when_the_wire_is_cut()
    {
        await using var town = await Town.On(Engine.Postgres);
        await using var wire = new CutWire(town.Address);
        await using var db = Database.Open(wire.Address, SandboxModule.Catalogue);
        await using var node = new GeneralLedger(db, town.Clock, writers: 1);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");

        await Greet(db);
        wire.Plan(Cut.AfterCommit);
        var answer = await town.Pay(Town.Payment(aoi, cafe, 1_001.Yen(), key: "k"), node);

        answer.Refusal.ShouldBe(PayRefusal.InsufficientBalance);
        wire.Done.ShouldBe(1);
    }

    [Fact]
    public async Task When_nothing_gets_through_the_caller_is_told_to_ask_again()
    {
        await using var town = await Town.On(Engine.Postgres);
        await using var wire = new CutWire(town.Address);
        await using var db = Database.Open(wire.Address, SandboxModule.Catalogue);
        await using var node = new GeneralLedger(db, town.Clock, writers: 1);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");
        var request = Town.Payment(aoi, cafe, 1_000.Yen(), key: "k");

        await Greet(db);
        wire.Plan([.. Enumerable.Repeat(Cut.BeforeCommit, 5)]);
        await Should.ThrowAsync<LedgerUnavailableException>(town.Pay(request, node));
        var again = await town.Pay(request, node);

        (again.Accepted, again.Replayed).ShouldBe((true, false));
        (await town.Entries(EntryKind.Payment)).ShouldBe(1);
    }

    [Fact]
    public async Task Under_load_connections_are_killed_and_no_answered_payment_is_lost_or_doubled()
    {
        await using var town = await Town.On(Engine.Postgres);
        var crowd = await town.Crowd(60, 100_000.Yen());
        var cafe = await town.Store("Café Loop");
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(4));
        var unavailable = 0;

        var paying = crowd.Select(who => Task.Run(async () =>
        {
            var mine = new List<Paid>();
            while (!enough.IsCancellationRequested)
            {
                var request = Town.Payment(who, cafe, 1.Yen());
                while (true)
                {
                    try
                    {
                        mine.Add((await town.Pay(request)).Value!);
                        break;
                    }
                    // Of the ledger, or of the look at campaigns before it: whoever pays is told to ask again.
                    catch (Exception e) when (TransientFailure.Is(e))
                    {
                        Interlocked.Increment(ref unavailable);
                    }
                }
            }
            return mine;
        })).ToList();
        var killed = await KillConnections(town, enough.Token);
        var answered = (await Task.WhenAll(paying)).SelectMany(p => p).ToList();

        killed.ShouldBeGreaterThan(10);
        answered.ShouldNotContain(p => p == null);
        answered.Select(p => p.PaymentId).Distinct().Count().ShouldBe(answered.Count);
        (await town.Entries(EntryKind.Payment)).ShouldBe(answered.Count, $"{killed} killed, {unavailable} times unavailable");
        (await town.Balance(cafe.Id, AccountType.Payable)).ShouldBe(answered.Count);
        await using var connection = await town.Db.Connect();
        (await connection.QueryAsync<PaymentId>("select entry_id from payment")).ToHashSet().SetEquals(answered.Select(p => p.PaymentId))
            .ShouldBeTrue();
    }

    /// <summary>The first connection of a program asks for the types there are, in a transaction of its own.</summary>
    static async Task Greet(Database db)
    {
        await using var connection = await db.Connect();
    }

    static async Task<int> KillConnections(Town town, CancellationToken ct)
    {
        var killed = 0;
        var random = new Random(1);
        await using var killer = new Npgsql.NpgsqlConnection(town.Address["postgres:".Length..]);
        await killer.OpenAsync(CancellationToken.None);
        while (!ct.IsCancellationRequested)
        {
            killed += (await killer.QueryAsync<bool>(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'ensen' order by random() limit 1"))
                .Count(done => done);
            await Task.Delay(random.Next(5, 120), CancellationToken.None);
        }
        return killed;
    }
}
