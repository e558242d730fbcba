using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Ensen.Gateways;

namespace Ensen.Sandbox.Gateways;

/// <summary>Digits that look like the end of somebody's account or card: the same for the same holder, and not a real number.</summary>
static class SandboxDigits
{
    internal static string Of(Guid holder, int count)
    {
        var hash = SHA256.HashData(holder.ToByteArray(bigEndian: true));
        var digits = BinaryPrimitives.ReadUInt32BigEndian(hash).ToString("D10", CultureInfo.InvariantCulture);
        return digits[^count..];
    }
}
