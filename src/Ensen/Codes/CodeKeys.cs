using Ensen.Formats;
using Ensen.Storage;

namespace Ensen.Codes;

/// <summary>The installation's secret keys: one signs dynamic store codes, from the other every tag's own keys are derived.</summary>
public sealed class CodeKeys
{
    const int KeyBytes = 32;
    const int TagMasterBytes = 16;

    internal const string Name = "code-keys";
    internal const int Bytes = KeyBytes + TagMasterBytes;

    readonly byte[] _qr;

    internal CodeKeys(byte[] secret)
    {
        _qr = secret[..KeyBytes];
        Tags = TagKeys.FromMaster(secret.AsSpan(KeyBytes, TagMasterBytes));
    }

    /// <summary>HMAC-SHA256 key of dynamic store codes.</summary>
    public ReadOnlySpan<byte> Qr => _qr;

    /// <summary>Keys of the cryptographic tags (NTAG 424 DNA).</summary>
    public TagKeys Tags { get; }

    /// <summary>Reads the keys, and makes them at an installation's first start.</summary>
    public static async Task<CodeKeys> Load(Database db, CancellationToken ct = default) =>
        new(await InstallationKey.Read(db, Name, Bytes, ct));
}
