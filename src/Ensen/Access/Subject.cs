namespace Ensen.Access;

/// <summary>What sort of somebody signs in.</summary>
public enum SubjectKind
{
    Member = 1,
    Till = 2,
    Merchant = 3,

    /// <summary>An account of a person who works for the programme.</summary>
    Operator = 4,

    /// <summary>Another company's program. None signs in yet; the number is taken.</summary>
    Partner = 5,

    /// <summary>An account of somebody who works for a merchant.</summary>
    ShopAccount = 6,

    /// <summary>A point till of a shopping centre.</summary>
    PointTill = 7,
}

/// <summary>
/// Who signs in, and whom a session belongs to: this member, this till, this merchant, this operator, this shop account, this point till.
/// </summary>
public readonly record struct Subject(SubjectKind Kind, Guid Id)
{
    public static Subject Member(Guid id) => new(SubjectKind.Member, id);

    public static Subject Till(Guid id) => new(SubjectKind.Till, id);

    public static Subject Merchant(Guid id) => new(SubjectKind.Merchant, id);

    public static Subject Operator(Guid id) => new(SubjectKind.Operator, id);

    public static Subject ShopAccount(Guid id) => new(SubjectKind.ShopAccount, id);

    public static Subject PointTill(Guid id) => new(SubjectKind.PointTill, id);
}
