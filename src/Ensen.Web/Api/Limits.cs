using System.Threading.RateLimiting;

namespace Ensen.Web.Api;

/// <summary>How often one session may ask for what could be abused by asking often. Passwords and PINs are counted in the database instead.</summary>
static class Limits
{
    public const string Codes = "codes";
    public const string Tags = "tags";

    public static void Add(IServiceCollection services) => services.AddRateLimiter(options =>
    {
        options.OnRejected = async (rejected, _) =>
            await new Problem("too_many_requests", TimeSpan.FromSeconds(1)).ExecuteAsync(rejected.HttpContext);
        options.AddPolicy(Codes, context => Bucket(context, burst: 300, perSecond: 5));
        options.AddPolicy(Tags, context => Bucket(context, burst: 300, perSecond: 10));
    });

    static RateLimitPartition<string> Bucket(HttpContext context, int burst, int perSecond) =>
        RateLimitPartition.GetTokenBucketLimiter(context.User.FindFirst(System.Security.Claims.ClaimTypes.NameIdentifier)?.Value ?? "", _ =>
            new TokenBucketRateLimiterOptions
            {
                TokenLimit = burst,
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                AutoReplenishment = true,
                QueueLimit = 0,
            });
}
