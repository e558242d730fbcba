using Ensen.Staff;
using Microsoft.AspNetCore.Authorization;

namespace Ensen.Web.Session;

/// <summary>What a policy of the console asks for beside an operator's session.</summary>
sealed record RoleNeeded(OperatorRoles Role) : IAuthorizationRequirement;

/// <summary>Whether the operator has the role now: roles and state are read each time, so who was dismissed comes in nowhere.</summary>
sealed class HasRole(Operators operators) : AuthorizationHandler<RoleNeeded>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, RoleNeeded requirement)
    {
        if (context.User.Identities.OfType<CallerIdentity>().FirstOrDefault() is { Caller: { Kind: Access.SubjectKind.Operator } caller }
            && await operators.Acting(new OperatorId(caller.Owner), requirement.Role) is not null)
            context.Succeed(requirement);
    }
}

/// <summary>What a policy of a merchant's desk asks for beside being there.</summary>
sealed record ShopRightNeeded(ShopRight Right) : IAuthorizationRequirement;

/// <summary>Whether whoever asks has the right now; role and state are read each time.</summary>
sealed class HasShopRight(ShopAccesses access) : AuthorizationHandler<ShopRightNeeded>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, ShopRightNeeded requirement)
    {
        if (context.User.Identities.OfType<CallerIdentity>().FirstOrDefault() is { Caller: { } caller }
            && (await access.Of(caller)).May(requirement.Right))
            context.Succeed(requirement);
    }
}
