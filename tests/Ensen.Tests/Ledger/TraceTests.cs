using System.Collections.Concurrent;
using System.Diagnostics;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Ledger;

/// <summary>
/// A payment can be followed: from its caller's span to its wait, from the wait to the batch that served it, and into the batch's steps.
/// </summary>
public class TraceTests
{
    [Theory, BothEngines]
    public async Task A_payment_is_a_wait_that_is_linked_to_a_batch_of_load_decide_and_commit(Engine engine)
    {
        await using var town = await Town.On(engine, writers: 1);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is LedgerTrace.Name or "test",
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");

        ActivityContext request;
        using (var span = source.StartActivity("request"))
        {
            request = span!.Context;
            (await town.Pay(aoi, cafe, 100.Yen())).Accepted.ShouldBeTrue();
            Activity.Current.ShouldBe(span);
        }

        var wait = spans.Single(s => s.OperationName == "ledger wait" && s.TraceId == request.TraceId);
        wait.ParentSpanId.ShouldBe(request.SpanId);
        var link = wait.Links.ShouldHaveSingleItem();
        (await Stopped(() => spans.Any(s => s.SpanId == link.Context.SpanId))).ShouldBeTrue();
        var batch = spans.Single(s => s.SpanId == link.Context.SpanId);
        batch.OperationName.ShouldBe("ledger batch");
        batch.ParentSpanId.ShouldBe(default, "a batch serves many and belongs to none");
        batch.TraceId.ShouldNotBe(wait.TraceId);
        batch.Links.ShouldContain(l => l.Context == wait.Context);
        spans.Where(s => s.ParentSpanId == batch.SpanId && s.Source.Name == LedgerTrace.Name).OrderBy(s => s.StartTimeUtc)
            .Select(s => s.OperationName)
            .ShouldBe(["load", "decide", "commit"]);
    }

    static async Task<bool> Stopped(Func<bool> so)
    {
        for (var looks = 0; looks < 500 && !so(); looks++)
            await Task.Delay(10);
        return so();
    }
}
