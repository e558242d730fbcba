using System.Data.Common;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>An operator's sign-in as typed: password and authenticator, both.</summary>
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
/// Signs an operator in: by name, password and a code of the authenticator, or by a passkey, which shows possession and who has it and
/// stands for all three. Guesses are counted as members' are (<see cref="Guesses"/>), before anything is looked at; a code is good once.
/// </summary>
public sealed class OperatorSignIn(
    Database db, Operators operators, Guesses guesses, HashLine hashes, Authenticators authenticators, UsePasskey use, Sessions sessions,
    OperatorLog log, AuthenticatorClock clock)
{
    const int MostPassword = 1_000;

    public async Task<Answer<OpenedSession, OperatorSignInRefusal>> Run(OperatorSignInRequest request, CancellationToken ct = default)
    {
        var account = SignInName.Key(request.Name);
        var found = await operators.FindByName(account, ct) is { State: OperatorState.Active } active ? active : null;
        var known = found is not null && request.Known?.Knows(found.Id) is true ? request.Known.Id : (Guid?)null;
        var guess = await guesses.Begin("operator", account, request.From, known, ct);
        if (!guess.May)
            return OperatorSignInRefusal.TooManyRequests;
        var (hash, step) = await Proofs(found, request.Code, ct);
        var isText = request.Password.Length <= MostPassword;
        var source = known is { } device ? Id.Bare(device) : request.From;
        var matches = await hashes.Verify(isText ? hash : null, isText ? request.Password : "", source, known is not null, ct);
        if (matches is null)
        {
            await guess.Unseen();
            return OperatorSignInRefusal.TooManyRequests;
        }
        if (matches is PasswordVerdict.Wrong || step is not { } shown || found is null)
            return OperatorSignInRefusal.Unauthenticated;
        // Of one code at two places one is taken.
        var opened = await db.Transact(async tx => await Operators.Hold(tx, found.Id) && await Authenticators.UseUp(tx, found.Id, shown)
            ? await Open(tx, found, request.Device, AssuranceLevel.Password) : null, ct);
        if (opened is null)
            return OperatorSignInRefusal.Unauthenticated;
        await guess.Right();
        return opened;
    }

    /// <param name="signed">What the web found right: signature, challenge, domain, origin.</param>
    public async Task<Answer<OpenedSession, OperatorSignInRefusal>> ByPasskey(
        SignedByPasskey signed, string device, CancellationToken ct = default)
    {
        if (signed.Subject.Kind != SubjectKind.Operator || await operators.Find(new OperatorId(signed.Subject.Id), ct) is not { } found)
            return OperatorSignInRefusal.Unauthenticated;
        var opened = await db.Transact(async tx => await Operators.Hold(tx, found.Id) && await use.Counts(tx, signed, device)
            ? await Open(tx, found, device, AssuranceLevel.Passkey) : null, ct);
        return opened is null ? OperatorSignInRefusal.Unauthenticated : opened;
    }

    /// <summary>The session, with its row in the log.</summary>
    async Task<OpenedSession> Open(DbTransaction tx, Operator found, string device, AssuranceLevel assurance)
    {
        var session = await sessions.Open(tx, Subject.Operator(found.Id), device, assurance: assurance);
        await log.Append(tx, OperatorAct.SignedIn, (found, ActedThrough.Session), found.Id.ToString(), null);
        return session;
    }

    async Task<(string? Hash, long? Step)> Proofs(Operator? found, string? code, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var id = found?.Id ?? default;
        return (await Credentials.FindHash(connection, id, CredentialKind.Password),
            await authenticators.StepOf(connection, id, code, clock.Now));
    }
}
