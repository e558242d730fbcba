using Dapper;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Sandbox;

/// <summary>An operator without an invitation's steps, signed in by a session that is opened for the account.</summary>
public sealed record CreateOperatorRequest(string Name, string SignInName, OperatorRoles Roles, PersonId? Person = null);

/// <summary>Makes a ready operator: for the sandbox and the demo town.</summary>
public sealed class CreateOperator(Database db, InviteOperator invite)
{
    public async Task<Answer<Invitation, InviteOperatorRefusal>> Run(CreateOperatorRequest request, CancellationToken ct = default)
    {
        var invited = await invite.Run(
            new InviteOperatorRequest(request.Name, request.SignInName, request.Roles, request.Person, By: null), ct);
        if (invited.Accepted)
            await db.Transact(tx => tx.Connection!.ExecuteAsync(
                "update operator_account set state = @active, link_hash = null, link_until_ms = null where id = @Account",
                new { invited.Value.Account, active = OperatorState.Active }, tx), ct);
        return invited;
    }
}
