using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Ensen.Staff;

/// <summary>
/// The one-time link by which whoever was invited begins: 256 random bits, shown once and kept as a hash, for seven days. Operators' and
/// shop accounts' links are alike.
/// </summary>
static class InvitationLink
{
    const int TokenBytes = 32;

    public static TimeSpan Life { get; } = TimeSpan.FromDays(7);

    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
