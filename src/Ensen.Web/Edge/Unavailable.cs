using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Web.Edge;

/// <summary>What programs and scripts are told while the database cannot be reached.</summary>
static class Unavailable
{
    /// <summary>
    /// When the database cannot be reached, from the first question of who is asking on, the caller is told to ask again with the same key;
    /// nothing is guessed.
    /// </summary>
    public static async Task AskAgain(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.Response.HasStarted
            && (e is LedgerUnavailableException || TransientFailure.Is(e)))
        {
            await new Problem(e is LedgerBusyException ? "too_many_requests" : "try_again", TimeSpan.FromSeconds(1)).ExecuteAsync(context);
        }
    }
}
