namespace Ensen.Access;

/// <summary>
/// Protects secrets that must be read again, as an authenticator's: who only has the table has no secret. The host brings the keys; a
/// program without any keeps none (<see cref="NoKeys"/>).
/// </summary>
public interface ISecretProtection
{
    byte[] Protect(byte[] secret);

    /// <summary>Null where the keys are not those by which it was protected.</summary>
    byte[]? Unprotect(byte[] secret);
}

/// <summary>Stands where a program has no keys: rather than keeping a secret in the open it fails.</summary>
sealed class NoKeys : ISecretProtection
{
    public byte[] Protect(byte[] secret) => throw new InvalidOperationException("This program has no keys by which a secret is kept.");

    public byte[]? Unprotect(byte[] secret) => null;
}
