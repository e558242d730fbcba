using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>A member who wants a passkey to open nothing any more.</summary>
/// <param name="Device">The device on which they ask.</param>
public sealed record RemovePasskeyRequest(MemberId Member, PasskeyId Passkey, StepUpProof Proof, string Device);

/// <summary>Why a passkey stays.</summary>
public enum RemovePasskeyRefusal
{
    None = 0,

    /// <summary>The member has no such passkey.</summary>
    NotFound = 1,

    /// <summary>The member has to prove who they are: a thief of the session would take the stronger way in away.</summary>
    StepUpRequired = 2,
}

/// <summary>
/// Takes a passkey out and tells its member by mail. Without the last one the password is the way in, as it was before the first.
/// </summary>
public sealed class RemovePasskey(Database db, StepUp stepUp, MemberDirectory members, Outbox outbox, TimeProvider clock)
{
    public async Task<Answer<Passkey, RemovePasskeyRefusal>> Run(RemovePasskeyRequest request, CancellationToken ct = default)
    {
        var member = await members.Find(request.Member, ct);
        var subject = Subject.Member(request.Member);
        var (refusal, removed) = await db.Transact(async tx =>
        {
            var found = (await Passkeys.Of(tx.Connection!, subject, tx)).FirstOrDefault(p => p.Id == request.Passkey);
            var decided = Decide(found, isProven: false);
            if (decided == RemovePasskeyRefusal.StepUpRequired && await stepUp.Take(tx, request.Proof, Passkeys.Purpose))
                decided = Decide(found, isProven: true);
            if (decided != RemovePasskeyRefusal.None)
                return (decided, found);
            if (!await Passkeys.Remove(tx, subject, request.Passkey))
                return (RemovePasskeyRefusal.NotFound, found);
            if (member is not null && Notice.Of(NoticeKind.PasskeyRemoved, member, request.Device, clock.Now()) is { } notice)
                await (notice with { Passkey = found!.Name }).Add(outbox, tx, Id.New(clock));
            return (decided, found);
        }, ct);
        if (refusal != RemovePasskeyRefusal.None)
            return refusal;
        outbox.Wake();
        return removed!;
    }

    internal static RemovePasskeyRefusal Decide(Passkey? found, bool isProven)
    {
        if (found is null) return RemovePasskeyRefusal.NotFound;
        return isProven ? RemovePasskeyRefusal.None : RemovePasskeyRefusal.StepUpRequired;
    }
}
