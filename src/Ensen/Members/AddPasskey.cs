using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>A new passkey as its device made and the web found it, and the challenge that it answers.</summary>
public sealed record NewPasskey(
    Guid Challenge, byte[] CredentialId, byte[] PublicKey, long SignCount, string Transports, bool BackupEligible, bool BackedUp);

/// <summary>A member who wants to sign in with a passkey from now on.</summary>
/// <param name="Name">What the member calls it; where they say nothing, the device on which they ask.</param>
/// <param name="Device">The device on which they ask.</param>
public sealed record AddPasskeyRequest(MemberId Member, NewPasskey Key, StepUpProof Proof, string? Name, string Device);

/// <summary>Why a passkey is not kept, in the order it is checked.</summary>
public enum AddPasskeyRefusal
{
    None = 0,

    /// <summary>What it answers was answered before.</summary>
    InvalidRequest = 1,

    /// <summary>Somebody has this credential, be it the member.</summary>
    AlreadyRegistered = 2,

    /// <summary>The member has as many as a member may have.</summary>
    OverLimit = 3,

    /// <summary>The member has to prove who they are: whoever adds a passkey comes in from then on.</summary>
    StepUpRequired = 4,
}

/// <summary>Keeps a member's new passkey, and tells them by mail that there is one more.</summary>
public sealed class AddPasskey(Database db, Passkeys passkeys, StepUp stepUp, MemberDirectory members, Outbox outbox, TimeProvider clock)
{
    public async Task<Answer<Passkey, AddPasskeyRefusal>> Run(AddPasskeyRequest request, CancellationToken ct = default)
    {
        var member = await members.Find(request.Member, ct);
        var passkey = Made(request, clock.Now());
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
            if (member is not null && Notice.Of(NoticeKind.PasskeyAdded, member, request.Device, clock.Now()) is { } notice)
                await (notice with { Passkey = passkey.Name }).Add(outbox, tx, Id.New(clock));
            return AddPasskeyRefusal.None;
        }, ct);
        if (refusal != AddPasskeyRefusal.None)
            return refusal;
        outbox.Wake();
        return passkey;
    }

    /// <param name="own">The passkeys that the member has.</param>
    internal static AddPasskeyRefusal Decide(Passkey passkey, IReadOnlyList<Passkey> own, bool isProven)
    {
        if (own.Any(p => p.CredentialId.AsSpan().SequenceEqual(passkey.CredentialId))) return AddPasskeyRefusal.AlreadyRegistered;
        if (own.Count >= Passkeys.Most) return AddPasskeyRefusal.OverLimit;
        return isProven ? AddPasskeyRefusal.None : AddPasskeyRefusal.StepUpRequired;
    }

    static Passkey Made(AddPasskeyRequest request, DateTimeOffset now) => new()
    {
        Id = Id.New<PasskeyId>(now),
        Kind = SubjectKind.Member,
        Owner = request.Member,
        CredentialId = request.Key.CredentialId,
        PublicKey = request.Key.PublicKey,
        SignCount = request.Key.SignCount,
        Name = OneLineName.TryParse(request.Name, out var name) ? name : request.Device,
        Transports = request.Key.Transports,
        BackupEligible = request.Key.BackupEligible,
        BackedUp = request.Key.BackedUp,
        CreatedMs = now.ToUnixTimeMilliseconds(),
    };
}
