using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>
/// With three writers or more, closing could leave one asleep for ever: two had gone to sleep before a held owner, and its release woke
/// only one.
/// </summary>
public class ManyWritersClose
{
    [Fact]
    public async Task All_of_them_stop_when_they_wait_for_the_same_member()
    {
        await using var town = await Town.On(Engine.Postgres);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var node = new GeneralLedger(town.Db, town.Clock, writers: 5);
        using var inside = new ManualResetEventSlim();
        using var open = new ManualResetEventSlim();
        Task<Answer<Moved, MoveRefusal>> Spend(Action? meanwhile = null) => node.Post(new Move(Id.New(town.Clock), town.Clock.GetUtcNow(),
            Leg.Of(aoi.Id, AccountType.Money, -1.Yen()), Leg.Of(Chart.Operator, AccountType.Suspense, 1.Yen()))
        {
            Meanwhile = _ => meanwhile?.Invoke(),
        });

        var first = Spend(() =>
        {
            inside.Set();
            open.Wait(TimeSpan.FromSeconds(30));
        });
        await Task.Run(() => inside.Wait(TimeSpan.FromSeconds(30)));
        var others = Enumerable.Range(0, 6).Select(_ => Spend()).ToList();
        var closing = node.DisposeAsync().AsTask();
        await Task.Delay(200); // Whoever closes waits by now; nothing says so.
        open.Set();

        await closing.WaitAsync(TimeSpan.FromSeconds(10));
        (await Task.WhenAll([first, .. others])).ShouldAllBe(a => a.Accepted);
    }
}
