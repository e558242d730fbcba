using System.Diagnostics;

namespace Ensen.Ledger;

/// <summary>
/// The ledger's spans: a caller's wait, and a batch with its load, decide and commit. They are linked, since one batch serves many callers
/// and belongs to none. Nothing is made while nobody listens.
/// </summary>
static class LedgerTrace
{
    public const string Name = "Ensen.Ledger";
    static readonly ActivitySource s_source = new(Name);

    /// <summary>A caller begins to wait; null when nobody listens.</summary>
    public static Activity? Wait() => s_source.HasListeners() ? s_source.StartActivity("ledger wait") : null;

    /// <summary>A batch begins, as the root of its own trace, with a link to everybody in it and from each of them back.</summary>
    public static Activity? Batch(List<PendingPost> batch)
    {
        if (!s_source.HasListeners())
            return null;
        Activity.Current = null;
        var links = batch.Where(w => w.Span is not null).Select(w => new ActivityLink(w.Span!.Context)).ToList();
        var span = s_source.StartActivity("ledger batch", ActivityKind.Internal, parentContext: default, links: links);
        if (span is null)
            return null;
        span.SetTag("ensen.batch.size", batch.Count);
        foreach (var waiting in batch)
            waiting.Span?.AddLink(new ActivityLink(span.Context));
        return span;
    }

    public static Activity? Step(string step) =>
        Activity.Current is { } batch && batch.Source == s_source ? s_source.StartActivity(step) : null;

    /// <summary>The batch must be tried again, and why.</summary>
    public static void Retried(Activity? batch, RetryReason reason) =>
        batch?.AddEvent(new ActivityEvent("retry", tags: new ActivityTagsCollection { ["reason"] = reason.ToString() }));
}
