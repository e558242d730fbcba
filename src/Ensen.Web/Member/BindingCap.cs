using Ensen.Ledger;

namespace Ensen.Web.Members;

/// <summary>The one of several caps that stops a payment first, by the name that the words know it by: Once, Today or Month.</summary>
readonly record struct BindingCap(string Name, long Yen)
{
    public static BindingCap Of(LimitLeft left) =>
        left.ThisMonth < left.Today && left.ThisMonth < left.PerMovement ? new("Month", left.ThisMonth)
        : left.Today < left.PerMovement ? new("Today", left.Today)
        : new("Once", left.PerMovement);
}
