using System.Security.Cryptography;
using System.Text;
using Ensen.Access;

namespace Ensen.Staff;

/// <summary>
/// What the authenticator of whoever was invited is given: of one link one secret, however often and wherever it is opened, so that an
/// authenticator that was set up on the first try is right on the next. Nothing is written for it; without the key of the installation the
/// link says nothing of it.
/// </summary>
public sealed class InvitationSecrets
{
    internal const string Name = "invitation-secret-key";
    internal const int KeyBytes = 32;

    readonly byte[] _key;

    internal InvitationSecrets(byte[] key) => _key = key;

    public byte[] Of(string token) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(token))[..Totp.SecretBytes];
}
