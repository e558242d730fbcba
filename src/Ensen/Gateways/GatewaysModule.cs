using Ensen.Basics;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Gateways;

/// <summary>The outside world: bank, card company, ATM network, mail, telephone, reading of identity documents, transit cards.</summary>
public static class GatewaysModule
{
    public static Module Module { get; } = new("Gateways")
    {
        Services = services => services
            .AddSingleton(ExternalGateways.Nobody)
            .AddInstallationKey(MailIds.Name, MailIds.KeyBytes, key => new MailIds(key))
            .AddSingleton(p => p.GetRequiredService<ExternalGateways>().Mail)
            .AddSingleton(p => p.GetRequiredService<ExternalGateways>().Telephone)
            .AddSingleton(p => p.GetRequiredService<ExternalGateways>().Identity)
            .AddSingleton(p => new ReportSignature([], p.GetRequiredService<TimeProvider>()))
            .AddKeyedSingleton(Gateway.Identity, (p, _) => new ReportSignature([], p.GetRequiredService<TimeProvider>())),
    };
}
