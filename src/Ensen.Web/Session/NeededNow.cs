using Ensen.Access;
using Ensen.Staff;
using Microsoft.AspNetCore.Authorization;

namespace Ensen.Web.Session;

/// <summary>
/// What a policy asks for beside a session of the right kind. The requirement is its own handler, so the policies without one (each payment
/// passes one of those) pay nothing for it.
/// </summary>
abstract class NeededNow : IAuthorizationRequirement, IAuthorizationHandler
{
    public async Task HandleAsync(AuthorizationHandlerContext context)
    {
        if (context.Resource is HttpContext http && Asking.Found(context.User) is { } identity
            && await Has(http, identity.Caller))
            context.Succeed(this);
    }

    /// <summary>Whether the caller has it, as of this moment: nothing of it is remembered from the request before.</summary>
    protected abstract Task<bool> Has(HttpContext http, Caller caller);
}

/// <summary>An operator with the role: role and state are read each time, so who was dismissed comes in nowhere.</summary>
sealed class RoleNeeded(OperatorRoles role) : NeededNow
{
    protected override async Task<bool> Has(HttpContext http, Caller caller) => caller.Kind == SubjectKind.Operator
        && await http.RequestServices.GetRequiredService<Operators>().Acting(new OperatorId(caller.Owner), role, http.RequestAborted)
            is not null;
}

/// <summary>Somebody at a merchant's desk with the right; right and state are read each time.</summary>
sealed class ShopRightNeeded(ShopRight right) : NeededNow
{
    protected override async Task<bool> Has(HttpContext http, Caller caller) => (await http.ShopAccess(http.RequestAborted)).May(right);
}
