using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Compliance;

/// <summary>What the law on payments wants to be told of any day: what is owed to customers, and what is held for it.</summary>
public static class ComplianceModule
{
    public static Module Module { get; } = new("Compliance")
    {
        Declares =
        [
            Schema.Of(typeof(ComplianceModule)),
            PersonalTable.NotExported("closed_holding", "sums of what stands in the member's own history")
                .Kept("what was held at the end of a day, by a number: as long as the books are kept"),
            .. ComplianceChecks.All,
            Job.Of<CloseClaims>("close claims", "what is owed to customers at the end of each day is written down", TimeSpan.FromMinutes(5),
                TimeSpan.FromHours(2), (close, ct) => close.Run(ct)),
        ],
        Services = services => services
            .AddSingleton<ClosedClaims>()
            .AddSingleton<CloseClaims>()
            .AddSingleton<ReportSafeguarding>()
            .AddSingleton<ReportPrepaid>()
            .AddSingleton<ReportHoldings>(),
    };
}
