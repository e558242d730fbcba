using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Merchants;

/// <summary>Merchants, their stores, tills and tags.</summary>
public static class MerchantsModule
{
    static readonly AccountType s_payable = new(10, "Payable", Unit.Yen) { Claim = Claim.Payee };
    static readonly SingleUseKind s_tagTouched = new(3, "TagTouched", "a touch of {0}", "tag");

    static readonly LimitKind s_staffRefund = new(30, "StaffRefund") { IsOnItsOwn = true };

    extension(LimitKind)
    {
        /// <summary>What one of a merchant's staff gave back, by day; with their own caps.</summary>
        public static LimitKind StaffRefund => s_staffRefund;
    }

    extension(AccountType)
    {
        /// <summary>What is owed to a store for payments it took, before fees and pay-out.</summary>
        public static AccountType Payable => s_payable;
    }

    extension(SingleUseKind)
    {
        /// <summary>A tag was touched with this counter value. Subject: the tag; number: the counter.</summary>
        public static SingleUseKind TagTouched => s_tagTouched;
    }

    public static Module Module { get; } = new("Merchants")
    {
        Declares =
        [
            Schema.Of(typeof(MerchantsModule)),
            s_payable,
            s_tagTouched,
            s_staffRefund,
            IdPrefix.Of<MerchantId>(ownersTable: "merchant"),
            IdPrefix.Of<StoreId>(ownersTable: "store"),
            IdPrefix.Of<TillId>(),
            IdPrefix.Of<TagId>(),
        ],
        Services = services => services
            .AddSingleton<OpenStore>()
            .AddSingleton<Stores>()
            .AddSingleton<Tags>()
            .AddSingleton<Tills>()
            .AddSingleton<Pins>(),
    };
}
