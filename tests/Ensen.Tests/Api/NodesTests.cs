using System.Diagnostics;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>Two nodes on one PostgreSQL database are one product.</summary>
public class NodesTests
{
    [Fact]
    public async Task Two_nodes_share_sessions_keys_clock_and_news()
    {
        await using var first = await WebApp.Start(Engine.Postgres);
        await using var second = await WebApp.Start(first.DatabaseAddress);
        var scene = new Scene(first);
        var (member, shop) = (await scene.Member(50_000), await scene.Store());

        // A token made on one node is good on the other, at once.
        var there = new Person(member.Id, member.Api.At(second.Http));
        (await there.Balance()).ShouldBe(50_000);

        // What is paid on one node is heard on the other, and soon: one of five does on a busy machine, too.
        var waits = new List<TimeSpan>();
        await using (var till = await Listener.Open(second.Http, shop))
            for (var i = 1; i <= 5; i++)
            {
                var waited = Stopwatch.StartNew();
                (await member.Pay(shop, i)).Created();
                (await till.Next()).Json.GetProperty("amount").GetInt64().ShouldBe(i);
                waits.Add(waited.Elapsed);
            }
        waits.Min().ShouldBeLessThan(TimeSpan.FromSeconds(2));

        // A code shown by one node is scanned at the other, and the order is known to both.
        var taken = (await shop.Till.At(second.Http)
            .Post("/till/payments", new { code = await member.Code(), amount = 85, orderId = "o-1" })).Created();
        (await shop.Till.Get("/till/payments?orderId=o-1")).Ok().Text("paymentId").ShouldBe(taken.Text("paymentId"));

        // One key at both nodes at once is one payment.
        for (var round = 0; round < 20; round++)
        {
            var key = Guid.NewGuid().ToString();
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? member : there).Pay(shop, 100, key: key)));
            answers.Select(a => a.Created().Body).Distinct().ShouldHaveSingleItem();
            answers.Count(a => !a.Replayed).ShouldBe(1);
        }
        (await member.Balance()).ShouldBe(50_000 - 15 - 85 - 20 * 100);

        // A whole balance at both nodes at once is spent once.
        var poor = await scene.Member(1_000);
        var races = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(i => new Person(poor.Id, poor.Api.At(i % 2 == 0 ? first.Http : second.Http)).Pay(shop, 1_000)));
        races.Count(a => a.Status == 201).ShouldBe(1);
        foreach (var refused in races.Where(a => a.Status != 201))
            refused.Refused(422, "insufficient_balance");

        // A device that is signed out is signed out everywhere, two seconds later at the latest.
        await using (var workshop = await Workshop.Open(first))
            await workshop.SignOut(poor);
        var signedOut = Stopwatch.StartNew();
        foreach (var node in new[] { poor.Api, poor.Api.At(second.Http) })
        {
            while (signedOut.Elapsed < TimeSpan.FromSeconds(2.5) && (await node.Get("/wallet")).Status != 401)
                await Task.Delay(20);
            (await node.Get("/wallet")).Refused(401, "unauthenticated");
        }

        // The clock moves for both.
        var moved = (await scene.Nobody.Post("/sandbox/clock", new { advance = "P40D" }, Client.NoKey)).Ok().Json.GetProperty("now")
            .GetDateTimeOffset();
        var waitedForClock = Stopwatch.StartNew();
        while ((await new Client(second.Http).Get("/sandbox/clock")).Json.GetProperty("now").GetDateTimeOffset() < moved)
        {
            waitedForClock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
            await Task.Delay(50);
        }

        (await WebApp.Command("verify", "--database", first.DatabaseAddress)).ExitCode.ShouldBe(0);
    }
}
