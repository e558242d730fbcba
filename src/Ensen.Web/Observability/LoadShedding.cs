using Ensen.Ledger;
using Ensen.Web.Edge;
using Microsoft.AspNetCore.Diagnostics;

namespace Ensen.Web.Observability;

/// <summary>
/// Back-pressure: while somebody has waited for more than half a second in the ledger's line, what can wait is refused at once (429 and
/// when to come again); from two seconds on all that is not essential, and the ledger turns new payments away. What is left of the node and
/// its database is for paying, and for telling what became of payments.
/// </summary>
static class LoadShedding
{
    public static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(1);

    public static Task TurnAway(HttpContext context, RequestDelegate next, GeneralLedger ledger, Settings settings)
    {
        var importance = context.GetEndpoint()?.Metadata.GetMetadata<PriorityAttribute>()?.RequestPriority ?? RequestPriority.Usual;
        if (importance == RequestPriority.Essential || !MayBeTurnedAway(context))
            return next(context);
        return ledger.OldestWaiting > (importance == RequestPriority.CanWait ? settings.ListsWait : settings.PaymentsWait)
            ? Refuse(context, new Problem("too_many_requests", ComeAgain)) : next(context);
    }

    /// <summary>Requests that move value go on: a repeat must learn its answer, and what is new the ledger turns away itself.</summary>
    static bool MayBeTurnedAway(HttpContext context) =>
        context.GetEndpoint() is { } endpoint
        && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
            || endpoint.Metadata.GetMetadata<PriorityAttribute>() is not null);

    /// <summary>To programs as the contract's problem; to people as a page that says the same.</summary>
    public static Task Refuse(HttpContext context, Problem problem)
    {
        if (context.Features.Get<IStatusCodePagesFeature>() is not { Enabled: true })
            return problem.ExecuteAsync(context);
        context.Response.StatusCode = problem.StatusCode!.Value;
        context.Response.Headers.RetryAfter = "1";
        context.Request.Method = HttpMethods.Get; // The page that says so is asked for next: it is no form, also where one was refused.
        return Task.CompletedTask;
    }
}
