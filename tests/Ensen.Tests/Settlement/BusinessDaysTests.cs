using Ensen.Basics;
using Ensen.Settlement;

namespace Ensen.Tests.Settlement;

/// <summary>Banks are closed on the days that the order for the Banking Act names, and on no others.</summary>
public class BusinessDaysTests
{
    readonly BusinessDays _days = new(new Programme());

    /// <summary>The fares of the railway know a year's end that begins a day before that of the banks.</summary>
    [Theory]
    [InlineData("2026-12-29", true)]
    [InlineData("2026-12-30", true)]
    [InlineData("2026-12-31", false)]
    [InlineData("2027-01-01", false)]
    [InlineData("2029-01-02", false)]
    [InlineData("2029-01-03", false)]
    [InlineData("2027-01-04", true)]
    [InlineData("2028-12-30", false)]
    [InlineData("2026-05-06", false)]
    [InlineData("2100-01-05", false)]
    public void A_bank_is_closed_from_the_last_of_December_to_the_third_of_January(string day, bool open) =>
        _days.IsOne(JapanDay.Parse(day)).ShouldBe(open);

    [Theory]
    [InlineData("2026-12-29", "2026-12-30")]
    [InlineData("2026-12-30", "2027-01-04")]
    public void What_is_sold_at_the_years_end_is_paid_on_the_next_day_that_a_bank_is_open(string sold, string paid) =>
        _days.PaidOn(JapanDay.Parse(sold)).ShouldBe(JapanDay.Parse(paid));
}
