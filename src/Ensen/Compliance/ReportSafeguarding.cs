using Ensen.Basics;
using Ensen.Settlement;

namespace Ensen.Compliance;

/// <summary>Of the business days of a week up to a day the one on which the most had to be safeguarded.</summary>
/// <param name="Highest">Where the week has had no business day yet, the last one before it.</param>
public sealed record HighestOfWeek(JapanDay From, JapanDay Highest, Yen Outstanding, Yen Required);

/// <summary>What is owed from transfers of funds at the end of a day, and what has to be safeguarded for it.</summary>
public sealed record Safeguarding(ClaimsOfDay Claims, bool IsBusinessDay, HighestOfWeek Week)
{
    public Yen Outstanding => Claims.FromTransfers;
    public Yen Cost => SafeguardingRule.Cost(Outstanding);
    public Yen Required => SafeguardingRule.Required(Outstanding);
}

/// <summary>The report on safeguarding (Payment Services Act, article 43) for any day.</summary>
public sealed class ReportSafeguarding(ClosedClaims claims, BusinessDays business)
{
    /// <summary>No row of holidays is longer; where the calendar knows no business days, the day itself counts.</summary>
    const int LongestHolidays = 15;

    public async Task<Answer<Safeguarding, ClaimsReportRefusal>> Of(JapanDay day, CancellationToken ct = default)
    {
        var asked = await claims.Of(day, ct);
        if (!asked.Accepted) return asked.Refusal;
        var counting = Counting(day);
        var owed = new List<(JapanDay Day, Yen Outstanding)>();
        foreach (var other in counting)
            // What lies before all history has nothing to say.
            if ((other == day ? asked : await claims.Of(other, ct)).Value is { } of)
                owed.Add((other, of.FromTransfers));
        if (owed.Count == 0)
            owed.Add((day, asked.Value.FromTransfers));
        var (highest, outstanding) = owed.MaxBy(o => o.Outstanding);
        return new Safeguarding(asked.Value, business.IsOne(day),
            new HighestOfWeek(SafeguardingRule.WeekUpTo(day).First(), highest, outstanding, SafeguardingRule.Required(outstanding)));
    }

    /// <summary>The business days of the week up to a day; where it has had none yet, the last one before.</summary>
    internal IReadOnlyList<JapanDay> Counting(JapanDay day)
    {
        var days = SafeguardingRule.WeekUpTo(day).Where(business.IsOne).ToList();
        var before = day;
        for (var back = 0; days.Count == 0 && back < LongestHolidays; back++, before = before.Previous)
            if (business.IsOne(before))
                days.Add(before);
        return days.Count == 0 ? [day] : days;
    }
}
