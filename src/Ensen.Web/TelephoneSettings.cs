using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;

namespace Ensen.Web;

/// <summary>
/// The settings of the numbers that members call, a part of <see cref="NodeSettings"/>. Without numbers nobody proves anything by a call.
/// </summary>
static class TelephoneSettings
{
    public static readonly BoundedSetting Numbers = new("Ensen:Telephone:Numbers", null,
        new Written("telephone numbers of Japan, with commas between", text => ReadNumbers(text) is not null,
            ["050-0000-0101", "05000000101, 0312345678, +815000000102"], ["110", "050-0000-0101,", "+1 202 555 0123", "050-0000-0101, 050-0000-0101"]),
        "the numbers that members call to prove who they are; their calls are reported and never answered ([telephone.md](telephone.md))");

    public static readonly BoundedSetting Secret = new("Ensen:Telephone:Secret", null,
        new Written("whsec_ and 24 to 64 bytes in Base64; two with a comma between while one is exchanged",
            text => ReportSignature.ReadKeys(text) is not null, [Example(24), Example(64), $"{Example(24)}, {Example(32)}"],
            [Example(23), Example(65), "secret", "whsec_", $"{Example(24)},"]),
        "what the reports of calls are signed with", Secret: true);

    public static IReadOnlyList<BoundedSetting> All { get; } = [Numbers, Secret];

    /// <summary>
    /// One without the other is a mistake. Where the sandbox is on, its own numbers are called; a secret alone lets a gateway try there how
    /// it reports.
    /// </summary>
    public static IEnumerable<string> Contradictions(IConfiguration configuration, bool sandbox)
    {
        var (numbers, secret) = (NodeSettings.Given(configuration, Numbers), NodeSettings.Given(configuration, Secret));
        if (sandbox && numbers is not null)
            yield return $"{Numbers.Name} is set; allowed is none where {NodeSettings.Sandbox.Name} is true: its own numbers are called, for its people are made up.";
        if (!sandbox && numbers is null != secret is null)
            yield return $"Of {Numbers.Name} and {Secret.Name} one is set; allowed is both or neither.";
    }

    /// <summary>Null where none are set up.</summary>
    public static ReportedTelephone? Read(IConfiguration configuration) =>
        NodeSettings.Given(configuration, Numbers) is { } text ? new ReportedTelephone(ReadNumbers(text)!) : null;

    public static IReadOnlyList<byte[]> ReadKeys(IConfiguration configuration) =>
        NodeSettings.Given(configuration, Secret) is { } text ? ReportSignature.ReadKeys(text)! : [];

    static List<string>? ReadNumbers(string text)
    {
        var parts = text.Split(',');
        List<string> numbers = [.. parts.Select(Read).OfType<string>().Distinct()];
        return numbers.Count == parts.Length ? numbers : null;

        static string? Read(string part) =>
            TelephoneNumber.TryParse(part, out var number) && TelephoneNumber.IsOfJapan(number) ? number : null;
    }

    static string Example(int bytes) => "whsec_" + Convert.ToBase64String(new byte[bytes]);
}
