using System.Globalization;

namespace Ensen.Basics;

/// <summary>A calendar day as Japan counts it (Asia/Tokyo, no summer time), whatever clock the server keeps.</summary>
public readonly record struct JapanDay(DateOnly Date) : IComparable<JapanDay>
{
    static readonly TimeSpan Tokyo = TimeSpan.FromHours(9);

    public static JapanDay Of(DateTimeOffset instant) => new(DateOnly.FromDateTime(instant.ToOffset(Tokyo).DateTime));

    public static JapanDay FromNumber(int yyyymmdd) =>
        new(new DateOnly(yyyymmdd / 10_000, yyyymmdd / 100 % 100, yyyymmdd % 100));

    /// <summary>
    /// A day that somebody asks for, 2026-11-21. One without a day before and after it, or years before there was anything here, is none.
    /// </summary>
    public static bool TryParse(string? iso, out JapanDay day)
    {
        var isOne = DateOnly.TryParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date.Year is >= 1900 and < 9999;
        day = isOne ? new JapanDay(date) : default;
        return isOne;
    }

    public static JapanDay Parse(string iso) => new(DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>yyyymmdd: how the ledger writes the term of a lot and the day of a cap.</summary>
    public int Number => Date.Year * 10_000 + Date.Month * 100 + Date.Day;

    /// <summary>yyyymm: how the ledger writes the month of a cap.</summary>
    public int Month => Date.Year * 100 + Date.Month;

    public JapanDay Next => new(Date.AddDays(1));
    public JapanDay Previous => new(Date.AddDays(-1));

    /// <summary>Midnight in Tokyo, when the day begins.</summary>
    public DateTimeOffset Start => new(Date.ToDateTime(TimeOnly.MinValue), Tokyo);

    public static DateTimeOffset InTokyo(DateTimeOffset instant) => instant.ToOffset(Tokyo);

    public static bool operator <(JapanDay a, JapanDay b) => a.Date < b.Date;
    public static bool operator >(JapanDay a, JapanDay b) => a.Date > b.Date;
    public static bool operator <=(JapanDay a, JapanDay b) => a.Date <= b.Date;
    public static bool operator >=(JapanDay a, JapanDay b) => a.Date >= b.Date;

    public int CompareTo(JapanDay other) => Date.CompareTo(other.Date);
    public override string ToString() => Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>Japan's fiscal year: April to March, named after the year in which it begins.</summary>
public readonly record struct FiscalYear(int Year)
{
    public static FiscalYear Of(JapanDay day) => new(day.Date.Month >= 4 ? day.Date.Year : day.Date.Year - 1);

    public FiscalYear Next => new(Year + 1);
    public JapanDay FirstDay => new(new DateOnly(Year, 4, 1));
    public JapanDay LastDay => new(new DateOnly(Year + 1, 3, 31));
}
