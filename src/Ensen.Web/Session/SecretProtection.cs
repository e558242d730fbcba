using System.Security.Cryptography;
using Ensen.Access;
using Microsoft.AspNetCore.DataProtection;

namespace Ensen.Web.Session;

/// <summary>
/// Protects authenticators' secrets with the framework's data protection, whose keys lie in the database too
/// (<see cref="DataProtectionKeys"/>): against whoever has a part of it or reads its rows somewhere, not against whoever has all of it.
/// </summary>
sealed class SecretProtection(IDataProtectionProvider protection) : ISecretProtection
{
    readonly IDataProtector _protector = protection.CreateProtector("ensen authenticator");

    public byte[] Protect(byte[] secret) => _protector.Protect(secret);

    public byte[]? Unprotect(byte[] secret)
    {
        try
        {
            return _protector.Unprotect(secret);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
