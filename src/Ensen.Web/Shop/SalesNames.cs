using System.Globalization;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Sales;
using Ensen.Staff;
using Ensen.Web.Members;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Shop;

/// <summary>What a row of sales is called on a page and in a file.</summary>
public sealed class SalesNames(IStringLocalizer<ShopWords> words, IReadOnlyList<Store> stores, IReadOnlyList<ShopAccount> accounts)
{
    public string Of(SalesBy by, string key) => by switch
    {
        SalesBy.Day => key.Length == 10 ? InWords.Short(JapanDay.Parse(key)) : InWords.Month(JapanDay.Parse(key + "-01")),
        SalesBy.Hour => words["HourOf", int.Parse(key, CultureInfo.InvariantCulture)],
        SalesBy.Store => stores.FirstOrDefault(store => store.Id.ToString() == key)?.Name ?? key,
        SalesBy.Clerk => key == SalesRow.Nobody ? words["NoClerk"]
            : accounts.FirstOrDefault(account => account.Id.ToString() == key)?.Name ?? key,
        SalesBy.Way => ChannelOf(key) is { } channel ? words["Channel_" + channel] : words["OtherWay"],
    };

    static string? ChannelOf(string way) => way switch
    {
        "direct" => "Store",
        "tag" => "Tag",
        "storeQr" => "Qr",
        "shownCode" => "Code",
        _ => null,
    };
}
