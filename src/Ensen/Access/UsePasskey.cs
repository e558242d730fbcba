using System.Data.Common;
using Ensen.Storage;

namespace Ensen.Access;

/// <summary>
/// A signature that was found right is used, once: for a sign-in by its subject's module, or as a proof that whoever is signed in is the
/// subject. A passkey that was copied opens and proves nothing, and its owner is told.
/// </summary>
public sealed class UsePasskey(Database db, Passkeys passkeys, FactorOwners owners, Outbox outbox)
{
    /// <summary>Whether it counts, in the transaction of what it opens.</summary>
    internal async Task<bool> Counts(DbTransaction tx, SignedByPasskey signed, string device)
    {
        var use = await passkeys.Use(tx, signed);
        if (use == PasskeyUse.Copied)
            await owners.Tell(tx, signed.Subject, FactorEvent.PasskeyCopied, null, device);
        return use == PasskeyUse.Counts;
    }

    /// <summary>Whether what was signed proves that whoever is signed in already is the subject. Nobody is signed in anew.</summary>
    public async Task<bool> Prove(SignedByPasskey signed, string device, CancellationToken ct = default)
    {
        var counts = await db.Transact(tx => Counts(tx, signed, device), ct);
        outbox.Wake();
        return counts;
    }
}
