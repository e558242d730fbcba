using System.Globalization;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Ui;
using Ensen.Wallet;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Edge;

/// <summary>What whoever may give back no more is told: their caps, and what of them is left today.</summary>
static class RefundCapTold
{
    public static async Task<Problem> Problem(RefundCap cap, ShopRole role, RefundOutlook outlook, CancellationToken ct)
    {
        var left = await outlook.Left(cap, ct);
        return new Problem("over_limit", told: services => Of(services.GetRequiredService<IStringLocalizer<Words>>(), left, role));
    }

    /// <param name="role">Of whoever wants to give back: who can do more is somebody above them.</param>
    public static string Of(IStringLocalizer words, (Yen PerRefund, Yen PerDay, Yen Left) cap, ShopRole role) =>
        words["RefundOverCap", Grouped(cap.PerRefund), Grouped(cap.PerDay), Grouped(cap.Left),
            words["RefundAsk_" + ShopRoles.Name(role)].Value];

    static string Grouped(Yen yen) => yen.Value.ToString("#,0", CultureInfo.InvariantCulture);
}
