using Ensen.Basics;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Sales;

/// <summary>What stores took and gave back, added up and looked through for the people at their merchant's desk.</summary>
public static class SalesModule
{
    public static Module Module { get; } = new("Sales")
    {
        Declares = [],
        Services = services => services
            .AddSingleton<AddUpSales>()
            .AddSingleton<SearchSales>(),
    };
}
