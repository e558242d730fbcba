using Ensen.Basics;
using Ensen.Tests.Support;

namespace Ensen.Tests.Basics;

/// <summary>Days and years as Japan counts them, whatever the server thinks.</summary>
public class JapanDayTests
{
    [Theory]
    [InlineData("2026-03-31T14:59:59.9999999Z", 20260331, 2025)]
    [InlineData("2026-03-31T15:00:00Z", 20260401, 2026)]
    [InlineData("2026-03-31T23:59:59.999+09:00", 20260331, 2025)]
    [InlineData("2026-04-01T00:00:00+09:00", 20260401, 2026)]
    [InlineData("2026-03-29T03:30:00+02:00", 20260329, 2025)] // the hour that summer time takes from Europe
    [InlineData("2026-03-31T08:00:00-07:00", 20260401, 2026)]
    [InlineData("2028-02-29T00:00:00+09:00", 20280229, 2027)]
    [InlineData("2028-02-28T15:00:00Z", 20280229, 2027)]
    [InlineData("2026-12-31T15:00:00Z", 20270101, 2026)]
    public void An_instant_is_in_Tokyos_day_and_fiscal_year(string instant, int day, int year)
    {
        var it = JapanDay.Of(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture));

        it.Number.ShouldBe(day);
        it.Month.ShouldBe(day / 100);
        FiscalYear.Of(it).ShouldBe(new FiscalYear(year));
    }

    [Theory]
    [InlineData("2028-02-28", "2028-02-29")]
    [InlineData("2028-02-29", "2028-03-01")]
    [InlineData("2027-02-28", "2027-03-01")]
    [InlineData("2100-02-28", "2100-03-01")]
    [InlineData("2026-12-31", "2027-01-01")]
    public void Days_follow_each_other(string day, string next)
    {
        var (a, b) = (JapanDay.Parse(day), JapanDay.Parse(next));

        (a.Next, b.Previous).ShouldBe((b, a));
        (a < b && b > a && a <= b && b >= a && a.CompareTo(b) < 0).ShouldBeTrue();
        JapanDay.FromNumber(a.Number).ShouldBe(a);
        JapanDay.Of(b.Start).ShouldBe(b);
        JapanDay.Of(b.Start.AddTicks(-1)).ShouldBe(a);
        JapanDay.Of(b.Start.ToUniversalTime()).ShouldBe(b);
    }

    [Fact]
    public void A_fiscal_year_is_April_to_March()
    {
        var year = FiscalYear.Of(JapanDay.Parse("2027-03-31"));

        (year.FirstDay, year.LastDay).ShouldBe((JapanDay.Parse("2026-04-01"), JapanDay.Parse("2027-03-31")));
        FiscalYear.Of(year.LastDay.Next).ShouldBe(year.Next);
    }

    [Theory]
    [InlineData("2026-02-29")]
    [InlineData("2026-3-31")]
    [InlineData("2026-03-31 ")]
    [InlineData("２０２６-03-31")]
    [InlineData("31.03.2026")]
    [InlineData("")]
    public void What_is_no_day_is_not_read(string text) => Should.Throw<FormatException>(() => JapanDay.Parse(text));

    [Theory]
    [InlineData(20260229)]
    [InlineData(20261301)]
    [InlineData(0)]
    [InlineData(-20260101)]
    public void A_number_that_is_no_day_is_not_one(int number) =>
        Should.Throw<ArgumentOutOfRangeException>(() => JapanDay.FromNumber(number));

    [Fact]
    public void The_towns_clock_speaks_Tokyos_time() => TownClock.At("2026-04-01").ShouldBe(JapanDay.Parse("2026-04-01").Start);
}
