using System.Globalization;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Wallet;

namespace Ensen.Web.Members;

/// <summary>A calendar month of Japan's, and a member's movements in it.</summary>
readonly record struct MonthOf(JapanDay FirstDay)
{
    /// <summary>More than anybody pays in a month; it bounds the page.</summary>
    const int Most = 5_000;

    public MonthOf Next => new(new JapanDay(FirstDay.Date.AddMonths(1)));
    public MonthOf Previous => new(new JapanDay(FirstDay.Date.AddMonths(-1)));

    public static MonthOf Of(JapanDay day) => new(new JapanDay(new DateOnly(day.Date.Year, day.Date.Month, 1)));

    /// <summary>2026-11.</summary>
    public static bool TryParse(string? text, out MonthOf month)
    {
        var read = DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is > 2000 and < 9000;
        month = read ? new MonthOf(new JapanDay(day)) : default;
        return read;
    }

    /// <summary>The month that was asked for; this one where it is none, or one that has not begun.</summary>
    public static MonthOf Asked(string? text, JapanDay today) =>
        TryParse(text, out var month) && month.FirstDay <= today ? month : Of(today);

    /// <summary>All of the month, the oldest first.</summary>
    public async Task<IReadOnlyList<HistoryItem>> Movements(History history, MemberId member, CancellationToken ct)
    {
        var all = new List<HistoryItem>();
        EntryId? before = Id.First<EntryId>(Next.FirstDay.Start);
        while (all.Count < Most)
        {
            var page = await history.Of(member, before, History.Most, ct);
            var start = FirstDay.Start;
            all.AddRange(page.TakeWhile(item => item.At >= start));
            if (page.Count < History.Most || page[^1].At < start)
                break;
            before = page[^1].EntryId;
        }
        all.Reverse();
        return all;
    }

    public override string ToString() => FirstDay.Date.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
