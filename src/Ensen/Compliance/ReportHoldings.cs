using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Compliance;

/// <summary>Who held more than the law lets pass unseen at the end of a day.</summary>
/// <param name="Shown">The largest of <paramref name="Count"/>.</param>
public sealed record LargeHoldings(JapanDay Day, bool IsOver, int Count, Yen Total, IReadOnlyList<Holding> Shown);

/// <summary>Why holdings are not shown.</summary>
public enum ReportHoldingsRefusal
{
    None = 0,

    /// <summary>The reason is missing or longer than a line of 200 characters, or the day is still to come.</summary>
    InvalidRequest = 1,

    /// <summary>History of that time was taken away before the day was closed.</summary>
    NotAvailable = 2,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 3,
}

/// <summary>
/// Who held more than 1,000,000 yen at the end of a day (Payment Services Act, article 51: why, and whether it is for transfers, has to be
/// looked at). As each look at members it has a reason, and its row in the log is committed before anything is shown.
/// </summary>
public sealed class ReportHoldings(
    Database db, ClosedClaims claims, BusinessAccounts businesses, Operators operators, OperatorLog log, TimeProvider clock)
{
    public const int MostShown = 1_000;

    public async Task<Answer<LargeHoldings, ReportHoldingsRefusal>> Run(
        JapanDay day, string reason, ActingOperator acting, CancellationToken ct = default)
    {
        if (await operators.Acting(acting, OperatorRoles.Accounting, ct) is not { } by)
            return ReportHoldingsRefusal.Forbidden;
        if (!OperatorLine.IsOne(reason)) return ReportHoldingsRefusal.InvalidRequest;
        var found = await claims.Holdings(day, ct);
        if (Decide(reason, found.Refusal) is not ReportHoldingsRefusal.None and var refusal)
            return refusal;
        var holdings = found.Value!;
        await db.Transact(tx => log.Append(tx, OperatorAct.ViewedHoldings, by, acting, null, reason,
            FormattableString.Invariant($"{day}: {holdings.Count}")), ct);
        var shown = holdings.Take(MostShown).ToList();
        var companies = await businesses.NamesAmong(shown.Select(h => h.Member.Value), ct);
        return new LargeHoldings(day, day < JapanDay.Of(clock.GetUtcNow()), holdings.Count, holdings.Sum(h => h.Total),
            [.. shown.Select(h => h with { Company = companies.GetValueOrDefault(h.Member.Value) })]);
    }

    internal static ReportHoldingsRefusal Decide(string reason, ClaimsReportRefusal found)
    {
        if (!OperatorLine.IsOne(reason) || found == ClaimsReportRefusal.InvalidRequest) return ReportHoldingsRefusal.InvalidRequest;
        return found == ClaimsReportRefusal.NotAvailable ? ReportHoldingsRefusal.NotAvailable : ReportHoldingsRefusal.None;
    }
}
