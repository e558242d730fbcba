using System.Data.Common;
using Ensen.Access;
using Ensen.Basics;

namespace Ensen.Staff;

/// <summary>
/// What somebody who was invited shows beside the password, at the console's door and at a merchant's: a passkey that was made for the
/// link, or a code of an authenticator.
/// </summary>
public sealed class JoiningFactors(
    Passkeys passkeys, Authenticators authenticators, AuthenticatorClock authenticatorClock, TimeProvider clock)
{
    /// <summary>
    /// The step of the code; null where it is wrong, and where none is looked at because a passkey was made or nothing set up.
    /// </summary>
    /// <param name="secret">What the authenticator was given; null: none is set up.</param>
    internal long? StepOf(byte[]? secret, string? code, NewPasskey? made) =>
        made is null && secret is not null ? Totp.StepOf(secret, code, authenticatorClock.Now, lastUsed: 0) : null;

    /// <summary>
    /// Keeps the passkey, or the authenticator whose code was right. False when the passkey's challenge was answered before, or its
    /// credential is somebody's.
    /// </summary>
    /// <param name="device">What the passkey is called to begin with.</param>
    internal async Task<bool> Keep(DbTransaction tx, Subject who, string device, NewPasskey? made, byte[]? secret, long? step)
    {
        if (made is not null)
            return await passkeys.UseUp(tx, made.Challenge) && await Passkeys.Add(tx, made.Of(who, device, clock.Now()));
        if (step is { } shown)
            await authenticators.Set(tx, who.Id, secret!, shown, clock.GetUtcNow());
        return true;
    }
}
