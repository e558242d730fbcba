using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Web.Api;

/// <summary>The caller's <c>Idempotency-Key</c>, and how a repeat is shown.</summary>
static class Keys
{
    const int Most = 255;

    /// <summary>
    /// The key of a request that moves value, scoped to the caller and the endpoint's request; null when it is missing or too long.
    /// </summary>
    public static IdempotencyKey? Key(HttpContext context, Guid caller, params ReadOnlySpan<object?> request)
    {
        var header = context.Request.Headers["Idempotency-Key"];
        return header is [{ Length: > 0 and <= Most } key] ? IdempotencyKey.Of(caller, key, request) : null;
    }

    /// <summary>Says in a header that this answer was given before.</summary>
    public static void Mark<TValue, TRefusal>(HttpContext context, Answer<TValue, TRefusal> answer)
        where TValue : class
        where TRefusal : struct, Enum
    {
        if (answer.Replayed)
            context.Response.Headers["Idempotent-Replay"] = "true";
    }
}
