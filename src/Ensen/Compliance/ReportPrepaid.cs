using Ensen.Basics;

namespace Ensen.Compliance;

/// <summary>The base date by which it goes, what was unused then, and what is to be deposited for it until when.</summary>
public sealed record PrepaidDeposit(JapanDay Date, Yen Unused, JapanDay DueBy)
{
    public Yen Required => PrepaidRule.Required(Unused);
}

/// <summary>Prepaid value that was unused at the end of a day.</summary>
/// <param name="InForce">Null where history of the base date is not there.</param>
public sealed record PrepaidUnused(ClaimsOfDay Claims, PrepaidDeposit? InForce)
{
    public Yen Outstanding => Claims.Prepaid;

    /// <summary>What would have to be deposited, were the day a base date.</summary>
    public Yen Required => PrepaidRule.Required(Outstanding);
}

/// <summary>The report on prepaid value (Payment Services Act, article 14) for any day.</summary>
public sealed class ReportPrepaid(ClosedClaims claims)
{
    public async Task<Answer<PrepaidUnused, ClaimsReportRefusal>> Of(JapanDay day, CancellationToken ct = default)
    {
        var asked = await claims.Of(day, ct);
        if (!asked.Accepted) return asked.Refusal;
        var date = PrepaidRule.BaseDateOf(day);
        var then = date == day ? asked : await claims.Of(date, ct);
        return new PrepaidUnused(asked.Value, then.Accepted ? new PrepaidDeposit(date, then.Value.Prepaid, PrepaidRule.DueBy(date)) : null);
    }
}
