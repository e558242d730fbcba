using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>Whom an operator, or a command, wants to work in the console.</summary>
/// <param name="Person">Whose further account this shall be; null: somebody new, with that name.</param>
/// <param name="By">Null: a command, before there is anybody who could invite.</param>
public sealed record InviteOperatorRequest(string Name, string SignInName, OperatorRoles Roles, PersonId? Person, ActingOperator? By);

/// <summary>Somebody was invited. The link's token is shown once and is nowhere else.</summary>
/// <param name="Waits">A second person has to approve before the link opens.</param>
public sealed record Invitation(OperatorId Account, PersonId Person, string Token, bool Waits, DateTimeOffset Until);

/// <summary>Why nobody is invited.</summary>
public enum InviteOperatorRefusal
{
    None = 0,

    /// <summary>No name of a person, no sign-in name, or no role.</summary>
    InvalidRequest = 1,

    /// <summary>The person, of whom it shall be a further account, is not known.</summary>
    NotFound = 2,

    /// <summary>Another account signs in by that name.</summary>
    NameTaken = 3,

    /// <summary>Whoever invites may not.</summary>
    Forbidden = 4,
}

/// <summary>
/// Invites somebody: makes the account, and a link that is used once. What an operator asks for, a second person has to approve; what a
/// command asks for is the machine's administrator's word.
/// </summary>
public sealed class InviteOperator(Database db, Operators operators, OperatorLog log, TimeProvider clock)
{
    public async Task<Answer<Invitation, InviteOperatorRefusal>> Run(InviteOperatorRequest request, CancellationToken ct = default)
    {
        Operator? by = null;
        if (request.By is { } acting && (by = await operators.Acting(acting, OperatorRoles.Staff, ct)) is null)
            return InviteOperatorRefusal.Forbidden;
        var token = InvitationLink.NewToken();
        var now = clock.Now();
        Invitation? invited = null;
        try
        {
            var refusal = await db.Transact(async tx =>
            {
                var name = request.Person is { } known
                    ? await tx.Connection!.QuerySingleOrDefaultAsync<string?>(
                        "select name from person where id = @known", new { known }, tx)
                    : request.Name;
                var isTaken = await tx.Connection!.ExecuteScalarAsync<int?>(
                    "select 1 from operator_account where sign_in_name = @key",
                    new { key = SignInName.Key(request.SignInName) }, tx) is not null;
                if (Decide(request, name is not null, isTaken) is not InviteOperatorRefusal.None and var decided)
                    return decided;
                invited = await Add(tx, request, name!.Trim(), by?.Person, token, now);
                await log.Append(tx, OperatorAct.InvitedOperator, by is null ? null : (by, request.By!.Value.Through),
                    invited.Account.ToString(), null, $"{invited.Person} {string.Join(' ', RoleNames.In(request.Roles))}");
                return InviteOperatorRefusal.None;
            }, ct);
            return refusal == InviteOperatorRefusal.None ? invited! : refusal;
        }
        catch (DbException e) when (db.IsDuplicate(e))
        {
            return InviteOperatorRefusal.NameTaken;
        }
    }

    /// <param name="isKnown">There is a name: of the person who is known, or of somebody new.</param>
    internal static InviteOperatorRefusal Decide(InviteOperatorRequest request, bool isKnown, bool isTaken)
    {
        if (request.Person is null && !OneLineName.TryParse(request.Name, out _) || !SignInName.TryParse(request.SignInName, out _)
            || request.Roles == OperatorRoles.None || (request.Roles & ~RoleNames.All) != 0)
            return InviteOperatorRefusal.InvalidRequest;
        if (!isKnown) return InviteOperatorRefusal.NotFound;
        return isTaken ? InviteOperatorRefusal.NameTaken : InviteOperatorRefusal.None;
    }

    static async Task<Invitation> Add(
        DbTransaction tx, InviteOperatorRequest request, string name, PersonId? by, string token, DateTimeOffset now)
    {
        var (account, person, until) = (Id.New<OperatorId>(now), request.Person ?? Id.New<PersonId>(now), now + InvitationLink.Life);
        if (request.Person is null)
            await tx.Connection!.ExecuteAsync("insert into person (id, name, created_ms) values (@person, @name, @at)",
                new { person, name, at = now.ToUnixTimeMilliseconds() }, tx);
        var state = by is null ? OperatorState.Invited : OperatorState.Waiting;
        await tx.Connection!.ExecuteAsync(
            """
            insert into operator_account (id, person, sign_in_name, roles, state, invited_by, invited_ms, link_hash, link_until_ms)
            values (@account, @person, @key, @Roles, @state, @by, @at, @hash, @until)
            """,
            new
            {
                account,
                person,
                key = SignInName.Key(request.SignInName),
                request.Roles,
                state,
                by,
                at = now.ToUnixTimeMilliseconds(),
                hash = InvitationLink.Hash(token),
                until = until.ToUnixTimeMilliseconds(),
            }, tx);
        return new Invitation(account, person, token, state == OperatorState.Waiting, until);
    }
}
