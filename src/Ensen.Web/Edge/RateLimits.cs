using System.Security.Claims;
using System.Threading.RateLimiting;
using Ensen.Web.Session;

namespace Ensen.Web.Edge;

/// <summary>
/// How often one caller may ask for what could be abused by asking often, on this node. Passwords and PINs are counted in the database
/// instead.
/// </summary>
static class RateLimits
{
    public const string Codes = "codes";
    public const string Tags = "tags";
    public const string Challenges = "challenges";

    public static void Add(IServiceCollection services)
    {
        services.AddRateLimiter(options =>
        {
            options.OnRejected = async (rejected, _) =>
                await Observability.LoadShedding.Refuse(rejected.HttpContext, new Problem("too_many_requests", TimeSpan.FromSeconds(1)));
            options.AddPolicy(Codes, context => Bucket(context, burst: 300, perSecond: 5));
            options.AddPolicy(Challenges, context => Bucket(context, burst: 60, perSecond: 1));
            options.AddPolicy(Tags, context => Bucket(context, burst: 300, perSecond: 10));
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(Forms);
        });
    }

    /// <summary>A form of somebody's pages: nobody presses buttons faster. Orders of programs are counted when they are refused.</summary>
    static RateLimitPartition<string> Forms(HttpContext context)
    {
        var settings = context.RequestServices.GetRequiredService<Settings>();
        return HttpMethods.IsPost(context.Request.Method) && !context.Request.Path.StartsWithSegments("/api")
            && Caller(context) is { Length: > 0 }
            ? Bucket(context, settings.FormsAtOnce, settings.FormsPerSecond)
            : RateLimitPartition.GetNoLimiter("");
    }

    static RateLimitPartition<string> Bucket(HttpContext context, int burst, int perSecond) =>
        RateLimitPartition.GetTokenBucketLimiter(Caller(context), _ => Options(burst, perSecond));

    internal static TokenBucketRateLimiterOptions Options(int burst, int again, int seconds = 1) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = again,
        ReplenishmentPeriod = TimeSpan.FromSeconds(seconds),
        AutoReplenishment = true,
        QueueLimit = 0,
    };

    internal static string Caller(HttpContext context) => context.User.FindFirst(ClaimTypes.NameIdentifier)?.Value ?? "";
}
