using Ensen.Access;
using Ensen.Staff;

namespace Ensen.Sandbox.Town;

/// <summary>
/// Who works for the programme in the town: two for whatever takes two. They are signed in with one click and have no authenticator.
/// </summary>
static class TownStaff
{
    static readonly (string Name, string SignInName, OperatorRoles Roles)[] s_all =
    [
        ("中川 美咲", "nakagawa", OperatorRoles.Support),
        ("藤田 健", "fujita", OperatorRoles.Support | OperatorRoles.Security | OperatorRoles.Corrections | OperatorRoles.Identity
            | OperatorRoles.Campaigns),
        ("三宅 亮", "miyake", OperatorRoles.Support | OperatorRoles.Security | OperatorRoles.Corrections | OperatorRoles.Identity
            | OperatorRoles.Campaigns),
        ("岡本 直子", "okamoto", OperatorRoles.Support | OperatorRoles.Staff | OperatorRoles.Audit | OperatorRoles.Accounting),
        ("西田 修", "nishida", OperatorRoles.Staff | OperatorRoles.Audit | OperatorRoles.Accounting),
    ];

    /// <summary>Employs them; whoever is there already, because the town was left half-made, is taken as they are.</summary>
    public static async Task<IReadOnlyList<TownOperator>> Employ(TownFeatures features, CancellationToken ct)
    {
        var staff = new List<TownOperator>();
        foreach (var (name, signInName, roles) in s_all)
        {
            var made = await features.CreateOperator.Run(new CreateOperatorRequest(name, signInName, roles), ct);
            var account = made.Accepted ? made.Value.Account
                : (await features.Operators.FindByName(signInName, ct))?.Id
                ?? throw new InvalidOperationException($"{signInName} cannot be employed: {made.Refusal}.");
            staff.Add(new TownOperator(account, name, [.. RoleNames.In(roles)]));
        }
        return staff;
    }
}
