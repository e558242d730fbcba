namespace Ensen.Staff;

/// <summary>What somebody is at a merchant. The numbers are stored.</summary>
public enum ShopRole
{
    /// <summary>Everything, in all stores; invites and dismisses. A merchant that has owners always has one.</summary>
    Owner = 1,

    /// <summary>Sales, receipts, files and refunds of their stores.</summary>
    Manager = 2,

    /// <summary>Sales and receipts of their stores, to look at.</summary>
    Clerk = 3,
}

/// <summary>What there is to do at a merchant's desk, beside looking at the stores that one may see.</summary>
public enum ShopRight
{
    /// <summary>Takes lists away as files.</summary>
    Export = 1,

    /// <summary>Gives money back, other than at a till, where the store's PIN is asked for.</summary>
    Refund = 2,

    /// <summary>Invites, changes and dismisses, and reads what was done of that.</summary>
    Staff = 3,

    /// <summary>Reads what the merchant was settled and paid: of all stores together.</summary>
    Settlements = 4,

    /// <summary>Sees how much each of the staff took and gave back.</summary>
    StaffSales = 5,

    /// <summary>Throws out a till's device that was lost, and changes the PIN that signs tills in.</summary>
    Tills = 6,

    /// <summary>Sees the company's account, and makes transfers and requests.</summary>
    Business = 7,

    /// <summary>Says yes to what another one made at the company's account.</summary>
    BusinessApproval = 8,
}

/// <summary>Roles as they are written outside (<c>owner</c>, <c>manager</c>, <c>clerk</c>), and what each may.</summary>
public static class ShopRoles
{
    public static IReadOnlyList<ShopRole> All { get; } = Enum.GetValues<ShopRole>();

    public static string Name(ShopRole role) => role.ToString().ToLowerInvariant();

    /// <summary>Null when the word is no role.</summary>
    public static ShopRole? Read(string? word) => All.Where(role => Name(role) == word).Select(role => (ShopRole?)role).FirstOrDefault();

    public static bool May(this ShopRole role, ShopRight right) => right switch
    {
        ShopRight.Export or ShopRight.Refund or ShopRight.StaffSales or ShopRight.Tills or ShopRight.Business =>
            role is ShopRole.Owner or ShopRole.Manager,
        ShopRight.Staff or ShopRight.Settlements or ShopRight.BusinessApproval => role is ShopRole.Owner,
    };
}
