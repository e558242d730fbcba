using System.Security.Cryptography;
using Ensen.Access;
using Microsoft.AspNetCore.DataProtection;

namespace Ensen.Web.Session;

/// <summary>
/// Protects secrets, each use by keys of its own, with the framework's data protection, whose keys lie in the database too
/// (<see cref="DataProtectionKeys"/>): against whoever has a part of it or reads its rows somewhere, not against whoever has all of it.
/// </summary>
sealed class SecretProtection(IDataProtectionProvider protection) : ISecretProtection
{
    readonly IDataProtector _authenticators = protection.CreateProtector("ensen authenticator");
    readonly IDataProtector _pointCards = protection.CreateProtector("ensen point card");
    readonly IDataProtector _links = protection.CreateProtector("ensen link");
    readonly IDataProtector _applications = protection.CreateProtector("ensen merchant application");
    readonly IDataProtector _memberKeys = protection.CreateProtector("ensen member key");

    /// <summary>
    /// Reads the keys now. Read by the first secret, inside a transaction, they would need a second connection while the first is held: as
    /// many transactions at once as the pool has connections would wait for one another.
    /// </summary>
    public static void Warm(IServiceProvider services) =>
        services.GetRequiredService<IDataProtectionProvider>().CreateProtector("ensen warm").Protect([]);

    public byte[] Protect(byte[] secret, SecretUse use) => Of(use).Protect(secret);

    public byte[]? Unprotect(byte[] secret, SecretUse use)
    {
        try
        {
            return Of(use).Unprotect(secret);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    IDataProtector Of(SecretUse use) => use switch
    {
        SecretUse.Authenticator => _authenticators,
        SecretUse.MemberKey => _memberKeys,
        SecretUse.PointCard => _pointCards,
        SecretUse.Link => _links,
        SecretUse.MerchantApplication => _applications,
    };
}
