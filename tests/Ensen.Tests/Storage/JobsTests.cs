using Ensen.Basics;
using Ensen.Storage;
using Ensen.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Tests.Storage;

/// <summary>Jobs: one node runs each, again when due; what fails or hangs is written down and tried again.</summary>
public class JobsTests
{
    static readonly IServiceProvider s_services = new ServiceCollection().BuildServiceProvider();

    [Theory, BothEngines]
    public async Task A_job_runs_when_it_is_due_and_says_how_it_fared(Engine engine)
    {
        await using var town = await Town.On(engine);
        var runs = 0;
        var jobs = Of(town, (_, _) => Task.FromResult(runs++));

        (await jobs.RunIfDue("count", Ct)).ShouldBeTrue();
        (await jobs.RunIfDue("count", Ct)).ShouldBeFalse();
        town.Clock.Move(TimeSpan.FromMinutes(10));
        (await jobs.RunIfDue("count", Ct)).ShouldBeTrue();

        runs.ShouldBe(2);
        var row = (await jobs.All(Ct)).ShouldHaveSingleItem();
        (row.Attempts, row.LastError, row.LeaseMs, row.LastOkMs).ShouldBe((0, null, 0, town.Clock.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    [Theory, BothEngines]
    public async Task Of_many_nodes_one_runs_it(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (runs, open) = (0, new TaskCompletionSource());
        Jobs Node() => Of(town, async (_, _) =>
        {
            Interlocked.Increment(ref runs);
            await open.Task;
        });

        var nodes = Enumerable.Range(0, 30).Select(_ => Task.Run(() => Node().RunIfDue("count", Ct))).ToList();
        while (nodes.Count(n => n.IsCompleted) < 29)
            await Task.WhenAny(nodes.Where(n => !n.IsCompleted));
        open.SetResult();

        (await Task.WhenAll(nodes)).Count(ran => ran).ShouldBe(1);
        runs.ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_failure_is_written_down_and_tried_again_later(Engine engine)
    {
        await using var town = await Town.On(engine);
        var fails = true;
        var jobs = Of(town, (_, _) => fails ? throw new IOException("no room") : Task.CompletedTask);

        await Should.ThrowAsync<IOException>(jobs.RunIfDue("count", Ct));
        (await jobs.RunIfDue("count", Ct)).ShouldBeFalse("it is tried again after a pause");
        (await jobs.All(Ct)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            row => row.LastError.ShouldBe(nameof(IOException)), row => row.Attempts.ShouldBe(1), row => row.LastOkMs.ShouldBeNull());
        town.Clock.Move(TimeSpan.FromSeconds(3));
        fails = false;
        (await jobs.RunIfDue("count", Ct)).ShouldBeTrue();

        (await jobs.All(Ct)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            row => row.LastError.ShouldBeNull(), row => row.Attempts.ShouldBe(0));
    }

    [Theory, BothEngines]
    public async Task One_that_hangs_is_broken_off_whether_it_listens_or_not(Engine engine)
    {
        await using var town = await Town.On(engine);
        var jobs = Of(town, (_, _) => new TaskCompletionSource().Task, limit: TimeSpan.FromMilliseconds(100));

        await Should.ThrowAsync<TimeoutException>(jobs.RunIfDue("count", Ct));

        (await jobs.All(Ct)).ShouldHaveSingleItem().LastError.ShouldBe("took too long");
    }

    [Theory, BothEngines]
    public async Task A_node_that_died_with_it_is_followed_by_another_once_its_lease_is_over(Engine engine)
    {
        await using var town = await Town.On(engine);
        var died = new TaskCompletionSource();
        var dead = Of(town, (_, _) => died.Task).RunIfDue("count", Ct);
        var other = Of(town, (_, _) => Task.CompletedTask);
        while ((await other.All(Ct)).Count == 0)
            await Task.Yield();

        (await other.RunIfDue("count", Ct)).ShouldBeFalse();
        town.Clock.Move(TimeSpan.FromSeconds(61));
        (await other.RunIfDue("count", Ct)).ShouldBeTrue();

        died.SetResult();
        await dead;
        (await other.All(Ct)).ShouldHaveSingleItem().DueMs.ShouldBe(
            town.Clock.GetUtcNow().AddMinutes(5).ToUnixTimeMilliseconds(), "the dead node's end changes nothing");
    }

    [Theory, BothEngines]
    public async Task A_node_that_stops_gives_it_back_at_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        using var stop = new CancellationTokenSource();
        var stopping = Of(town, (_, ct) => Task.Delay(Timeout.Infinite, ct)).RunIfDue("count", stop.Token);
        var other = Of(town, (_, _) => Task.CompletedTask);
        while ((await other.All(Ct)).Count == 0)
            await Task.Yield();

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(stopping);

        (await other.RunIfDue("count", Ct)).ShouldBeTrue();
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static Jobs Of(Town town, Func<IServiceProvider, CancellationToken, Task> run, TimeSpan? limit = null) => new(
        town.Db,
        new Catalogue([new Module("Test") { Declares = [new Job("count", "something is counted", TimeSpan.FromMinutes(5), limit
            ?? TimeSpan.FromMinutes(1), run)] }]),
        s_services, town.Clock, NullLogger<Jobs>.Instance);
}
