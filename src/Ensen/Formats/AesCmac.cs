using System.Security.Cryptography;

namespace Ensen.Formats;

/// <summary>AES-CMAC (RFC 4493): the 16-byte proof of origin that a cryptographic tag puts under its messages.</summary>
public static class AesCmac
{
    public const int Bytes = 16;

    public static byte[] Of(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);

        var whole = message.Length > 0 && message.Length % Bytes == 0;            // 2.4 step 3: is the last block complete?
        var blocks = new byte[whole ? message.Length : (message.Length / Bytes + 1) * Bytes];
        message.CopyTo(blocks);
        if (!whole)
            blocks[message.Length] = 0x80;                                        // 2.4 step 4: padding 10…0

        var subkey = Double(aes.EncryptEcb(new byte[Bytes], PaddingMode.None));   // 2.3: K1 for a whole block,
        if (!whole)
            subkey = Double(subkey);                                              //      K2 for a padded one

        var last = blocks.AsSpan(^Bytes..);
        for (var i = 0; i < Bytes; i++)
            last[i] ^= subkey[i];

        // 2.4 steps 5 to 7: chained from zero, the last block counts
        return aes.EncryptCbc(blocks, new byte[Bytes], PaddingMode.None)[^Bytes..];
    }

    /// <summary>Doubling in GF(2^128) (2.3): shift left by one bit, and where a bit falls out, fold it back with 87.</summary>
    private static byte[] Double(byte[] block)
    {
        var doubled = new byte[Bytes];
        for (var i = 0; i < Bytes; i++)
            doubled[i] = (byte)(block[i] << 1 & 0xFF | (i + 1 < Bytes ? block[i + 1] >> 7 : 0));

        if (block[0] >> 7 == 1)
            doubled[^1] ^= 0x87;

        return doubled;
    }
}
