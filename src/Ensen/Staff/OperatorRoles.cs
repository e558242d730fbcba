namespace Ensen.Staff;

/// <summary>What an operator may do in the console; an account has one or more. The numbers are stored.</summary>
[Flags]
public enum OperatorRoles
{
    None = 0,

    /// <summary>Looks members up, with a reason.</summary>
    Support = 1,

    /// <summary>Freezes members, and thaws those whom another person froze.</summary>
    Security = 2,

    /// <summary>
    /// Proposes, approves and withdraws corrections, goodwill and the accounts to which merchants are paid; keeps the catalogue of rewards;
    /// reads the files of pay-outs.
    /// </summary>
    Corrections = 4,

    /// <summary>Invites operators, approves what others invited, dismisses.</summary>
    Staff = 8,

    /// <summary>Reads the log of what operators looked at and changed.</summary>
    Audit = 16,

    /// <summary>Decides, as one of two, whether members are who they say.</summary>
    Identity = 32,

    /// <summary>Proposes, approves and stops campaigns.</summary>
    Campaigns = 64,

    /// <summary>Reads the reports of the law.</summary>
    Accounting = 128,
}

/// <summary>Roles as they are written outside: <c>support</c>, <c>security</c>, …</summary>
public static class RoleNames
{
    public const OperatorRoles All =
        OperatorRoles.Support | OperatorRoles.Security | OperatorRoles.Corrections | OperatorRoles.Staff | OperatorRoles.Audit
        | OperatorRoles.Identity | OperatorRoles.Campaigns | OperatorRoles.Accounting;

    /// <summary>Each role alone, in its order.</summary>
    public static IReadOnlyList<OperatorRoles> Each { get; } =
        [.. Enum.GetValues<OperatorRoles>().Where(role => role != OperatorRoles.None)];

    public static string Of(OperatorRoles role) => role.ToString().ToLowerInvariant();

    public static IReadOnlyList<string> In(OperatorRoles roles) => [.. Each.Where(role => roles.HasFlag(role)).Select(Of)];

    /// <summary>The roles of these words; null when there are none, or one of the words is no role.</summary>
    public static OperatorRoles? Read(IEnumerable<string> words)
    {
        var roles = OperatorRoles.None;
        foreach (var word in words)
        {
            if (Each.FirstOrDefault(role => Of(role) == word.Trim()) is not (not OperatorRoles.None and var role))
                return null;
            roles |= role;
        }
        return roles == OperatorRoles.None ? null : roles;
    }
}
