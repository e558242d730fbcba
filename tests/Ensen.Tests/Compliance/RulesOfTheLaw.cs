using System.Numerics;
using Ensen.Basics;
using Ensen.Compliance;
using Ensen.Settlement;

namespace Ensen.Tests.Compliance;

/// <summary>The arithmetic of the reports: the published cases by hand, and a million amounts judged by inequalities in numbers without end.</summary>
public class RulesOfTheLaw
{
    [Theory]
    [InlineData(0, 0, 10_000_000)]
    [InlineData(1, 1, 10_000_000)]
    [InlineData(9_523_809, 476_191, 10_000_000)]
    [InlineData(9_523_810, 476_191, 10_000_001)]
    [InlineData(80_000_000, 4_000_000, 84_000_000)]
    [InlineData(100_000_000, 5_000_000, 105_000_000)]
    [InlineData(100_000_001, 5_000_001, 105_000_002)]
    [InlineData(300_000_000, 7_000_000, 307_000_000)]
    public void What_is_safeguarded_by_hand(long outstanding, long cost, long required) =>
        (SafeguardingRule.Cost(outstanding.Yen()), SafeguardingRule.Required(outstanding.Yen())).ShouldBe((cost.Yen(), required.Yen()));

    [Fact]
    public void Cost_and_requirement_of_a_million_amounts_are_what_the_law_says()
    {
        var random = new Random(20261201);
        for (var i = 0; i < 1_000_000; i++)
        {
            var owed = i < 20_000 ? 99_990_000 + i : random.NextInt64(0, 1L << random.Next(1, 55));
            var (cost, required) = (SafeguardingRule.Cost(owed.Yen()).Value, SafeguardingRule.Required(owed.Yen()).Value);
            // The cost is the least whole number that is not below the share.
            BigInteger hundredfold = owed <= 100_000_000 ? (BigInteger)owed * 5 : 500_000_000 + ((BigInteger)owed - 100_000_000);
            if ((BigInteger)cost * 100 < hundredfold || ((BigInteger)cost - 1) * 100 >= hundredfold && cost > 0
                || required < 10_000_000 || required < owed + cost || required != owed + cost && required != 10_000_000)
                Assert.Fail($"{owed} costs {cost} and requires {required}");
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10_000_000, 0)]
    [InlineData(10_000_001, 5_000_001)]
    [InlineData(24_000_000, 12_000_000)]
    [InlineData(24_000_001, 12_000_001)]
    public void Half_of_what_is_unused_is_deposited_above_ten_million(long unused, long required) =>
        PrepaidRule.Required(unused.Yen()).ShouldBe(required.Yen());

    [Theory]
    [InlineData("2026-03-30", "2025-09-30", "2025-11-30")]
    [InlineData("2026-03-31", "2026-03-31", "2026-05-31")]
    [InlineData("2026-09-29", "2026-03-31", "2026-05-31")]
    [InlineData("2026-09-30", "2026-09-30", "2026-11-30")]
    [InlineData("2026-12-31", "2026-09-30", "2026-11-30")]
    [InlineData("2027-01-01", "2026-09-30", "2026-11-30")]
    [InlineData("2028-02-29", "2027-09-30", "2027-11-30")]
    public void The_base_date_in_force(string day, string date, string dueBy) =>
        (PrepaidRule.BaseDateOf(JapanDay.Parse(day)).ToString(), PrepaidRule.DueBy(PrepaidRule.BaseDateOf(JapanDay.Parse(day))).ToString())
            .ShouldBe((date, dueBy));

    [Fact]
    public void Each_day_has_the_last_base_date_that_is_not_after_it()
    {
        JapanDay? last = null;
        for (var day = JapanDay.Parse("2024-09-30"); day < JapanDay.Parse("2032-01-01"); day = day.Next)
        {
            last = PrepaidRule.IsBaseDate(day) ? day : last;
            PrepaidRule.BaseDateOf(day).ShouldBe(last!.Value);
        }
    }

    [Theory]
    // An ordinary week up to its Wednesday and to its Sunday.
    [InlineData("2026-06-10", "2026-06-08 2026-06-09 2026-06-10")]
    [InlineData("2026-06-14", "2026-06-08 2026-06-09 2026-06-10 2026-06-11 2026-06-12")]
    // Days in a row without a bank: the last day before them counts until there is one.
    [InlineData("2026-05-03", "2026-04-27 2026-04-28 2026-04-30 2026-05-01")]
    [InlineData("2026-05-06", "2026-05-01")]
    [InlineData("2026-05-08", "2026-05-07 2026-05-08")]
    [InlineData("2019-05-05", "2019-04-26")]
    [InlineData("2019-05-06", "2019-04-26")]
    // The year's end: banks are open on the 30th and from 4 January.
    [InlineData("2027-01-03", "2026-12-28 2026-12-29 2026-12-30")]
    [InlineData("2027-01-04", "2027-01-04")]
    [InlineData("2021-01-03", "2020-12-28 2020-12-29 2020-12-30")]
    // Beyond the calendar nobody knows of holidays.
    [InlineData("2150-06-10", "2150-06-10")]
    public void Which_business_days_of_a_week_count(string day, string count) =>
        string.Join(' ', new ReportSafeguarding(null!, new BusinessDays(new Programme())).Counting(JapanDay.Parse(day))).ShouldBe(count);
}
