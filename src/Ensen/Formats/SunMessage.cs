using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Ensen.Formats;

/// <summary>A proven touch: which tag it was, and how often it had been read until then.</summary>
/// <param name="Uid">Seven bytes as 14 hexadecimal digits, upper case.</param>
/// <param name="Counter">Strictly rising with every touch. The caller accepts it only above the last one, in one atomic step.</param>
public sealed record TagTouch(string Uid, int Counter);

/// <summary>The two parameters that a cryptographic tag adds to its web address at each touch, as hexadecimal text.</summary>
public sealed record SunParameters(string PiccData, string Cmac);

/// <summary>
/// Secure Unique NFC messages of the NTAG 424 DNA: read and proven by the server, and made where the sandbox plays the tag.
/// </summary>
/// <remarks>
/// NXP AN12196, secure dynamic messaging with encrypted PICCData, AES mode. A copied address has an old counter; an invented one has no
/// proof.
/// </remarks>
public static class SunMessage
{
    private const int UidBytes = 7;
    private const int CounterBytes = 3;
    private const int LargestCounter = 0xFFFFFF;
    private const byte UidAndCounterMirrored = 0xC0 | UidBytes;

    /// <summary>Opens and proves what a tag said. Never throws on what it reads; a wrong length, key or proof is simply no touch.</summary>
    /// <param name="mirrored">The text between the two offsets set on the tag that the proof covers as well; empty on our tags.</param>
    public static bool TryRead(string? piccData, string? cmac, TagKeys keys, [NotNullWhen(true)] out TagTouch? touch, string mirrored = "")
    {
        touch = null;
        if (Hex(piccData, 16) is not { } secret || Hex(cmac, 8) is not { } given)
            return false;

        // Step 1. PICCData: AES-CBC, zero IV. First byte: bit 7 UID mirrored, bit 6 counter mirrored, low nibble length of the UID.
        var plain = Cbc(keys.MetaRead, aes => aes.DecryptCbc(secret, new byte[16], PaddingMode.None));
        if (plain[0] != UidAndCounterMirrored)
            return false;

        // Step 2. The UID follows, then the counter, least significant byte first.
        var uid = plain.AsMemory(1, UidBytes);
        var counter = plain.AsMemory(1 + UidBytes, CounterBytes);

        // Steps 3 to 5. The proof under the tag's own key, compared in constant time.
        if (!CryptographicOperations.FixedTimeEquals(given, Proof(keys, uid, counter, mirrored)))
            return false;

        var number = counter.Span;
        touch = new TagTouch(Convert.ToHexString(uid.Span), number[0] | number[1] << 8 | number[2] << 16);
        return true;
    }

    /// <summary>What the tag with this UID and these keys says at the touch with this number.</summary>
    public static SunParameters Make(TagTouch touch, TagKeys keys, string mirrored = "")
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(touch.Counter, LargestCounter);
        ArgumentOutOfRangeException.ThrowIfNegative(touch.Counter);
        var uid = Hex(touch.Uid, UidBytes) ?? throw new ArgumentException(
            $"A UID has 14 hexadecimal digits, not '{touch.Uid}'.", nameof(touch));

        byte[] counter = [(byte)(touch.Counter & 0xFF), (byte)(touch.Counter >> 8 & 0xFF), (byte)(touch.Counter >> 16)];
        byte[] plain = [UidAndCounterMirrored, .. uid, .. counter, .. RandomNumberGenerator.GetBytes(16 - 1 - UidBytes - CounterBytes)];
        var secret = Cbc(keys.MetaRead, aes => aes.EncryptCbc(plain, new byte[16], PaddingMode.None));
        return new SunParameters(Convert.ToHexString(secret), Convert.ToHexString(Proof(keys, uid, counter, mirrored)));
    }

    /// <summary>The key of one touch: CMAC under the tag's key over SV2 = 3C C3 00 01 00 80 || UID || counter.</summary>
    public static byte[] SessionMacKey(ReadOnlySpan<byte> fileReadKey, ReadOnlySpan<byte> uid, ReadOnlySpan<byte> counter) =>
        AesCmac.Of(fileReadKey, [0x3C, 0xC3, 0x00, 0x01, 0x00, 0x80, .. uid, .. counter]);

    /// <summary>The proof: the bytes at odd positions of the CMAC under the key of this touch.</summary>
    private static byte[] Proof(TagKeys keys, ReadOnlyMemory<byte> uid, ReadOnlyMemory<byte> counter, string mirrored)
    {
        var whole = AesCmac.Of(SessionMacKey(keys.FileRead(uid), uid.Span, counter.Span), Encoding.ASCII.GetBytes(mirrored));
        return [.. whole.Where((_, position) => position % 2 == 1)];
    }

    private static byte[] Cbc(ReadOnlySpan<byte> key, Func<Aes, byte[]> turn)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        return turn(aes);
    }

    private static byte[]? Hex(string? text, int bytes)
    {
        var read = new byte[bytes];
        return text?.Length == 2 * bytes && Convert.FromHexString(text, read, out _, out _) == System.Buffers.OperationStatus.Done
            ? read
            : null;
    }
}
