using System.Globalization;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>A calendar month of Japan as history counts it: the entries whose ids were made in it.</summary>
/// <param name="Number">yyyymm.</param>
public readonly record struct HistoryMonth(int Number)
{
    public static HistoryMonth Of(JapanDay day) => new(day.Month);

    /// <summary>False for a number that somebody wrote into a table and no calendar has.</summary>
    public bool Exists => Number / 100 is >= 1 and < 9_999 && Number % 100 is >= 1 and <= 12;

    public JapanDay FirstDay => new(new DateOnly(Number / 100, Number % 100, 1));
    public JapanDay LastDay => Next.FirstDay.Previous;
    public HistoryMonth Next => Of(new JapanDay(FirstDay.Date.AddMonths(1)));

    /// <summary>The id below all entries of the month.</summary>
    public Guid First => Id.First(FirstDay.Start);

    /// <summary>Reads 2026-11.</summary>
    public static HistoryMonth? Read(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? Of(new JapanDay(day))
            : null;

    public override string ToString() => FirstDay.Date.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
