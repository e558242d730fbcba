using System.Globalization;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Sales;
using Ensen.Staff;

namespace Ensen.Web.Shop;

/// <summary>Which days and which stores an address of the sales asks for; today and all stores where it names none.</summary>
/// <param name="Store">Null: all that whoever asks sees.</param>
/// <param name="IsFault">What was typed is no period: nothing is shown for it.</param>
/// <param name="IsReversed">It is none because it would end before it begins.</param>
sealed record SalesPeriod(
    JapanDay From, JapanDay To, Store? Store, IReadOnlyList<StoreId> Stores, bool IsFault, bool IsReversed = false)
{
    public int Days => To.Date.DayNumber - From.Date.DayNumber + 1;

    public static SalesPeriod Read(string? from, string? to, string? store, ShopAccess access, JapanDay today)
    {
        var one = access.Stores.FirstOrDefault(s => s.Id.ToString() == store);
        IReadOnlyList<StoreId> stores = one is null ? [.. access.Stores.Select(s => s.Id)] : [one.Id];
        var (first, last) = (today, today);
        var areDays = (from is not { Length: > 0 } || JapanDay.TryParse(from, out first))
            && (to is not { Length: > 0 } || JapanDay.TryParse(to, out last));
        return areDays && AddUpSales.IsPeriod(first, last) ? new SalesPeriod(first, last, one, stores, false)
            : new SalesPeriod(today, today, one, stores, true, areDays && first > last);
    }

    /// <summary>The address of another period, for the same stores.</summary>
    public string Of(string page, JapanDay from, JapanDay to, string more = "") =>
        string.Create(CultureInfo.InvariantCulture, $"{page}?from={from}&to={to}{(Store is null ? "" : $"&store={Store.Id}")}{more}");

    public string Csv(SalesBy by) => Of("/shop/sales/csv", From, To, $"&by={NameOf(by)}");

    public static string NameOf(SalesBy by) => by.ToString().ToLowerInvariant();

    /// <summary>Null when the word is none of them.</summary>
    public static SalesBy? ReadBy(string? word) =>
        Enum.GetValues<SalesBy>().Where(by => NameOf(by) == word).Select(by => (SalesBy?)by).FirstOrDefault();
}
