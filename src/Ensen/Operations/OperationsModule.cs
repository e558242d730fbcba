using Ensen.Basics;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Operations;

/// <summary>What keeps the programme in order: the close of days, verifying.</summary>
public static class OperationsModule
{
    public static Module Module { get; } = new("Operations")
    {
        Declares =
        [
            Job.Of<CloseDays>("close days", "points lapse and days get their root", TimeSpan.FromSeconds(15), TimeSpan.FromHours(1), (days, ct) => days.Run(ct)),
        ],
        Services = services => services
            .AddSingleton<CloseDays>()
            .AddSingleton<Verify>(),
    };
}
