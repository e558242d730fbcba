using System.Threading.RateLimiting;
using Ensen.Web.Edge;

namespace Ensen.Web.Api;

/// <summary>
/// Orders that are refused again and again with new keys: each is remembered, so a caller gets only so many of them. What is accepted, and
/// the repeat of an answer, costs nothing; whoever has used up theirs is told to come again, and nothing is written.
/// </summary>
sealed class RefusedOrders(Settings settings) : IDisposable
{
    readonly PartitionedRateLimiter<string> _left = PartitionedRateLimiter.Create<string, string>(caller =>
        RateLimitPartition.GetTokenBucketLimiter(caller, _ =>
            RateLimits.Options(settings.RefusalsAtOnce, settings.RefusalsPerMinute / 10, seconds: 6)));

    public static async ValueTask<object?> Count(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        var counted = context.RequestServices.GetRequiredService<RefusedOrders>();
        var caller = RateLimits.Caller(context);
        // Not by acquiring none: that is granted as soon as a part of one has come back.
        if (counted._left.GetStatistics(caller)?.CurrentAvailablePermits is 0)
            return new Problem("too_many_requests", TimeSpan.FromSeconds(6));
        var answer = await next(invocation);
        if (answer is IStatusCodeHttpResult { StatusCode: >= 400 and < 500 } && context.Response.Headers["Idempotent-Replay"].Count == 0)
            counted._left.AttemptAcquire(caller).Dispose();
        return answer;
    }

    public void Dispose() => _left.Dispose();
}
