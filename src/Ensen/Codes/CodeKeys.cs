using System.Security.Cryptography;
using Ensen.Formats;
using Ensen.Storage;

namespace Ensen.Codes;

/// <summary>The installation's secret keys: one signs dynamic store codes, from the other every tag's own keys are derived.</summary>
public sealed class CodeKeys
{
    const string Name = "code-keys";
    const int KeyBytes = 32;
    const int TagMasterBytes = 16;

    readonly byte[] _qr;

    CodeKeys(byte[] secret)
    {
        _qr = secret[..KeyBytes];
        Tags = TagKeys.FromMaster(secret.AsSpan(KeyBytes, TagMasterBytes));
    }

    /// <summary>HMAC-SHA256 key of dynamic store codes.</summary>
    public ReadOnlySpan<byte> Qr => _qr;

    /// <summary>Keys of the cryptographic tags (NTAG 424 DNA).</summary>
    public TagKeys Tags { get; }

    /// <summary>Reads the keys, and makes them at an installation's first start.</summary>
    public static async Task<CodeKeys> Load(Database db, CancellationToken ct = default)
    {
        var text = await db.Transact(async tx =>
        {
            await Setting.WriteFirst(tx, Name, Convert.ToHexString(RandomNumberGenerator.GetBytes(KeyBytes + TagMasterBytes)));
            return await Setting.Read(tx.Connection!, Name, tx);
        }, ct);
        return new CodeKeys(Convert.FromHexString(text!));
    }
}
