using Ensen.Compliance;
using Ensen.Tests.Support;

namespace Ensen.Tests.Compliance;

/// <summary>What <see cref="ReportHoldings"/> decides about an operator who wants to see who holds much.</summary>
public class ReportHoldingsDecides
{
    internal static RefusalTable<ReportHoldingsRefusal> Table { get; } = new("""
        refusal         says    found
        None            asked   None
        InvalidRequest  -       None
        InvalidRequest  long    NotAvailable
        InvalidRequest  asked   InvalidRequest
        NotAvailable    asked   NotAvailable
        Forbidden       before  ReportsTests.Who_may_not_sees_no_holdings_and_leaves_no_row
        """);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var says = row.In("says");
        return ReportHoldings.Decide(says.Say("long") ? new string('x', 201) : string.Concat(says.Words),
            Enum.Parse<ClaimsReportRefusal>(string.Concat(row.In("found").Words)));
    });
}
