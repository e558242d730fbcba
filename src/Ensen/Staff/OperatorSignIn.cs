using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;
using Microsoft.AspNetCore.Identity;

namespace Ensen.Staff;

/// <summary>An operator's sign-in as typed: password and authenticator, both always.</summary>
/// <param name="From">The address of the net that it comes from.</param>
/// <param name="Known">What the device is known by, from an earlier sign-in.</param>
public sealed record OperatorSignInRequest(
    string Name, string Password, string? Code, string Device, string From, KnownDevice? Known = null);

/// <summary>
/// Why an operator is not signed in. A name nobody has, a wrong password and a wrong code get the same answer, equally slow.
/// </summary>
public enum OperatorSignInRefusal
{
    None = 0,
    Unauthenticated = 1,
    TooManyRequests = 2,
}

/// <summary>
/// Signs an operator in by name, password and a code of the authenticator. Guesses are counted as members' are (<see cref="Guesses"/>),
/// before anything is looked at; a code is good once.
/// </summary>
public sealed class OperatorSignIn(
    Database db, Operators operators, Guesses guesses, HashLine hashes, Sessions sessions, OperatorLog log, AuthenticatorClock clock)
{
    const int MostPassword = 1_000;

    /// <summary>What is compared with where there is no account: the same work, and never right.</summary>
    static readonly byte[] s_nobodys = Totp.NewSecret();

    public async Task<Answer<OpenedSession, OperatorSignInRefusal>> Run(OperatorSignInRequest request, CancellationToken ct = default)
    {
        var account = SignInName.Key(request.Name);
        var found = await operators.FindByName(account, ct) is { State: OperatorState.Active } active ? active : null;
        var known = found is not null && request.Known?.Knows(found.Id) is true ? request.Known.Id : (Guid?)null;
        var guess = await guesses.Begin("operator", account, request.From, known, ct);
        if (!guess.May)
            return OperatorSignInRefusal.TooManyRequests;
        var (hash, secret, used) = await Proofs(found, ct);
        var isText = request.Password.Length <= MostPassword;
        var source = known is { } device ? Id.Bare(device) : request.From;
        var matches = await hashes.Verify(isText ? hash : null, isText ? request.Password : "", source, known is not null, ct);
        if (matches is null)
        {
            await guess.Unseen();
            return OperatorSignInRefusal.TooManyRequests;
        }
        var step = Totp.StepOf(secret ?? s_nobodys, request.Code, clock.Now, used);
        if (matches is PasswordVerificationResult.Failed || secret is null || step is null || found is null)
            return OperatorSignInRefusal.Unauthenticated;
        var opened = await db.Transact<OpenedSession?>(async tx =>
        {
            // Of one code at two places one is taken; and whoever was dismissed meanwhile has no row to take it from.
            if (await tx.Connection!.ExecuteAsync(
                "update operator_account set totp_step = @step where id = @Id and state = @active and totp_step < @step",
                new { found.Id, step, active = OperatorState.Active }, tx) == 0)
                return null;
            var session = await sessions.Open(tx, Subject.Operator(found.Id), request.Device, assurance: AssuranceLevel.Password);
            await log.Append(tx, OperatorAct.SignedIn, (found, ActedThrough.Session), found.Id.ToString(), null);
            return session;
        }, ct);
        if (opened is null)
            return OperatorSignInRefusal.Unauthenticated;
        await guess.Right();
        return opened;
    }

    async Task<(string? Hash, byte[]? Secret, long Used)> Proofs(Operator? found, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var id = found?.Id ?? default;
        var (secret, used) = await connection.QuerySingleOrDefaultAsync<(byte[]? Secret, long Used)>(
            "select totp_secret, totp_step from operator_account where id = @id", new { id });
        return (await Credentials.FindHash(connection, id, CredentialKind.Password), secret, used);
    }
}
