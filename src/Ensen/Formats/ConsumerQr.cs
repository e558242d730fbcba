using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Ensen.Formats;

/// <summary>One way to pay that a consumer-presented code offers: whose application it is, its label, and its track 2 equivalent.</summary>
/// <param name="Aid">Application identifier in hexadecimal: whose network it is.</param>
/// <param name="Account">The account number at the head of the track, up to its separator; null where there is no track.</param>
public sealed record QrApplication(string Aid, string? Label, string? Track2, string? Account);

/// <summary>The text in the QR that a member shows: EMVCo consumer-presented mode, base64 of data objects.</summary>
/// <remarks>
/// EMVCo QR Code Specification for Payment Systems, Consumer-Presented Mode: 85 payload format indicator <c>CPV01</c> first, then an
/// application template 61 {4F application identifier, 50 label, 57 track 2 equivalent} for each way to pay, then common data 62.
/// Ours has one application: the 19 digits of the shown code stand as account number in 57, then the separator D, an expiry and a
/// service code that mean nothing (nobody personalises a chip from it), and the filler F to a whole byte.
/// </remarks>
public sealed record ConsumerQr(IReadOnlyList<QrApplication> Applications, IReadOnlyList<BerTlv> Objects)
{
    /// <summary>
    /// F0 and then ENSEN 01: ISO/IEC 7816-5 leaves identifiers that begin with F to whoever likes, unregistered. A real network asks for
    /// one.
    /// </summary>
    public const string OurAid = "F0454E53454E01";

    /// <summary>Every such text begins so: it is the tag 85 with its length 05, in base64, whole letters only.</summary>
    internal const string Beginning = "hQ";

    private const string AfterTheAccount = "D4912121";
    private const int LongestText = 684;

    /// <summary>The number of ours that the code carries, or null where no application is ours.</summary>
    public string? OurAccount => Applications.FirstOrDefault(one => one.Aid == OurAid)?.Account;

    /// <summary>The text of the QR that carries a shown code.</summary>
    public static string Write(ShownCodeNumber number)
    {
        var track = number.Digits + AfterTheAccount;
        return Convert.ToBase64String(BerTlv.Write(
        [
            BerTlv.Of(0x85, "CPV01"u8.ToArray()),
            BerTlv.Of(0x61, BerTlv.Of(0x4F, Convert.FromHexString(OurAid)),
                BerTlv.Of(0x57, Convert.FromHexString(track + (track.Length % 2 == 0 ? "" : "F")))),
        ]));
    }

    /// <summary>Reads the text of anybody's consumer-presented code. Never throws on what it reads.</summary>
    public static bool TryRead(string? text, [NotNullWhen(true)] out ConsumerQr? code, out ShownCodeFault fault)
    {
        code = null;
        fault = Check(text, out var objects);
        if (fault != ShownCodeFault.None)
            return false;

        code = new ConsumerQr([.. objects!.Where(one => one.Tag == 0x61).Select(Application)], objects!);
        return true;
    }

    private static ShownCodeFault Check(string? text, out IReadOnlyList<BerTlv>? objects)
    {
        objects = null;
        if (string.IsNullOrEmpty(text)) return ShownCodeFault.Empty;
        if (text.Length > LongestText) return ShownCodeFault.TooLong;                                     // 512 bytes at most, in base64
        var bytes = new byte[LongestText];
        if (!Convert.TryFromBase64String(text, bytes, out var length)) return ShownCodeFault.NotACode;
        if (!BerTlv.TryRead(bytes.AsMemory(0, length), out objects)) return ShownCodeFault.BrokenField;
        // 85 payload format indicator is first
        if (objects is not [{ Tag: 0x85 } first, ..]) return ShownCodeFault.NotEmv;
        if (!first.Value.Span.SequenceEqual("CPV01"u8)) return ShownCodeFault.NotEmv;                     // and says version 01
        if (!objects.Any(one => one.Tag == 0x61)) return ShownCodeFault.NotEmv;                           // 61 at least one application
        // 4F is first in it
        if (objects.Any(one => one.Tag == 0x61 && one.Inside is not [{ Tag: 0x4F, Value.Length: >= 5 and <= 16 }, ..]))
            return ShownCodeFault.NotEmv;
        return ShownCodeFault.None;
    }

    private static QrApplication Application(BerTlv template)
    {
        BerTlv? Find(int tag) => template.Inside.FirstOrDefault(one => one.Tag == tag);
        var track = Find(0x57)?.Hex;
        var label = Find(0x50) is { } bytes ? Encoding.Latin1.GetString(bytes.Value.Span) : null;
        return new QrApplication(template.Inside[0].Hex, label, track, AccountOf(track));
    }

    /// <summary>57: the account number goes to the separator, the digit D.</summary>
    private static string? AccountOf(string? track) =>
        track?.IndexOf('D', StringComparison.Ordinal) is >= 0 and var end ? track[..end] : null;
}
