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
/// stands for all three (<see cref="StaffDoor"/>).
/// </summary>
public sealed class OperatorSignIn(
    Database db, Operators operators, StaffDoor door, UsePasskey use, Sessions sessions, OperatorLog log)
{
    public async Task<Answer<OpenedSession, OperatorSignInRefusal>> Run(OperatorSignInRequest request, CancellationToken ct = default)
    {
        var name = SignInName.Key(request.Name);
        var found = await operators.FindByName(name, ct) is { State: OperatorState.Active } active ? active : null;
        var answer = await door.Run(
            new AtTheDoor("operator", name, found?.Id, request.Password, request.Code, NeedsCode: true, request.From, request.Known),
            tx => Operators.Hold(tx, found!.Id), tx => Open(tx, found!, request.Device, AssuranceLevel.Password), ct);
        return answer.Session is { } session ? session
            : answer.IsTooMany ? OperatorSignInRefusal.TooManyRequests
            : OperatorSignInRefusal.Unauthenticated;
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
}
