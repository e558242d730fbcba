using Ensen.Ledger;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Rooms;

/// <summary>
/// A restriction as operators read it: what it is and by whose word. A member's own freeze is another thing than an operator's.
/// </summary>
static class RestrictionTold
{
    /// <summary>The key of its name.</summary>
    public static string Name(Restriction restriction) =>
        restriction.Kind == RestrictionKind.LowCaps ? "LowCaps"
        : restriction.By.Kind == InitiatorKind.Member ? "FrozenByMember"
        : "FrozenByStaff";

    /// <summary>By whom; nothing where its name has said so.</summary>
    public static string By(Restriction restriction, IStringLocalizer<ConsoleWords> words, IReadOnlyDictionary<string, string> names) =>
        restriction.By.Kind == InitiatorKind.Member ? ""
        : restriction.Kind.ByRule ? words["ByRule"]
        : words["ByOperator", names.GetValueOrDefault(restriction.By.Name, restriction.By.Name)];
}
