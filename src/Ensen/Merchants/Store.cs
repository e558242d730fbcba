namespace Ensen.Merchants;

/// <summary>Whether a store may be paid.</summary>
public enum StoreState
{
    Open = 1,
    Suspended = 2,
}

/// <summary>A shop where members pay.</summary>
public sealed record Store
{
    public StoreId Id { get; init; }
    public MerchantId Merchant { get; init; }

    /// <summary>Eight digits that staff type to sign a till in.</summary>
    public string Number { get; init; } = "";
    public string Name { get; init; } = "";

    /// <summary>Name and city in Latin letters, as they stand on its printed code; at most 25 and 15.</summary>
    public string LatinName { get; init; } = "";
    public string LatinCity { get; init; } = "";

    /// <summary>The part of town or the shopping street; empty when not given.</summary>
    public string Area { get; init; } = "";
    public string Station { get; init; } = "";

    /// <summary>One of <see cref="MerchantCategory.All"/>; with the id it decides the drawn picture.</summary>
    public string Category { get; init; } = "";
    public string Address { get; init; } = "";

    /// <summary>Seven digits.</summary>
    public string PostalCode { get; init; } = "";
    public StoreState State { get; init; }
}

/// <summary>A register within a store.</summary>
public sealed record StoreTill
{
    public TillId Id { get; init; }
    public StoreId Store { get; init; }
    public string Name { get; init; } = "";
}
