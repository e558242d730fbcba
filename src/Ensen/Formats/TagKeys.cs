using System.Text;

namespace Ensen.Formats;

/// <summary>
/// The keys of our cryptographic tags: one with which all of them hide who they are, and one of each tag alone for its proof.
/// </summary>
/// <remarks>
/// The keys follow from one master key by NXP AN10922 (AES-128): CMAC(master, 01 || diversification input). The input is the UID (7 bytes,
/// zeros for the shared key), one byte for the purpose and the name of our system, 18 bytes with the leading 01. So nothing but the master
/// key has to be kept secret on the server, and who opens one tag with acid knows the proof of that tag only.
/// </remarks>
public sealed class TagKeys
{
    private const byte MetaReadPurpose = 1;
    private const byte FileReadPurpose = 2;

    private readonly byte[] _metaRead;
    private readonly Func<ReadOnlyMemory<byte>, byte[]> _fileRead;

    private TagKeys(byte[] metaRead, Func<ReadOnlyMemory<byte>, byte[]> fileRead) => (_metaRead, _fileRead) = (metaRead, fileRead);

    /// <summary>The keys of every tag of an operator, from the operator's 16-byte master key.</summary>
    public static TagKeys FromMaster(ReadOnlySpan<byte> master)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(master.Length, 16);
        var kept = master.ToArray();
        return new TagKeys(Diversify(kept, Input(new byte[7], MetaReadPurpose)), uid => Diversify(kept, Input(uid.Span, FileReadPurpose)));
    }

    /// <summary>Two given keys for every tag, as a tag fresh from the factory has them (all zeros).</summary>
    public static TagKeys Same(ReadOnlySpan<byte> metaRead, ReadOnlySpan<byte> fileRead)
    {
        var kept = fileRead.ToArray();
        return new TagKeys(metaRead.ToArray(), _ => kept);
    }

    /// <summary>
    /// AN10922 2.2: the AES-128 key of one card; the input is 16 to 31 bytes, for which the padding there and in RFC 4493 agree.
    /// </summary>
    public static byte[] Diversify(ReadOnlySpan<byte> master, ReadOnlySpan<byte> input)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(input.Length, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Length, 31);
        return AesCmac.Of(master, [0x01, .. input]);
    }

    /// <summary>The key that opens who a tag is and how often it was read.</summary>
    public ReadOnlySpan<byte> MetaRead => _metaRead;

    /// <summary>The key of one tag's proof.</summary>
    public ReadOnlySpan<byte> FileRead(ReadOnlyMemory<byte> uid) => _fileRead(uid);

    private static byte[] Input(ReadOnlySpan<byte> uid, byte purpose) => [.. uid, purpose, .. Encoding.ASCII.GetBytes("ensen.tag")];
}
