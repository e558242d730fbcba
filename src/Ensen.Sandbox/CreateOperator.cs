using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Sandbox;

/// <summary>
/// An operator without an invitation's steps. With a password and the secret of an authenticator the account signs in by them; without,
/// by a session that is opened for it.
/// </summary>
public sealed record CreateOperatorRequest(string Name, string SignInName, OperatorRoles Roles, PersonId? Person = null,
    string? PasswordHash = null, byte[]? Secret = null);

/// <summary>Makes a ready operator: for the sandbox and the demo town.</summary>
public sealed class CreateOperator(Database db, InviteOperator invite, TimeProvider clock)
{
    public async Task<Answer<Invitation, InviteOperatorRefusal>> Run(CreateOperatorRequest request, CancellationToken ct = default)
    {
        var invited = await invite.Run(
            new InviteOperatorRequest(request.Name, request.SignInName, request.Roles, request.Person, By: null), ct);
        if (invited.Accepted)
            await db.Transact(async tx =>
            {
                await tx.Connection!.ExecuteAsync(
                    """
                    update operator_account
                    set state = @active, link_hash = null, link_until_ms = null, totp_secret = @Secret
                    where id = @Account
                    """,
                    new { invited.Value.Account, request.Secret, active = OperatorState.Active }, tx);
                if (request.PasswordHash is { } hash)
                    await Credentials.Set(tx, invited.Value.Account, CredentialKind.Password, hash, clock.GetUtcNow());
            }, ct);
        return invited;
    }
}
