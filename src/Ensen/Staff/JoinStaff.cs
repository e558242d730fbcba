using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>Somebody who was invited, with the link, chooses a password and shows a code of the authenticator.</summary>
/// <param name="Secret">What the authenticator was given.</param>
/// <param name="Code">What it shows now.</param>
public sealed record JoinStaffRequest(string Token, string Password, byte[] Secret, string? Code, string From);

/// <summary>Why an account does not begin.</summary>
public enum JoinStaffRefusal
{
    None = 0,

    /// <summary>The link was used, has lapsed, waits for a second person, or is none.</summary>
    NotFound = 1,

    /// <summary>The programme's rule for passwords refuses it (<see cref="PasswordRule"/>).</summary>
    InvalidPassword = 2,

    /// <summary>The code is not the one that the authenticator shows.</summary>
    InvalidCode = 3,

    /// <summary>Too many wait to be hashed; come again.</summary>
    TooManyRequests = 4,
}

/// <summary>The end of an invitation: a password by the programme's rule and an authenticator, both always. The link is used up.</summary>
public sealed class JoinStaff(
    Database db, HashLine hashes, OperatorLog log, Programme programme, AuthenticatorClock authenticatorClock, TimeProvider clock)
{
    /// <summary>The account that this link is of, while it opens.</summary>
    public async Task<Operator?> Find(string token, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<OperatorId?>(
            "select id from operator_account where link_hash = @hash and state = @invited and link_until_ms > @now", Link(token))
            is { } id ? await Operators.Find(connection, id) : null;
    }

    public async Task<Answer<Operator, JoinStaffRefusal>> Run(JoinStaffRequest request, CancellationToken ct = default)
    {
        var account = await Find(request.Token, ct);
        var step = Totp.StepOf(request.Secret, request.Code, authenticatorClock.Now, lastUsed: 0);
        var faults = PasswordRule.Faults(programme.Membership, request.Password, account?.SignInName);
        if (Decide(account is not null, faults.Count == 0, step is not null) is not JoinStaffRefusal.None and var refusal)
            return refusal;
        if (await hashes.Make(request.Password, request.From, ct) is not { } hash)
            return JoinStaffRefusal.TooManyRequests;
        var joined = await db.Transact(async tx =>
        {
            if (await tx.Connection!.ExecuteAsync(
                """
                update operator_account
                set state = @active, link_hash = null, link_until_ms = null, totp_secret = @Secret, totp_step = @step
                where id = @Id and link_hash = @hash and state = @invited and link_until_ms > @now
                """,
                new
                {
                    account!.Id,
                    request.Secret,
                    step,
                    active = OperatorState.Active,
                    hash = InviteOperator.Hash(request.Token),
                    invited = OperatorState.Invited,
                    now = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                }, tx) == 0)
                return false;
            await Credentials.Set(tx, account.Id, CredentialKind.Password, hash, clock.GetUtcNow());
            await log.Append(tx, OperatorAct.JoinedStaff, (account, ActedThrough.Session), account.Id.ToString(), null);
            return true;
        }, ct);
        return joined ? account! with { State = OperatorState.Active } : JoinStaffRefusal.NotFound;
    }

    internal static JoinStaffRefusal Decide(bool opens, bool isGoodPassword, bool isRightCode)
    {
        if (!opens) return JoinStaffRefusal.NotFound;
        if (!isGoodPassword) return JoinStaffRefusal.InvalidPassword;
        return isRightCode ? JoinStaffRefusal.None : JoinStaffRefusal.InvalidCode;
    }

    object Link(string token) => new
    {
        hash = InviteOperator.Hash(token),
        invited = OperatorState.Invited,
        now = clock.GetUtcNow().ToUnixTimeMilliseconds(),
    };
}
