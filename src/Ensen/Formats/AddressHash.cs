using System.Security.Cryptography;
using System.Text;

namespace Ensen.Formats;

/// <summary>
/// What a mail address is known by where the address itself is not kept: the first 16 bytes of its SHA-256, in lower case.
/// </summary>
public static class AddressHash
{
    public const int Bytes = 16;

    public static byte[] Of(string address) => SHA256.HashData(Encoding.UTF8.GetBytes(address.ToLowerInvariant()))[..Bytes];
}
