using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Chaos;

/// <summary>Two nodes on one PostgreSQL, callers at both, and one of them is killed.</summary>
[Trait("Takes", "long")]
public class OneOfTwoNodesTests
{
    const int Before = 400;
    const int After = 400;

    [Fact]
    public async Task When_one_is_killed_the_other_serves_on_and_nothing_is_lost_or_done_twice()
    {
        await using var database = await TestDatabase.Create(Engine.Postgres);
        await using var first = await WebApp.Start(database.Address);
        await using var second = await WebApp.Start(database.Address);
        using var callers = await Callers.Gather(first, perTry: TimeSpan.FromSeconds(60));
        callers.GoTo(first, second);

        var enough = new TaskCompletionSource();
        var acting = callers.ActUntil(enough.Task);
        try
        {
            await Answers(Before);
            await OneCodeAtBoth(callers);
            await first.Kill();

            // Nobody tells the callers: they find the dead node silent, and ask again wherever they get to.
            await Until.Seen(() => callers.SilencesOf(first) >= 8, () => "tries at the dead node");
            await Answers(After);
        }
        finally
        {
            enough.SetResult();
            await acting;
        }
        callers.GoTo(second);
        await callers.Resolve();
        await callers.AskAgain();

        callers.SilencesOf(second).ShouldBe(0, second.LastWords);
        callers.PutOffBy(second).ShouldBeLessThan(callers.History.Calls.Count / 10, second.LastWords);
        (await Books.Read(database.Address)).Complaints(callers.History).Take(20).ShouldBeEmpty();
        var (exitCode, output, error) = await WebApp.Command("verify", "--database", database.Address);
        exitCode.ShouldBe(0, output + error);

        Task Answers(int more)
        {
            var goal = callers.History.Answered + more;
            return Until.Seen(() => callers.History.Answered >= goal, () => $"{more} more answers");
        }
    }

    /// <summary>Two orders with the code that one member shows, at both nodes at the same time: one is paid.</summary>
    static async Task OneCodeAtBoth(Callers callers)
    {
        for (var round = 0; round < 10; round++)
        {
            var member = callers.People[1 + round % 5];
            var code = (await callers.Code(member)).ShouldNotBeNull();
            var orders = callers.Shops.Select(shop => callers.Take(member, shop, 10 + round, code)).ToList();
            await Task.WhenAll(orders.SelectMany(order => callers.Doors.Select(door => callers.Try(order, door))));
            orders.Count(o => o.Accepted).ShouldBe(1);
            orders.Single(o => !o.Accepted).Answer!.Refused(409, "code_used");
        }
    }
}
