using System.Globalization;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Ui;
using Ensen.Wallet;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Edge;

/// <summary>What whoever may give back no more is told: their caps, and what of them is left today.</summary>
static class RefundCapTold
{
    public static async Task<Problem> Problem(RefundCap cap, RefundOutlook outlook, CancellationToken ct)
    {
        var left = await outlook.Left(cap, ct);
        return new Problem("over_limit", told: services => Of(services.GetRequiredService<IStringLocalizer<Words>>(), left));
    }

    public static string Of(IStringLocalizer words, (Yen PerRefund, Yen PerDay, Yen Left) cap) =>
        words["RefundOverCap", Grouped(cap.PerRefund), Grouped(cap.PerDay), Grouped(cap.Left)];

    static string Grouped(Yen yen) => yen.Value.ToString("#,0", CultureInfo.InvariantCulture);
}
