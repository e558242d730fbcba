using Ensen.Basics;
using Ensen.Gateways;

namespace Ensen.Identity;

/// <summary>How a member's identity is verified. The numbers are stored; the codes that programs use are the programme's.</summary>
public enum IdentityMethod
{
    /// <summary>Pictures of a document and of the face, judged by two persons of the staff.</summary>
    Image = 1,

    /// <summary>The IC chip of a document.</summary>
    IcChip = 2,

    /// <summary>The certificate of a My Number Card.</summary>
    Jpki = 3,

    /// <summary>Somebody else has looked at the papers; nobody begins one so.</summary>
    Elsewhere = 9,
}

/// <summary>What the programme and the outside say of a method.</summary>
public static class IdentityMethods
{
    /// <summary>Those that a member may begin, the best first.</summary>
    public static IReadOnlyList<IdentityMethod> All { get; } = [IdentityMethod.IcChip, IdentityMethod.Jpki, IdentityMethod.Image];

    public static IdentityMethodRules Rules(this IdentityMethod method, IdentityRules rules) => method switch
    {
        IdentityMethod.Image => rules.Image,
        IdentityMethod.IcChip => rules.IcChip,
        IdentityMethod.Jpki => rules.Jpki,
        IdentityMethod.Elsewhere => s_elsewhere,
    };

    /// <summary>The method of a code; null when there is none such.</summary>
    public static IdentityMethod? OfCode(string? code, IdentityRules rules) =>
        All.Cast<IdentityMethod?>().FirstOrDefault(method => method!.Value.Rules(rules).Code == code);

    /// <summary>How a gateway reads the document; null where two persons look at pictures.</summary>
    internal static IdentityReading? Reading(this IdentityMethod method) => method switch
    {
        IdentityMethod.IcChip => IdentityReading.IcChip,
        IdentityMethod.Jpki => IdentityReading.Jpki,
        IdentityMethod.Image or IdentityMethod.Elsewhere => null,
    };

    static readonly IdentityMethodRules s_elsewhere = new("elsewhere", IdentityMethodRules.Never);
}
