using Ensen.Basics;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Operations;

/// <summary>What keeps the programme in order: the close of days, verifying.</summary>
public static class OperationsModule
{
    public static Module Module { get; } = new("Operations")
    {
        Services = services => services
            .AddSingleton<CloseDays>()
            .AddSingleton<Verify>(),
    };
}
