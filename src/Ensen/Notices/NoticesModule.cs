using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Notices;

/// <summary>What is told to people by mail.</summary>
public static class NoticesModule
{
    public static Module Module { get; } = new("Notices")
    {
        Declares =
        [
            new OutboxWork(Notice.Kind, services =>
                services.GetRequiredService<ExternalGateways>().Has(Gateway.Mail) ? services.GetRequiredService<MailNotices>().Run : null),
        ],
        Services = services => services.AddSingleton<MailNotices>(),
    };
}
