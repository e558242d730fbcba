using Ensen.Basics;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Joining;

/// <summary>How a shop becomes a merchant: application, checks, the two persons who decide, the contract.</summary>
public static class JoiningModule
{
    public static Module Module { get; } = new("Joining")
    {
        Declares =
        [
            Schema.Of(typeof(JoiningModule)),
            IdPrefix.Of<MerchantApplicationId>(),
            Job.Of<ForgetApplications>("old applications", "applications of shops that came to nothing are forgotten",
                TimeSpan.FromHours(6), TimeSpan.FromMinutes(30), (forget, ct) => forget.Run(ct)),
        ],
        Services = services => services
            .AddSingleton<MerchantApplications>()
            .AddSingleton<ApplyAsMerchant>()
            .AddSingleton<SendApplication>()
            .AddSingleton<ApplicationQueue>()
            .AddSingleton<DecideApplication>()
            .AddSingleton<SignContract>()
            .AddSingleton<ForgetApplications>(),
    };
}
