using Ensen.Merchants;

namespace Ensen.Staff;

/// <summary>What became of a shop account. The numbers are stored, and mean what those of operators' accounts do.</summary>
public enum ShopAccountState
{
    Invited = 2,
    Active = 3,

    /// <summary>Signs in no more, ever.</summary>
    Dismissed = 4,
}

/// <summary>An account of somebody who works for a merchant.</summary>
public sealed record ShopAccount
{
    public ShopAccountId Id { get; init; }
    public MerchantId Merchant { get; init; }

    /// <summary>As whoever invited wrote it.</summary>
    public string Name { get; init; } = "";

    /// <summary>By which the account signs in, as its owner chose it; null until they joined.</summary>
    public string? SignInName { get; init; }
    public ShopRole Role { get; init; }
    public ShopAccountState State { get; init; }

    /// <summary>The stores that a manager or a clerk sees; an owner sees all, whatever stands here.</summary>
    public IReadOnlyList<StoreId> Stores { get; init; } = [];
    public long InvitedMs { get; init; }
}

/// <summary>Who acts at a merchant's desk: an account, or the merchant itself (its program's token, or a command for it).</summary>
/// <param name="Account">Null: the merchant itself.</param>
public readonly record struct ActingShop(MerchantId Merchant, ShopAccountId? Account, ActedThrough Through = ActedThrough.Session);
