using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Ledger;

/// <summary>Many callers, few commits: what each of them may rely on.</summary>
public class GroupCommitTests
{
    [Theory, BothEngines]
    public async Task An_answer_is_given_only_when_the_entry_can_be_read(Engine engine)
    {
        await using var town = await Town.On(engine);
        var crowd = await town.Crowd(40, 1_000.Yen());

        var unseen = await Task.WhenAll(crowd.Select(async who =>
        {
            var answer = await Spend(town, who, 10);
            return await town.Count("select count(*) from entry where id = @EntryId", new { answer.Value!.EntryId }) == 1 ? 0 : 1;
        }));

        unseen.Sum().ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task One_owners_entries_are_decided_in_the_order_in_which_they_were_posted(Engine engine)
    {
        await using var town = await Town.On(engine);
        var crowd = await town.Crowd(5, 1_000.Yen());

        var posted = crowd.Select(who => (who, Spending: Enumerable.Range(0, 30).Select(_ => Spend(town, who, 10)).ToList())).ToList();
        foreach (var (who, spending) in posted)
        {
            var order = (await Task.WhenAll(spending)).Select(a => a.Value!.EntryId).ToList();
            await using var connection = await town.Db.Connect();
            var after = (await Statement.Of(connection, SandboxModule.Catalogue, who.Id, null, 100))
                .ToDictionary(l => l.EntryId, l => l.BalanceAfter);
            order.Select(id => after[new EntryId(id)]).ShouldBe(Enumerable.Range(1, 30).Select(i => (long?)(1_000 - 10 * i)));
        }
    }

    [Theory, BothEngines]
    public async Task In_one_batch_each_sees_what_those_before_it_did(Engine engine)
    {
        await using var town = await Town.On(engine, writers: 1);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var ren = await town.Member("Ren");
        Leg[] Sending(Resident from, Resident to, long yen) =>
            [Leg.Of(from.Id, AccountType.Money, new Yen(-yen)), Leg.Of(to.Id, AccountType.Money, new Yen(yen))];

        var words = await Gate.Batch<string>(town, () =>
        [
            Gate.InAWord(town.Post(Sending(ren, aoi, 1))),
            Gate.InAWord(town.Post(Sending(aoi, ren, 1_000))),
            Gate.InAWord(town.Post(Sending(aoi, ren, 1))),
            Gate.InAWord(town.Post(Sending(ren, aoi, 400))),
            Gate.InAWord(town.Post(Sending(aoi, ren, 400))),
        ]);

        words.ShouldBe(["Insufficient", "posted", "Insufficient", "posted", "posted"]);
        (await town.Balance(ren.Id, AccountType.Money)).ShouldBe(1_000);
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 0");
    }

    [Theory, BothEngines]
    public async Task A_bad_draft_does_not_take_its_neighbours_down(Engine engine)
    {
        await using var town = await Town.On(engine, writers: 1);
        var crowd = await town.Crowd(6, 1_000.Yen());
        Move Draft(int who, long yen, bool careless = false, Action<AccountState>? meanwhile = null,
            IReadOnlyList<EntryDetail>? details = null) =>
            new(Id.New(town.Clock), town.Clock.GetUtcNow(), Leg.Of(crowd[who].Id, AccountType.Money, new Yen(-yen)),
                Leg.Of(Chart.Operator, AccountType.Suspense, new Yen(yen)))
            {
                Careless = careless,
                Meanwhile = meanwhile,
                Details = details ?? [],
            };
        var nowhere = new DetailTable<Moved>("no_such_table").Uuid("id", m => m.EntryId);

        var words = await Gate.Batch(town, () => new[]
        {
            Draft(0, 10),
            Draft(1, 1_001, careless: true),
            Draft(2, 10, meanwhile: _ => throw new NotSupportedException("a mistake in a feature")),
            Draft(3, 10, meanwhile: state => state.Of(crowd[0].Id)),
            Draft(4, 10, details: [nowhere.Row(new Moved(crowd[4].Id, 0))]),
            Draft(5, 10),
        }.Select(d => Gate.InAWord(town.Ledger.Post(d))).ToList());

        words.ShouldBe(["posted", "BelowFloorException", "NotSupportedException", "InvalidOperationException", "LedgerUnavailableException", "posted"]);
        (await town.Balance(Chart.Operator, AccountType.Suspense)).ShouldBe(1 + 20);
    }

    [Theory, BothEngines]
    public async Task Whoever_stops_waiting_has_not_stopped_the_payment(Engine engine)
    {
        await using var town = await Town.On(engine, writers: 1);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var key = Town.Key(aoi.Id, "k", 10);
        using var impatience = new CancellationTokenSource();
        Move Draft() => new(Id.New(town.Clock), town.Clock.GetUtcNow(), Leg.Of(aoi.Id, AccountType.Money, -10.Yen()),
            Leg.Of(Chart.Operator, AccountType.Suspense, 10.Yen()))
        { Keys = [key] };

        await Gate.Batch<OperationCanceledException>(town, () =>
        {
            var waiting = town.Ledger.Post(Draft(), impatience.Token);
            impatience.Cancel();
            return [Should.ThrowAsync<OperationCanceledException>(waiting)];
        });
        var again = await town.Ledger.Post(Draft());

        (again.Accepted, again.Replayed).ShouldBe((true, true));
        (await town.Holds(aoi)).ShouldBe("money 990, prepaid 0, points 0");
    }

    [Theory, BothEngines]
    public async Task Closing_serves_everybody_who_waits_and_takes_nobody_new(Engine engine)
    {
        await using var town = await Town.On(engine);
        var crowd = await town.Crowd(30, 1_000.Yen());
        var node = new GeneralLedger(town.Db, town.Clock);

        var waiting = crowd.SelectMany(who => Enumerable.Range(0, 10).Select(_ => node.Post(Spending(town, who, 1)))).ToList();
        await node.DisposeAsync();

        waiting.ShouldAllBe(w => w.IsCompletedSuccessfully && w.Result.Accepted);
        Should.Throw<ObjectDisposedException>(() => { _ = node.Post(Spending(town, crowd[0], 1)); });
    }

    // Ordinary transactions meet the writer at the same database (on SQLite at its one door).
    [Theory, BothEngines]
    public async Task Ordinary_transactions_run_beside_the_writers(Engine engine)
    {
        await using var town = await Town.On(engine);
        var crowd = await town.Crowd(20, 1_000.Yen());

        var spending = crowd.Select(who => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
                (await Spend(town, who, 10)).Accepted.ShouldBeTrue();
        }));
        var writing = Enumerable.Range(0, 4).Select(n => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
                await town.Db.Transact(tx => Setting.Write(tx, $"note {n}", $"{i}"));
        }));
        await Task.WhenAll([.. spending, .. writing]);

        (await town.Balance(Chart.Operator, AccountType.Suspense)).ShouldBe(20 * 10 * 10);
        await using var connection = await town.Db.Connect();
        (await Setting.Read(connection, "note 3")).ShouldBe("24");
    }

    static Task<Answer<Moved, MoveRefusal>> Spend(Town town, Resident who, long yen) => town.Ledger.Post(Spending(town, who, yen));

    static Move Spending(Town town, Resident who, long yen) => new(Id.New(town.Clock), town.Clock.GetUtcNow(),
        Leg.Of(who.Id, AccountType.Money, new Yen(-yen)), Leg.Of(Chart.Operator, AccountType.Suspense, new Yen(yen)));
}
