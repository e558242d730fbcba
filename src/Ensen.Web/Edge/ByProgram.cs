using Ensen.Access;
using Ensen.Storage;
using Ensen.Web.Session;

namespace Ensen.Web.Edge;

/// <summary>
/// Stands before what leaves a wallet (<see cref="Spending"/>). A program's token is enough by itself; a session that was opened on a
/// page is a cookie that could be stolen, so whoever holds it proves who they are.
/// </summary>
static class ByProgram
{
    /// <summary>An endpoint of the API: a token that was taken from a page's cookie needs a proof there.</summary>
    public static RouteHandlerBuilder NeedsProgram(this RouteHandlerBuilder endpoint, StepUpPurpose purpose) =>
        endpoint.AddEndpointFilter((context, next) =>
            context.HttpContext.Caller().ByPerson ? WhenAllowed(context, next, purpose) : next(context));

    static async ValueTask<object?> WhenAllowed(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next, StepUpPurpose purpose) =>
        await IsAllowed(context.HttpContext, purpose) ? await next(context) : new Problem(Problem.StepUp);

    /// <summary>Whether the session is a program's, or its person has proven it for this; a proof is used up.</summary>
    /// <param name="proof">The challenge that was passed; null for the one that the request's header names.</param>
    public static async Task<bool> IsAllowed(HttpContext http, StepUpPurpose purpose, StepUpProof? proof = null) =>
        await http.RequestServices.GetRequiredService<DeviceKeys>().BindingOf(http.Caller(), http.RequestAborted) == DeviceBinding.Program
        || await http.RequestServices.GetRequiredService<Database>().Transact(
            tx => http.RequestServices.GetRequiredService<StepUp>().Take(tx, proof ?? http.Proof(), purpose), http.RequestAborted);
}
