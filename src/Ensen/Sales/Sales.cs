using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Wallet;

namespace Ensen.Sales;

/// <summary>By what sales are told apart.</summary>
public enum SalesBy
{
    /// <summary>A business day in Japan: <c>2026-11-30</c>.</summary>
    Day = 1,

    /// <summary>The hour of the day, all days together: <c>09</c>.</summary>
    Hour = 2,

    /// <summary>A store: <c>str_…</c>.</summary>
    Store = 3,

    /// <summary>Who of the staff took it or gave it back: their account, or <see cref="SalesRow.Nobody"/>.</summary>
    Clerk = 4,

    /// <summary>How it was paid: <c>tag</c>, <c>storeQr</c>, <c>shownCode</c>, <c>direct</c>.</summary>
    Way = 5,
}

/// <summary>
/// The smallest part of sales that anything is told by: one store, one hour, one way, one person. Payments and refunds are counted, yen are
/// what stays of them: what was paid, less what was given back, and what operators' corrections changed.
/// </summary>
/// <param name="Hour">Hours in Japan since the beginning of 1970.</param>
/// <param name="Way">How it was paid, also of a refund; 0 where nobody knows.</param>
public sealed record SalesPart(StoreId Store, long Hour, int Way, ShopAccountId? Clerk, long Payments, long Refunds, Yen Yen)
{
    const int HoursOfDay = 24;

    public JapanDay Day => new(DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)(Hour / HoursOfDay)));

    public int HourOfDay => (int)(Hour % HoursOfDay);
}

/// <summary>One line of a table of sales; what its key is, <see cref="SalesBy"/> says.</summary>
public sealed record SalesRow(string Key, long Payments, long Refunds, Yen Yen)
{
    /// <summary>The key of what no clerk took: the member paid at a tag, or nobody had signed in at the till.</summary>
    public const string Nobody = "none";

    public static SalesRow Of(string key, IEnumerable<SalesPart> parts) => parts.Aggregate(new SalesRow(key, 0, 0, Yen.Zero),
        (row, part) => row with
        {
            Payments = row.Payments + part.Payments,
            Refunds = row.Refunds + part.Refunds,
            Yen = row.Yen + part.Yen,
        });
}

/// <summary>The sales of some stores on some days.</summary>
public sealed record SalesOfPeriod(JapanDay From, JapanDay To, IReadOnlyList<SalesPart> Parts)
{
    public SalesRow Total => SalesRow.Of("", Parts);

    /// <summary>Days and hours as they come, everything else by what it brought.</summary>
    public IReadOnlyList<SalesRow> By(SalesBy by)
    {
        var rows = Parts.GroupBy(part => KeyOf(part, by)).Select(group => SalesRow.Of(group.Key, group));
        return by is SalesBy.Day or SalesBy.Hour
            ? [.. rows.OrderBy(row => row.Key, StringComparer.Ordinal)]
            : [.. rows.OrderByDescending(row => row.Yen).ThenBy(row => row.Key, StringComparer.Ordinal)];
    }

    /// <summary>The same with a row for each day of the period, or each hour of a day, as a picture of it needs.</summary>
    public IReadOnlyList<SalesRow> Whole(SalesBy by)
    {
        var known = By(by).ToDictionary(row => row.Key);
        var keys = by switch
        {
            SalesBy.Day => Days().Select(day => day.ToString()),
            SalesBy.Hour => Enumerable.Range(0, 24).Select(KeyOf),
            _ => known.Keys,
        };
        return [.. keys.Select(key => known.GetValueOrDefault(key) ?? new SalesRow(key, 0, 0, Yen.Zero))];
    }

    IEnumerable<JapanDay> Days()
    {
        for (var day = From; day <= To; day = day.Next)
            yield return day;
    }

    static string KeyOf(SalesPart part, SalesBy by) => by switch
    {
        SalesBy.Day => part.Day.ToString(),
        SalesBy.Hour => KeyOf(part.HourOfDay),
        SalesBy.Store => part.Store.ToString(),
        SalesBy.Clerk => part.Clerk?.ToString() ?? SalesRow.Nobody,
        SalesBy.Way => WayOf((PayWay)part.Way),
    };

    static string KeyOf(int hour) => FormattableString.Invariant($"{hour:00}");

    static string WayOf(PayWay way) => way switch
    {
        PayWay.Direct => "direct",
        PayWay.Tag => "tag",
        PayWay.StoreQr => "storeQr",
        PayWay.ShownCode => "shownCode",
        _ => SalesRow.Nobody,
    };
}
