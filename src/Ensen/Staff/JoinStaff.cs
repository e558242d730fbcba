using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>
/// Somebody who was invited, with the link, chooses a password, and makes a passkey or shows a code of the authenticator.
/// </summary>
/// <param name="Secret">What the authenticator was given.</param>
/// <param name="Code">What it shows now.</param>
/// <param name="Passkey">The passkey that was made for this link; with it the authenticator is not looked at.</param>
/// <param name="Device">On which they join: what the passkey is called to begin with.</param>
public sealed record JoinStaffRequest(
    string Token, string Password, byte[]? Secret, string? Code, string From, NewPasskey? Passkey = null, string Device = "");

/// <summary>Why an account does not begin.</summary>
public enum JoinStaffRefusal
{
    None = 0,

    /// <summary>The link was used, has lapsed, waits for a second person, or is none.</summary>
    NotFound = 1,

    /// <summary>The programme's rule for passwords refuses it (<see cref="PasswordRule"/>).</summary>
    InvalidPassword = 2,

    /// <summary>The code is not the one that the authenticator shows, or the passkey is none that was asked for, or somebody's.</summary>
    InvalidCode = 3,

    /// <summary>Too many wait to be hashed; come again.</summary>
    TooManyRequests = 4,
}

/// <summary>
/// The end of an invitation: a password by the programme's rule, and a passkey or an authenticator, always. The link is used up.
/// </summary>
public sealed class JoinStaff(
    Database db, HashLine hashes, JoiningFactors factors, OperatorLog log, Programme programme, TimeProvider clock)
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
        var step = factors.StepOf(request.Secret, request.Code, request.Passkey);
        var faults = PasswordRule.Faults(programme.Membership, request.Password, account?.SignInName);
        if (Decide(account is not null, faults.Count == 0, step is not null || request.Passkey is not null)
            is not JoinStaffRefusal.None and var refusal)
            return refusal;
        if (await hashes.Make(request.Password, request.From, ct) is not { } hash)
            return JoinStaffRefusal.TooManyRequests;
        var joined = await db.Transact(async tx =>
        {
            // Of any number at once one has the link, before anything else is written.
            if (await tx.Connection!.ExecuteAsync(
                """
                update operator_account
                set state = state
                where id = @id and link_hash = @hash and state = @invited and link_until_ms > @now
                """,
                Link(request.Token, account!.Id), tx) == 0)
                return JoinStaffRefusal.NotFound;
            if (!await factors.Keep(tx, Subject.Operator(account.Id), request.Device, request.Passkey, request.Secret, step))
                return JoinStaffRefusal.InvalidCode;
            await tx.Connection!.ExecuteAsync(
                "update operator_account set state = @active, link_hash = null, link_until_ms = null where id = @Id",
                new { account.Id, active = OperatorState.Active }, tx);
            await Credentials.Set(tx, account.Id, CredentialKind.Password, hash, clock.GetUtcNow());
            await log.Append(tx, OperatorAct.JoinedStaff, (account, ActedThrough.Session), account.Id.ToString(), null);
            return JoinStaffRefusal.None;
        }, ct);
        return joined == JoinStaffRefusal.None ? account! with { State = OperatorState.Active } : joined;
    }

    internal static JoinStaffRefusal Decide(bool opens, bool isGoodPassword, bool isRightCode)
    {
        if (!opens) return JoinStaffRefusal.NotFound;
        if (!isGoodPassword) return JoinStaffRefusal.InvalidPassword;
        return isRightCode ? JoinStaffRefusal.None : JoinStaffRefusal.InvalidCode;
    }

    object Link(string token, OperatorId id = default) => new
    {
        id,
        hash = InvitationLink.Hash(token),
        invited = OperatorState.Invited,
        now = clock.GetUtcNow().ToUnixTimeMilliseconds(),
    };
}
