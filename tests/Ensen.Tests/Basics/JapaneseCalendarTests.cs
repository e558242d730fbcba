using Ensen.Basics;

namespace Ensen.Tests.Basics;

/// <summary>The calendar is judged by the list that the Cabinet Office publishes (国民の祝日について, syukujitsu.csv).</summary>
public class JapaneseCalendarTests
{
    const string Published = """
        2018 0101 0108 0211 0212 0321 0429 0430 0503 0504 0505 0716 0811 0917 0923 0924 1008 1103 1123 1223 1224
        2019 0101 0114 0211 0321 0429 0430 0501 0502 0503 0504 0505 0506 0715 0811 0812 0916 0923 1014 1022 1103 1104 1123
        2020 0101 0113 0211 0223 0224 0320 0429 0503 0504 0505 0506 0723 0724 0810 0921 0922 1103 1123
        2021 0101 0111 0211 0223 0320 0429 0503 0504 0505 0722 0723 0808 0809 0920 0923 1103 1123
        2022 0101 0110 0211 0223 0321 0429 0503 0504 0505 0718 0811 0919 0923 1010 1103 1123
        2023 0101 0102 0109 0211 0223 0321 0429 0503 0504 0505 0717 0811 0918 0923 1009 1103 1123
        2024 0101 0108 0211 0212 0223 0320 0429 0503 0504 0505 0506 0715 0811 0812 0916 0922 0923 1014 1103 1104 1123
        2025 0101 0113 0211 0223 0224 0320 0429 0503 0504 0505 0506 0721 0811 0915 0923 1013 1103 1123 1124
        2026 0101 0112 0211 0223 0320 0429 0503 0504 0505 0506 0720 0811 0921 0922 0923 1012 1103 1123
        2027 0101 0111 0211 0223 0321 0322 0429 0503 0504 0505 0719 0811 0920 0923 1011 1103 1123
        """;

    static readonly JapaneseCalendar s_calendar = new(new CalendarRules());

    [Fact]
    public void It_is_the_published_list()
    {
        foreach (var line in Published.Split('\n', StringSplitOptions.TrimEntries))
        {
            var year = int.Parse(line[..4], System.Globalization.CultureInfo.InvariantCulture);
            var holidays = Enumerable.Range(0, DateTime.IsLeapYear(year) ? 366 : 365).Select(n => new JapanDay(new DateOnly(year, 1, 1).AddDays(n)))
                .Where(day => s_calendar.KindOf(day) == JapanDayKind.Holiday).Select(day => $"{day.Date:MMdd}");
            $"{year} {string.Join(' ', holidays)}".ShouldBe(line);
        }
    }

    [Theory]
    [InlineData("2026-12-29", JapanDayKind.Weekday)]
    [InlineData("2026-12-30", JapanDayKind.YearEnd)]
    [InlineData("2027-01-01", JapanDayKind.Holiday)]
    [InlineData("2026-01-02", JapanDayKind.YearEnd)]
    [InlineData("2027-01-03", JapanDayKind.Weekend)]
    [InlineData("2027-01-04", JapanDayKind.Weekday)]
    [InlineData("2026-11-28", JapanDayKind.Weekend)]
    [InlineData("2026-11-30", JapanDayKind.Weekday)]
    [InlineData("2028-02-29", JapanDayKind.Weekday)]
    [InlineData("2015-12-31", null)]
    [InlineData("2016-01-01", JapanDayKind.Holiday)]
    [InlineData("2099-12-31", JapanDayKind.YearEnd)]
    [InlineData("2100-01-01", null)]
    public void Each_day_is_of_one_kind_and_a_year_it_does_not_cover_is_said(string day, JapanDayKind? kind) =>
        s_calendar.KindOf(JapanDay.Parse(day)).ShouldBe(kind);

    [Fact]
    public void What_a_law_moves_the_operator_enters()
    {
        var moved = new JapaneseCalendar(new CalendarRules { Added = "2026-11-30 2026-12-01", Removed = "2026-11-23" });
        moved.KindOf(JapanDay.Parse("2026-11-30")).ShouldBe(JapanDayKind.Holiday);
        moved.KindOf(JapanDay.Parse("2026-12-01")).ShouldBe(JapanDayKind.Holiday);
        moved.KindOf(JapanDay.Parse("2026-11-23")).ShouldBe(JapanDayKind.Weekday);
        moved.KindOf(JapanDay.Parse("2026-11-03")).ShouldBe(JapanDayKind.Holiday);
    }
}
