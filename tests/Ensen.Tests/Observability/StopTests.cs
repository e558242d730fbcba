using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Observability;

/// <summary>
/// A node that is told to stop under load finishes what it took, refuses the rest before taking it, and leaves nobody in doubt.
/// </summary>
public class StopTests
{
    [Theory, BothEngines]
    public async Task Every_payment_is_answered_or_refused_before_it_was_taken(Engine engine)
    {
        await using var database = await TestDatabase.CreateEmpty(engine);
        await using var app = await WebApp.Start(database.Address);
        var scene = new Scene(app);
        var cafe = await scene.Store();
        var crowd = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => scene.Member(100_000)));
        var (paid, refused) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        var started = 0;

        var paying = crowd.Select(who => Task.Run(async () =>
        {
            while (true)
            {
                Interlocked.Increment(ref started);
                Reply reply;
                try
                {
                    reply = await who.Pay(cafe, 1);
                }
                catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
                {
                    return "closed"; // It could not even connect: nothing was sent.
                }
                if (reply.Status != 201)
                {
                    refused.Add($"{reply.Status} {reply.Text("code")}");
                    reply.Headers.ConnectionClose.ShouldBe(true);
                    return "refused";
                }
                paid.Add(reply.Text("paymentId"));
            }
        })).ToList();
        while (paid.Count < 200)
            await Task.Delay(10);
        await using var stream =
            await new HttpClient { DefaultRequestHeaders = { { "Authorization", $"Bearer {cafe.Till.Token}" } } }.GetStreamAsync($"{app.Address}/api/v1/till/events");
        var listening = new StreamReader(stream).ReadToEndAsync();

        var stopping = Stopwatch.StartNew();
        var exit = app.Stop();
        var ends = await Task.WhenAll(paying);

        (await exit).ShouldBe(0, app.LastWords);
        stopping.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        ends.ShouldAllBe(end => end == "refused" || end == "closed");
        refused.Distinct().ShouldBe(["503 try_again"]);
        (await listening).ShouldContain("retry: ");
        var verdict = await WebApp.Command("verify", "--database", database.Address);
        verdict.ExitCode.ShouldBe(0, verdict.Output);
        await using var again = await WebApp.Start(database.Address);
        foreach (var who in crowd)
            (await who.Api.At(again.Http).Get("/wallet")).Ok();
        var left = 0L;
        foreach (var who in crowd)
            left += (await who.Api.At(again.Http).Get("/wallet")).Number("balance");
        (1_600_000 - left).ShouldBe(paid.Count, "what was answered is there, and nothing else is");
    }

    [Fact]
    public async Task A_node_that_stops_says_that_it_is_not_ready_before_it_closes()
    {
        await using var app = await WebApp.Start(Engine.Sqlite, "--Ensen:LeaveMs=3000");
        var exit = app.Stop();

        var words = "";
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(3)
            && !words.Contains("stopping", StringComparison.Ordinal); await Task.Delay(20))
        {
            using var answer = await app.Http.GetAsync("/health/ready");
            words = $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
        }

        words.ShouldStartWith("503 ");
        words.ShouldContain("the node is stopping");
        (await app.Http.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await exit).ShouldBe(0, app.LastWords);
    }
}
