using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Ledger;
using Ensen.Merchants;

namespace Ensen.Wallet;

/// <summary>
/// A store's own number for a sale. One order is paid once, whatever way: by a code that its till scanned or by a code that its till
/// showed, also when that is shown again with another expiry.
/// </summary>
public static class Order
{
    /// <summary>As long as a till may make it: what an API takes and history keeps.</summary>
    public const int Longest = 100;

    public static bool IsFine([NotNullWhen(true)] string? order) => order is { Length: > 0 and <= Longest }
        && InvisibleCharacters.IsReadable(order);

    /// <summary>Whether it is short and plain enough to stand in a code for one payment, and in an address of the till's pages.</summary>
    public static bool FitsCode([NotNullWhen(true)] string? order) => MerchantQr.IsOrder(order);

    /// <summary>
    /// What paying it uses up: the order, and the order over this amount. Who finds the first alone meets an order of another amount.
    /// </summary>
    public static (SingleUse Paid, SingleUse ForThatMuch) SingleUses(StoreId store, string order, long amountYen)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{store.Value:N}|{order}"));
        var subject = new Guid(hash.AsSpan(0, 16), bigEndian: true);
        return (new SingleUse(SingleUseKind.OrderPaid, subject), new SingleUse(SingleUseKind.OrderPaid, subject, amountYen));
    }
}
