using System.Diagnostics.CodeAnalysis;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Wallet;

namespace Ensen.Centres;

/// <summary>A centre's own number of its receipt, which also stands in the address that it is asked after and cancelled by.</summary>
public static class CentreReceipt
{
    public const int Longest = Order.Longest;

    /// <summary>What ends or changes a part of an address, written or encoded.</summary>
    const string ForAddresses = @"/\?#%";

    public static bool IsFine([NotNullWhen(true)] string? receipt) =>
        Order.IsFine(receipt) && !char.IsWhiteSpace(receipt[0]) && !char.IsWhiteSpace(receipt[^1]) && receipt is not ("." or "..")
        && receipt.AsSpan().IndexOfAny(ForAddresses) < 0;

    /// <summary>
    /// Whether a scanner typed a customer's number behind it. A receipt of digits alone may by chance end like one, so this is asked only
    /// where people and scanners type.
    /// </summary>
    public static bool EndsLikeACustomer(string receipt, string prefix) =>
        (Tail(receipt, MemberCode.Length) is { } own && MemberCode.TryRead(own, out _))
        || (Tail(receipt, ShownCodeNumber.Length) is { } code && ShownCodeNumber.TryParse(code, prefix, out _, out _));

    /// <summary>Whether it ends in the very number that is shown with it: a mistake, whoever sends it.</summary>
    public static bool EndsIn(string receipt, string code, string prefix) =>
        EndsLikeACustomer(receipt, prefix) && TypedDigits.Number(code) is { } shown && receipt.EndsWith(shown, StringComparison.Ordinal);

    static string? Tail(string receipt, int length) =>
        receipt.Length > length && receipt[^length..] is var tail && tail.All(char.IsAsciiDigit) ? tail : null;
}
