using Ensen.Access;
using Ensen.Staff;

namespace Ensen.Ui.Session;

/// <summary>Who may come in, by name. Pages say it once for their folder, endpoints for their group.</summary>
public static class Policies
{
    public const string Member = "member";
    public const string Till = "till";

    /// <summary>A point till of a shopping centre.</summary>
    public const string PointTill = "point-till";

    /// <summary>
    /// The merchant itself, or somebody with an account at its desk; what they see is for <see cref="ShopAccesses"/> to say.
    /// </summary>
    public const string Merchant = "merchant";

    /// <summary>The same with the right that the name says (<see cref="ShopRightOf"/>).</summary>
    public const string ShopExport = "merchant-export";
    public const string ShopStaff = "merchant-staff";
    public const string ShopTills = "merchant-tills";
    public const string ShopSettlements = "merchant-settlements";
    public const string Business = "merchant-business";
    public const string BusinessApproval = "merchant-business-approval";

    /// <summary>An operator's account, whatever its roles.</summary>
    public const string Operator = "operator";

    /// <summary>Operators with the role that the name says (<see cref="RoleOf"/>).</summary>
    public const string Support = "operator-support";
    public const string Security = "operator-security";
    public const string Corrections = "operator-corrections";
    public const string Staff = "operator-staff";
    public const string Audit = "operator-audit";
    public const string Identity = "operator-identity";
    public const string Campaigns = "operator-campaigns";
    public const string Accounting = "operator-accounting";

    /// <summary>A till of the store, its merchant, or who works for that.</summary>
    public const string Store = "store";

    /// <summary>Anyone who is signed in; whether the thing asked for is theirs is for the query to say.</summary>
    public const string Anyone = "anyone";

    /// <summary>The claim that says of what kind a session is.</summary>
    public const string KindClaim = "kind";

    /// <summary>The kinds of sessions that each policy lets in.</summary>
    public static readonly IReadOnlyDictionary<string, SubjectKind[]> Kinds = new Dictionary<string, SubjectKind[]>
    {
        [Member] = [SubjectKind.Member],
        [Till] = [SubjectKind.Till],
        [PointTill] = [SubjectKind.PointTill],
        [Merchant] = [SubjectKind.Merchant, SubjectKind.ShopAccount],
        [ShopExport] = [SubjectKind.Merchant, SubjectKind.ShopAccount],
        [ShopStaff] = [SubjectKind.Merchant, SubjectKind.ShopAccount],
        [ShopTills] = [SubjectKind.Merchant, SubjectKind.ShopAccount],
        [ShopSettlements] = [SubjectKind.Merchant, SubjectKind.ShopAccount],
        [Business] = [SubjectKind.Merchant, SubjectKind.ShopAccount],
        [BusinessApproval] = [SubjectKind.Merchant, SubjectKind.ShopAccount],
        [Operator] = [SubjectKind.Operator],
        [Support] = [SubjectKind.Operator],
        [Security] = [SubjectKind.Operator],
        [Corrections] = [SubjectKind.Operator],
        [Staff] = [SubjectKind.Operator],
        [Audit] = [SubjectKind.Operator],
        [Identity] = [SubjectKind.Operator],
        [Campaigns] = [SubjectKind.Operator],
        [Accounting] = [SubjectKind.Operator],
        [Store] = [SubjectKind.Till, SubjectKind.Merchant, SubjectKind.ShopAccount],
        [Anyone] = [SubjectKind.Member, SubjectKind.Till, SubjectKind.Merchant, SubjectKind.ShopAccount],
    };

    /// <summary>The role that a policy asks of an operator beside being one; null when it asks for none.</summary>
    public static OperatorRoles? RoleOf(string policy) => policy switch
    {
        Support => OperatorRoles.Support,
        Security => OperatorRoles.Security,
        Corrections => OperatorRoles.Corrections,
        Staff => OperatorRoles.Staff,
        Audit => OperatorRoles.Audit,
        Identity => OperatorRoles.Identity,
        Campaigns => OperatorRoles.Campaigns,
        Accounting => OperatorRoles.Accounting,
        _ => null,
    };

    /// <summary>The right that a policy asks for at a merchant's desk; null when it asks for none.</summary>
    public static ShopRight? ShopRightOf(string policy) => policy switch
    {
        ShopExport => ShopRight.Export,
        ShopStaff => ShopRight.Staff,
        ShopTills => ShopRight.Tills,
        ShopSettlements => ShopRight.Settlements,
        Business => ShopRight.Business,
        BusinessApproval => ShopRight.BusinessApproval,
        _ => null,
    };

    /// <summary>The scheme's name, and the word in its cookie's: a browser is at a merchant's desk as one, itself or an account.</summary>
    public static string Name(SubjectKind kind) => kind switch
    {
        SubjectKind.Member => Member,
        SubjectKind.Till => Till,
        SubjectKind.PointTill => PointTill,
        SubjectKind.Merchant or SubjectKind.ShopAccount => Merchant,
        SubjectKind.Operator => Operator,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
