namespace Ensen.Access;

/// <summary>What a secret is for; what was protected for one use is unreadable for another.</summary>
public enum SecretUse
{
    Authenticator = 1,

    /// <summary>The key under which one member's personal data is kept.</summary>
    MemberKey = 2,

    /// <summary>The number of a point card.</summary>
    PointCard = 3,

    /// <summary>The token of a link by which money is sent.</summary>
    Link = 4,

    /// <summary>What a shop that applies has typed, and its photos.</summary>
    MerchantApplication = 6,
}

/// <summary>
/// Protects secrets that must be read again, as an authenticator's: who only has the table has no secret. The host brings the keys; a
/// program without any keeps none (<see cref="NoKeys"/>).
/// </summary>
public interface ISecretProtection
{
    byte[] Protect(byte[] secret, SecretUse use = SecretUse.Authenticator);

    /// <summary>Null where the keys are not those by which it was protected.</summary>
    byte[]? Unprotect(byte[] secret, SecretUse use = SecretUse.Authenticator);
}

/// <summary>Stands where a program has no keys: rather than keeping a secret in the open it fails.</summary>
sealed class NoKeys : ISecretProtection
{
    public byte[] Protect(byte[] secret, SecretUse use) =>
        throw new InvalidOperationException("This program has no keys by which a secret is kept.");

    public byte[]? Unprotect(byte[] secret, SecretUse use) => null;
}
