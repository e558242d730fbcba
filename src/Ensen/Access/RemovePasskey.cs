using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Access;

/// <summary>Somebody who wants a passkey to open nothing any more.</summary>
/// <param name="Device">The device on which they ask.</param>
public sealed record RemovePasskeyRequest(Subject Subject, PasskeyId Passkey, StepUpProof Proof, string Device);

/// <summary>Why a passkey stays, in the order it is checked.</summary>
public enum RemovePasskeyRefusal
{
    None = 0,

    /// <summary>They have no such passkey.</summary>
    NotFound = 1,

    /// <summary>
    /// They must always have a passkey or an authenticator (<see cref="IFactorOwner.MustKeepOne"/>), and this is the last.
    /// </summary>
    NotDetachable = 2,

    /// <summary>They have to prove who they are: a thief of the session would take the stronger way in away.</summary>
    StepUpRequired = 3,
}

/// <summary>
/// Takes a passkey out and tells it. A member without the last one signs in with the password, as before the first.
/// </summary>
public sealed class RemovePasskey(Database db, StepUp stepUp, FactorOwners owners, Outbox outbox)
{
    public async Task<Answer<Passkey, RemovePasskeyRefusal>> Run(RemovePasskeyRequest request, CancellationToken ct = default)
    {
        var subject = request.Subject;
        var (refusal, removed) = await db.Transact(async tx =>
        {
            var mayGo = await owners.MayLoseOne(tx, subject);
            var found = (await Passkeys.Of(tx.Connection!, subject, tx)).FirstOrDefault(p => p.Id == request.Passkey);
            var decided = Decide(found, mayGo, isProven: false);
            if (decided == RemovePasskeyRefusal.StepUpRequired && await stepUp.Take(tx, request.Proof, Passkeys.Purpose))
                decided = Decide(found, mayGo, isProven: true);
            if (decided != RemovePasskeyRefusal.None)
                return (decided, found);
            if (!await Passkeys.Remove(tx, subject, request.Passkey))
                return (RemovePasskeyRefusal.NotFound, found);
            await owners.Tell(tx, subject, FactorEvent.PasskeyRemoved, found!.Name, request.Device);
            return (decided, found);
        }, ct);
        if (refusal != RemovePasskeyRefusal.None)
            return refusal;
        outbox.Wake();
        return removed!;
    }

    /// <param name="mayGo">Another way is left when it goes, or none is needed.</param>
    internal static RemovePasskeyRefusal Decide(Passkey? found, bool mayGo, bool isProven)
    {
        if (found is null) return RemovePasskeyRefusal.NotFound;
        if (!mayGo) return RemovePasskeyRefusal.NotDetachable;
        return isProven ? RemovePasskeyRefusal.None : RemovePasskeyRefusal.StepUpRequired;
    }
}
