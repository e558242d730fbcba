using Ensen.Basics;
using Ensen.Gateways;

namespace Ensen.Web;

/// <summary>The settings of the gateway that reads cards, a part of <see cref="NodeSettings"/>.</summary>
static class IdentitySettings
{
    public static readonly BoundedSetting Secret = new("Ensen:Identity:Secret", null, TelephoneSettings.Secret.Allowed,
        "what the reports of the gateway that reads IC chips and certificates are signed with ([identity.md](identity.md))", Secret: true);

    public static IReadOnlyList<BoundedSetting> All { get; } = [Secret];

    public static IReadOnlyList<byte[]> ReadKeys(IConfiguration configuration) =>
        NodeSettings.Given(configuration, Secret) is { } text ? ReportSignature.ReadKeys(text)! : [];
}
