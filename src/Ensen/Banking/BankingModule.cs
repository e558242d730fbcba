using Ensen.Basics;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Banking;

/// <summary>Bank accounts that members link to their wallets.</summary>
public static class BankingModule
{
    public static Module Module { get; } = new("Banking")
    {
        Declares =
        [
            Schema.Of(typeof(BankingModule)),
            IdPrefix.Of<BankAccountId>(),
            LinkBankAccount.Purpose,
        ],
        Services = services => services
            .AddSingleton(p => BankNumberHash.Load(p.GetRequiredService<Database>()).GetAwaiter().GetResult())
            .AddSingleton<LinkBankAccount>()
            .AddSingleton<OwnBankAccounts>()
            .AddSingleton<UnlinkBankAccount>(),
    };
}
