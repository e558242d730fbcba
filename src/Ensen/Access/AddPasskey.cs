using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Access;

/// <summary>A new passkey as its device made and the web found it, and the challenge that it answers.</summary>
public sealed record NewPasskey(
    Guid Challenge, byte[] CredentialId, byte[] PublicKey, long SignCount, string Transports, bool BackupEligible, bool BackedUp)
{
    internal Passkey Of(Subject subject, string name, DateTimeOffset now) => new()
    {
        Id = Id.New<PasskeyId>(now),
        Kind = subject.Kind,
        Owner = subject.Id,
        CredentialId = CredentialId,
        PublicKey = PublicKey,
        SignCount = SignCount,
        Name = name,
        Transports = Transports,
        BackupEligible = BackupEligible,
        BackedUp = BackedUp,
        CreatedMs = now.ToUnixTimeMilliseconds(),
    };
}

/// <summary>Somebody who wants to sign in with a passkey from now on.</summary>
/// <param name="Name">What they call it; null: as the device on which they ask.</param>
/// <param name="Device">The device on which they ask.</param>
public sealed record AddPasskeyRequest(Subject Subject, NewPasskey Key, StepUpProof Proof, string? Name, string Device);

/// <summary>Why a passkey is not kept, in the order it is checked.</summary>
public enum AddPasskeyRefusal
{
    None = 0,

    /// <summary>What it answers was answered before.</summary>
    InvalidRequest = 1,

    /// <summary>Somebody has this credential, be it the one who asks.</summary>
    AlreadyRegistered = 2,

    /// <summary>They have as many as one may have.</summary>
    OverLimit = 3,

    /// <summary>They have to prove who they are: whoever adds a passkey comes in from then on.</summary>
    StepUpRequired = 4,
}

/// <summary>Keeps a new passkey of somebody's, and tells that there is one more.</summary>
public sealed class AddPasskey(Database db, Passkeys passkeys, StepUp stepUp, FactorOwners owners, Outbox outbox, TimeProvider clock)
{
    public async Task<Answer<Passkey, AddPasskeyRefusal>> Run(AddPasskeyRequest request, CancellationToken ct = default)
    {
        var passkey = request.Key.Of(request.Subject, request.Name ?? request.Device, clock.Now());
        var refusal = await db.Transact(async tx =>
        {
            var own = await Passkeys.Of(tx.Connection!, passkey.Subject, tx);
            var decided = Decide(passkey, own, isProven: false);
            if (decided == AddPasskeyRefusal.StepUpRequired && await stepUp.Take(tx, request.Proof, Passkeys.Purpose))
                decided = Decide(passkey, own, isProven: true);
            // The proof is used up by the first of those that answer the challenge: the others come too late, and lack nothing else.
            if (decided == AddPasskeyRefusal.StepUpRequired && await Passkeys.IsUsedUp(tx, request.Key.Challenge))
                return AddPasskeyRefusal.InvalidRequest;
            if (decided != AddPasskeyRefusal.None)
                return decided;
            if (!await passkeys.UseUp(tx, request.Key.Challenge))
                return AddPasskeyRefusal.InvalidRequest;
            if (!await Passkeys.Add(tx, passkey))
                return AddPasskeyRefusal.AlreadyRegistered;
            await owners.Tell(tx, request.Subject, FactorEvent.PasskeyAdded, passkey.Name, request.Device);
            return AddPasskeyRefusal.None;
        }, ct);
        if (refusal != AddPasskeyRefusal.None)
            return refusal;
        outbox.Wake();
        return passkey;
    }

    /// <param name="own">The passkeys that they have.</param>
    internal static AddPasskeyRefusal Decide(Passkey passkey, IReadOnlyList<Passkey> own, bool isProven)
    {
        if (own.Any(p => p.CredentialId.AsSpan().SequenceEqual(passkey.CredentialId))) return AddPasskeyRefusal.AlreadyRegistered;
        if (own.Count >= Passkeys.Most) return AddPasskeyRefusal.OverLimit;
        return isProven ? AddPasskeyRefusal.None : AddPasskeyRefusal.StepUpRequired;
    }
}
