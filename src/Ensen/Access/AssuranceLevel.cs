namespace Ensen.Access;

/// <summary>
/// How sure a session is of its subject, by what opened it; the higher, the surer. What is proven for one act alone (the PIN of a refund)
/// belongs to that act and to no session.
/// </summary>
public enum AssuranceLevel
{
    /// <summary>The token is all there is: it was issued, to a program or by the sandbox, and nobody typed a secret.</summary>
    Issued = 1,

    /// <summary>A person typed the store's PIN, which its staff share.</summary>
    Pin = 2,

    /// <summary>A person typed a password of their own.</summary>
    Password = 3,

    /// <summary>A person's own device signed for them, after it had seen by finger, face or PIN that it was they.</summary>
    Passkey = 4,
}
